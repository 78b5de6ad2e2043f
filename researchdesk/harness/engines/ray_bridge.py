"""The process that speaks with Ray for the desk.

A driver of Ray prints, takes signals over, waits for minutes, and ends its process where the head
is gone. Here it may: the desk asks by pipes, each time for so long, and the end of this process is
an error of the engine. Started as ``python -m researchdesk.harness.engines.ray_bridge PARENT_PID``;
requests and answers are pickled, each after its length (8 bytes, big-endian).
"""

import logging
import os
import pickle
import struct
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

from researchdesk.harness.engines.ray_keeper import Keeper
from researchdesk.harness.engines.ray_tickets import HEAD, NAMESPACE, Manner, load
from researchdesk.harness.training.leash import die_with_parent

_LENGTH = struct.Struct(">Q")
_ANSWER_S = 240.0
_MB = 1_000_000
LOCAL = ("", "local")


def send(pipe: BinaryIO, value: Any) -> None:
    """Write one value. Raises OSError."""
    content = pickle.dumps(value)
    pipe.write(_LENGTH.pack(len(content)) + content)
    pipe.flush()


def receive(pipe: BinaryIO) -> Any:
    """Read one value. Raises EOFError where there is none any more."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    return pickle.loads(pipe.read(_LENGTH.unpack(head)[0]))  # noqa: S301 - of our own process


class Driver:
    """The requests, by name."""

    def __init__(self) -> None:
        ray = load()

        self._ray = ray
        self._keeper: Any = None

    def connect(self, address: str, object_store_mb: float) -> str:
        """Join the cluster, or begin one that ends with this process; the address."""
        quiet: dict[str, Any] = {
            "namespace": NAMESPACE,
            "log_to_driver": False,
            "logging_level": logging.CRITICAL,
        }
        if address in LOCAL:
            size = int(object_store_mb * _MB) or None
            begun = self._ray.init(
                "local", include_dashboard=False, object_store_memory=size, **quiet
            )
        else:
            begun = self._ray.init(address, **quiet)
        found = getattr(begun, "address_info", {})
        return str(found.get("address") or found.get("gcs_address") or address)

    def describe(self) -> dict[str, Any]:
        """Ray's version, and each node with what it has."""
        nodes = [
            {
                "name": node.get("NodeManagerHostname") or node.get("NodeName", ""),
                "address": node.get("NodeManagerAddress", ""),
                "alive": bool(node["Alive"]),
                "cpus": node.get("Resources", {}).get("CPU", 0.0),
                "gpus": node.get("Resources", {}).get("GPU", 0.0),
                "memory_gb": round(node.get("Resources", {}).get("memory", 0.0) / 1e9, 1),
            }
            for node in self._ray.nodes()
        ]
        return {"version": self._ray.__version__, "nodes": nodes}

    def keep(self, manner: Manner) -> str:
        """Find the keeper, or begin it; the version of researchdesk that it has."""
        options: dict[str, Any] = {
            "name": manner.name,
            "namespace": NAMESPACE,
            "lifetime": "detached",
            "get_if_exists": True,
            "num_cpus": 0,
            "max_restarts": 0,
            "resources": {HEAD: 0.001},
        }
        if manner.runtime_env:
            options["runtime_env"] = dict(manner.runtime_env)
        self._keeper = self._ray.remote(Keeper).options(**options).remote(manner)
        return str(self._ray.get(self._keeper.hello.remote(), timeout=_ANSWER_S))

    def ask(self, name: str, method: str, arguments: tuple[Any, ...]) -> Any:
        """Call a method of the keeper; None where there is no keeper of that name."""
        try:
            self._keeper = self._keeper or self._ray.get_actor(name, namespace=NAMESPACE)
            call = getattr(self._keeper, method).remote(*arguments)
            return self._ray.get(call, timeout=_ANSWER_S)
        except (ValueError, self._ray.exceptions.ActorDiedError):
            self._keeper = None
            return None


def main(arguments: list[str]) -> None:
    """Serve until standard input ends."""
    die_with_parent(int(arguments[0]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    driver: Driver | None = None
    while True:
        try:
            name, given = receive(sys.stdin.buffer)
        except EOFError:
            return
        try:
            driver = driver or Driver()
            told: Mapping[str, Any] = {"value": getattr(driver, name)(*given)}
        except Exception as error:  # noqa: BLE001 - the desk is told whatever it was
            told = {"error": type(error).__name__, "words": str(error)}
        send(answers, told)


if __name__ == "__main__":
    main(sys.argv[1:])

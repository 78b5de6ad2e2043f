"""A Ray cluster of several nodes on this machine; everything it started ends with it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from support.processes import wait_for

RAY = str(Path(sys.executable).with_name("ray"))
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_enable_metrics_collection": "false",
    "RAY_health_check_period_ms": "500",
    "RAY_health_check_failure_threshold": "3",
    "RAY_DISABLE_DASHBOARD_LOG_INFO": "1",
}


class Node:
    """A node: what `ray start` began, known by its session."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [RAY, "start", *words, "--block", "--disable-usage-stats"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | QUIET | environment,
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def processes(self) -> dict[int, str]:
        """The processes of its session by their ids, with their command lines."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, ValueError):
                if os.getsid(int(folder.name)) == self._process.pid:
                    words = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(folder.name)] = words.decode(errors="replace")
        return found

    def kill(self) -> None:
        """End the whole node at once, as where its machine is switched off."""
        while pids := self.processes():
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.poll()
            time.sleep(0.05)
        self._process.wait()


class Cluster:
    """``begin_head`` and ``add`` nodes; it is a context that leaves no process and no file."""

    def __init__(self) -> None:
        # short: Ray's sockets lie below, and their names may have 107 letters
        self.folder = Path(tempfile.mkdtemp(prefix="rdray-", dir="/tmp"))
        self.port = free_port()
        self.nodes: list[Node] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def begin_head(self, cpus: int = 1, **environment: str) -> Node:
        words = ["--head", f"--port={self.port}", "--include-dashboard=false"]
        words.append(f"--temp-dir={self.folder}")
        return self._begin(words, cpus, environment, self._answers)

    def add(self, cpus: int = 1, **environment: str) -> Node:
        return self._begin([f"--address={self.address}"], cpus, environment, lambda: True)

    def close(self) -> None:
        for node in reversed(self.nodes):
            node.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _begin(
        self, words: list[str], cpus: int, environment: dict[str, str], there: Callable[[], bool]
    ) -> Node:
        words = [*words, f"--num-cpus={cpus}", "--object-store-memory=80000000"]
        environment = {"TMPDIR": str(self.folder), **environment}
        node = Node([*words, "--node-ip-address=127.0.0.1"], environment)
        self.nodes.append(node)
        wait_for(lambda: any("raylet/raylet" in words for words in node.processes().values()))
        wait_for(there)
        return node

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        return False


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def ray_cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    try:
        yield cluster
    finally:
        cluster.close()

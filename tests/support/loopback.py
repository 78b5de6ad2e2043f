"""What every loopback server of the tests has: an address, a life, the requests that came."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request that came: path without query, the query's fields, the headers."""

    path: str
    fields: Mapping[str, str]
    headers: Mapping[str, str]


class LoopbackServer:
    """``with`` it: serves ``url`` until the block ends; ``asked`` keeps every request."""

    def __init__(self, handler: type["LoopbackHandler"]) -> None:
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), handler)
        self._http.owner = self
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def paths(self) -> list[str]:
        """The paths asked for so far."""
        return [asked.path for asked in self.asked]


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    owner: Any


class LoopbackHandler(BaseHTTPRequestHandler):
    """Answers in ``reply``; ``owner`` is the server that it answers for."""

    protocol_version = "HTTP/1.1"
    server: _Http

    @property
    def owner(self) -> Any:
        return self.server.owner

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        fields = {key: values[-1] for key, values in parse_qs(address.query).items()}
        headers = {key.lower(): value for key, value in self.headers.items()}
        self.reply(Asked(address.path, fields, headers))

    def reply(self, asked: Asked) -> None:
        """Answer what is asked for."""
        raise NotImplementedError

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

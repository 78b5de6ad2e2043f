"""``pages``, loaded when it is first needed: it brings the ``arxiv`` package, requests, urllib3."""

import importlib
import socket
from typing import Any


def api() -> Any:
    """The module. No socket is opened for it: urllib3 would bind one as it is loaded, to look
    whether there is IPv6, also where the network is forbidden. Its own sockets are never used."""
    has_ipv6 = socket.has_ipv6
    socket.has_ipv6 = False
    try:
        return importlib.import_module("researchdesk.sources.pages")
    finally:
        socket.has_ipv6 = has_ipv6

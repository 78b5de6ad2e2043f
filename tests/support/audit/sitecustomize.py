"""Python runs this at its start where the folder is on PYTHONPATH: it writes down every socket.

One line for each, in the file that ``PYTHONSOCKETS`` names; those within the machine's own file
system (``AF_UNIX``) are left out.
"""

import os
import sys

_FILE = os.environ.get("PYTHONSOCKETS")
_WATCHED = {
    "socket.__new__",
    "socket.connect",
    "socket.bind",
    "socket.sendto",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.getnameinfo",
}
_UNIX = 1


def _note(event: str, told: tuple[object, ...]) -> None:
    if event not in _WATCHED:
        return
    family = told[1] if event == "socket.__new__" else getattr(told[0], "family", None)
    if family == _UNIX:
        return
    words = " ".join(getattr(sys, "orig_argv", ()))[:200].replace("\n", " ")
    handle = os.open(_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(handle, f"{event} {told[1:]} in {words}\n".encode("utf-8", "replace"))
    os.close(handle)


if _FILE:
    sys.addaudithook(_note)

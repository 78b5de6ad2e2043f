"""A disk that forgets at a loss of power what nobody waited for.

Of a file only what was synced is sure to be there; each later write and change of length may be
there or not, by sectors of 512 bytes and in any order. Names (files made, renamed, removed) come in
their order, as on a file system with a journal, and are sure up to the last sync of a folder.
"""

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_HEAD = struct.Struct("<c3xIIIQQ")
SECTOR = 512


@dataclass(frozen=True, slots=True)
class Call:
    """One call: ``w`` bytes written, ``t`` cut to a length, ``s`` synced, ``c`` a file made,
    ``r`` renamed, ``u`` removed, ``d`` a folder made."""

    kind: bytes
    path: str
    to: str
    file: int
    at: int
    data: bytes


def calls(log: bytes) -> Iterator[Call]:
    """The calls of a log, as the shim wrote them down."""
    place = 0
    while place < len(log):
        kind, first, second, count, file, at = _HEAD.unpack_from(log, place)
        place += _HEAD.size
        path, place = log[place : place + first].decode(), place + first
        to, place = log[place : place + second].decode(), place + second
        yield Call(kind, path, to, file, at, log[place : place + count])
        place += count


@dataclass
class _File:
    sure: bytearray = field(default_factory=bytearray)
    pending: list[Call] = field(default_factory=list)


class Disk:
    """``do`` each call, then ``lose_power`` at any time, as often as wanted."""

    def __init__(self) -> None:
        self._files: dict[int, _File] = {}
        self._by_number: dict[int, int] = {}
        self._names: list[Call] = []
        self._sure_names = 0
        self._folders = {""}

    def do(self, call: Call) -> None:
        if call.kind == b"c":
            self._by_number[call.file] = len(self._files)
            self._files[len(self._files)] = _File()
        if call.kind in (b"c", b"r", b"u", b"d"):
            made = self._by_number.get(call.file, -1)
            self._names.append(Call(call.kind, call.path, call.to, made, 0, b""))
            if call.kind == b"d":
                self._folders.add(call.path)
        elif call.kind == b"s" and call.path in self._folders:
            self._sure_names = len(self._names)
        elif call.file in self._by_number:
            file = self._files[self._by_number[call.file]]
            if call.kind == b"s":
                _apply(file.sure, file.pending)
                file.pending = []
            else:
                file.pending.append(call)

    def lose_power(self, folder: Path, dice: random.Random) -> None:
        """Write what is left into an empty folder."""
        known: dict[str, int] = {}
        for call in self._names[: dice.randint(self._sure_names, len(self._names))]:
            if call.kind == b"c":
                known[call.path] = call.file
            elif call.kind == b"d":
                (folder / call.path).mkdir(parents=True, exist_ok=True)
            elif call.path in known:
                file = known.pop(call.path)
                if call.kind == b"r":
                    known[call.to] = file
        share = dice.choice((0.0, 0.5, 0.9, 1.0))
        for path, number in known.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self._left(self._files[number], share, dice))

    def _left(self, file: _File, share: float, dice: random.Random) -> bytes:
        content = bytearray(file.sure)
        torn = dice.random() < 0.5
        for call in file.pending:
            if call.kind == b"t" or not torn:
                if dice.random() < share:
                    _apply(content, [call])
                continue
            _apply(content, [part for part in _sectors(call) if dice.random() < share])
        return bytes(content)


def _sectors(call: Call) -> Iterator[Call]:
    begin = call.at
    end = call.at + len(call.data)
    while begin < end:
        stop = min(end, begin - begin % SECTOR + SECTOR)
        data = call.data[begin - call.at : stop - call.at]
        yield Call(b"w", call.path, "", call.file, begin, data)
        begin = stop


def _apply(content: bytearray, pending: list[Call]) -> None:
    for call in pending:
        if call.kind == b"t":
            del content[call.at :]
            content.extend(bytes(call.at - len(content)))
            continue
        if len(content) < call.at:
            content.extend(bytes(call.at - len(content)))
        content[call.at : call.at + len(call.data)] = call.data

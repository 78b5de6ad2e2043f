"""PDFs that are whole but for one thing, made of real ones or of ours."""

import random
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pymupdf

_OBJECT = re.compile(rb"(?<=\n)(\d+) 0 obj\b.*?\bendobj\n", re.S)
_STREAM = re.compile(rb"/Length (\d+)((?:(?!endobj).){0,400}?)>>\s*stream\r?\n", re.S)
_NUMBER = re.compile(rb"(?<=[\s\[/<(])-?\d+(?:\.\d+)?(?=[\s\]/>])")
_NAME = re.compile(rb"/[A-Za-z][A-Za-z0-9]{1,20}")
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_WEIGHTY = re.compile(
    rb"/(?:MediaBox|CropBox|Kids|W|Widths|Matrix|BBox|Rect|Length|Count|Size|Rotate|DW|Prev|Width"
    rb"|Height|Columns|Predictor|FirstChar|LastChar|Index|N|First)\b[^/>]{0,200}"
)
_ODD = (
    *(b"0", b"-1", b"1", b"65536", b"2147483647", b"-2147483648", b"4294967296", b"1e30"),
    *(b"9" * 30, b"0.00000001", b"-0.5", b"nan", b"100000", b"3.4e38", b"true", b"null", b"[]"),
)  # fmt: skip

_AGAIN = (b" q", b" BT", b" /X Do", b" 1 0 0 1 9e9 9e9 cm", b" (\x01\x1b[2J) Tj")


def prepared(path: Path, most: int = 3) -> bytes:
    """A PDF's first pages, its objects one by one and its streams packed."""
    with pymupdf.open(path) as document:
        document.select(range(min(most, len(document))))
        content: bytes = document.tobytes(garbage=3, deflate=True, use_objstms=0)
        return content


def mutated(content: bytes, seed: str) -> tuple[str, bytes]:
    """A PDF with one to three changes of one kind, and the kind."""
    chance = random.Random(seed)
    kind = chance.choice(sorted(KINDS))
    for _ in range(chance.choice((1, 1, 2, 3))):
        content = KINDS[kind](content, chance)
    return kind, content


def _bits(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice((1, 10, 100, 1000))):
        data[chance.randrange(20, len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _runs(content: bytes, chance: random.Random) -> bytes:
    at, size = chance.randrange(20, len(content)), chance.choice((4, 40, 400, 4000))
    put = chance.choice(
        (bytes(size), b"\xff" * size, chance.randbytes(size), b"(" * size, b"[" * size)
    )
    return content[:at] + put + content[at + chance.choice((0, size)) :]


def _cut(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(20, len(content))
    return content[:at] if chance.random() < 0.5 else content[:20] + content[at:]


def _objects(content: bytes, chance: random.Random, do: str) -> bytes:
    found = list(_OBJECT.finditer(content))
    if len(found) < 2:
        return _cut(content, chance)
    one, other = chance.sample(found, 2)
    if do == "removed":
        return content[: one.start()] + content[one.end() :]
    if do == "twice":
        return content[: other.end()] + one[0] + content[other.end() :]
    renumbered = re.sub(rb"^\d+", other[1], one[0])
    return content[: other.start()] + renumbered + content[other.end() :]


def _numbers(content: bytes, chance: random.Random) -> bytes:
    places = list(_WEIGHTY.finditer(content)) or list(_NUMBER.finditer(content))
    if not places:
        return _bits(content, chance)
    place = chance.choice(places)
    odd = chance.choice(_ODD)
    put = _NUMBER.sub(lambda match: odd if chance.random() < 0.7 else match[0], place[0] + b" ")
    return content[: place.start()] + put + content[place.end() :]


def _table(content: bytes, chance: random.Random) -> bytes:
    """The table of objects, and where it is said to be."""
    at = max(content.rfind(b"\nxref"), 0)
    numbers = list(_NUMBER.finditer(content, at))
    if not numbers:
        return _cut(content, chance)
    one = chance.choice([numbers[-1], chance.choice(numbers)])
    return content[: one.start()] + chance.choice(_ODD) + content[one.end() :]


def _streams(content: bytes, chance: random.Random) -> bytes:
    """What is packed in a stream changed, and packed again."""
    found = list(_STREAM.finditer(content))
    if not found:
        return _bits(content, chance)
    one = chance.choice(found)
    end = one.end() + int(one[1])
    try:
        plain = zlib.decompress(content[one.end() : end])
    except zlib.error:
        return content[: one.end()] + chance.randbytes(int(one[1])) + content[end:]
    change = chance.choice((_bits, _runs, _operators)) if len(plain) > 30 else _operators
    packed = zlib.compress(change(plain, chance))
    head = one[0].replace(b"/Length " + one[1], b"/Length %d" % len(packed), 1)
    return content[: one.start()] + head + packed + content[end:]


def _operators(content: bytes, chance: random.Random) -> bytes:
    """Numbers of a page's drawing beyond all measure, and its operators again and again."""
    numbers = list(_NUMBER.finditer(content))
    if not numbers or chance.random() < 0.3:
        at = chance.randrange(len(content) + 1)
        again = chance.choice(
            (b" q", b" BT", b" /X Do", b" 1 0 0 1 9e9 9e9 cm", b" (\x01\x1b[2J) Tj")
        )
        return content[:at] + again * chance.choice((1, 100, 20000)) + b" " + content[at:]
    one = chance.choice(numbers)
    return content[: one.start()] + chance.choice(_ODD) + content[one.end() :]


def _names(content: bytes, chance: random.Random) -> bytes:
    names = list(_NAME.finditer(content))
    if len(names) < 2:
        return _bits(content, chance)
    one, other = sorted(chance.sample(names, 2), key=lambda match: match.start())
    between = content[one.end() : other.start()]
    return content[: one.start()] + other[0] + between + one[0] + content[other.end() :]


def _loops(content: bytes, chance: random.Random) -> bytes:
    """References that lead to another object, or back to where they stand."""
    found = list(_REFERENCE.finditer(content))
    if not found:
        return _names(content, chance)
    one, other = chance.choice(found), chance.choice(found)
    around = [match for match in _OBJECT.finditer(content) if match.start() < one.start()]
    number = around[-1][1] if around and chance.random() < 0.5 else other[1]
    return content[: one.start()] + number + b" 0 R" + content[one.end() :]


KINDS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "bits": _bits,
    "runs of bytes": _runs,
    "cut": _cut,
    "objects removed": lambda content, chance: _objects(content, chance, "removed"),
    "objects twice": lambda content, chance: _objects(content, chance, "twice"),
    "objects changed for others": lambda content, chance: _objects(content, chance, "changed"),
    "numbers": _numbers,
    "table of objects": _table,
    "streams": _streams,
    "names": _names,
    "loops": _loops,
}

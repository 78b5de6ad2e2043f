"""How a parser is fuzzed: what it is given, and what may come of it.

Whatever a parser is given, it gives a value, or refuses with an error of the kind that it documents
and that tells what to do next; and that in a time which grows no faster than what it was given.
"""

import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from researchdesk.errors import DeskError

NASTY = (
    *("\0", "\x1b[2J", "\x9b", "\u202e", "\ud800", "\ufeff", "\u2028", "\r\n", "\r", "\x0b", "é"),
    *("٣", "²", "𝟘", "9" * 20, "9" * 5000, "-1", "1e999", "-0.0", "nan", "NaN", "Infinity", "0x1F"),
    *("1_000", "null", "true", "{}", "[]", "[[]]", "{", "}", "[", "]", "(", ")", "<", ">", "&"),
    *("9999-12-31", "0000-00-00", "2024-02-30", "0001-01-01T00:00:00+23:59", "+99:99", "24:00"),
    *('"', "'", '"""', "'''", "\\", "\\\\", "#", "%", "%00", "$", "$$", "`", "```", "~~~", "---"),
    *("../", "/", "|", ":", ";", ",", "=", "@", "<!--", "-->", "]]>", "&#0;", "&#x110000;", "&a;"),
    *(" " * 300, "\t", "\n\n", "{" * 200, "[" * 1100, "(" * 1100, "<a>" * 300, "[[", "]]"),
    *("a = " + "[" * 1100, '{"a":' * 1100, "{a = " * 300, "- " * 300, "> " * 300, "\\{" * 300),
)
VALUES = (*("5", "-1", "0", "1e999", "1e400", "123456789012345678901", "9" *5000, "NaN",
    "-Infinity", "nan",), *("inf", "true", "null", '""', '"x"', '"\\ud800"', '"\\u001b[2J"', "[]",
    "[5]", '["x"]', "[[]]", "{}",), *('{"a": 1}', "{a = 1}", "[null]", "[" *600 + "]" *600,
    "2024-01-01", '"0001-01-01T00:00:00+23:00"', '"9999-12-31T23:59:59-23:00"',),)  # fmt: skip
"""What stands in the place of a value, of another kind or beyond all measure."""
_VALUE = re.compile(
    r"""(?<=[:=]\s)(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\[[^][]*\]|\{[^{}]*\}|[^\s,\]}\[{"']+)"""
)
WHOLE = (*("", " ", "\n", "\0", "\ufeff", "\ud800", "{}", "[]", "null", "5", "true", '"x"', "[5]",
    "[null]",), *(f"{{{deep}}}" for deep in ('"a": ' + "[" *300 + "]" *300, "a = 1")), *("[" *
    deep + "]" *deep for deep in (300, 480, 600, 900, 990, 5000)), *('{"a":' *deep + "1" + "}" *
    deep for deep in (300, 480, 900, 5000)), *("a = " + "[" *deep + "]" *deep for deep in (300,
    900, 5000)), *("[" + ".".join("a" *deep) + "]\nb = 1" for deep in (300, 1100)), *("a = " +
    "9" *5000, "9" *5000, "<a>" *5000 + "</a>" *5000, "- " *3000 + "a", "a: " *1100,), *("{" *
    5000 + "}" *5000, "(" *5000 + ")" *5000, "1" + "+1" *5000, "\\a{" *2000, "> " *3000,
    ),)  # fmt: skip
"""Whole inputs that every parser is given."""
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
TOO_SLOW_S = 2.0
"""For what hypothesis makes, which is seldom more than 20 kB."""


@dataclass(frozen=True)
class Target:
    """A parser under test.

    ``parse`` takes text, or bytes where ``binary``. ``examples`` are whole and sound inputs, and
    ``tokens`` what its grammar is made of. ``refuses`` are the errors it documents. ``covers`` are
    the functions behind it which read text from outside, as ``module:function``. ``clean``: what
    it gives holds no control characters and no lone surrogates.
    """

    name: str
    parse: Callable[[Any], Any]
    examples: tuple[str, ...]
    refuses: tuple[type[Exception], ...] = ()
    tokens: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    binary: bool = False
    clean: bool = False
    costly: float = 1.0
    corpus: tuple[Path, ...] = field(default=())


class BrokenError(AssertionError):
    """A parser did what it must not."""


def given_to(target: Target, text: str | bytes) -> str:
    """What came of it, ``value`` or ``refused``. Raises BrokenError where it must not come."""
    begun = time.process_time()
    try:
        made = target.parse(text)
    except target.refuses as error:
        _is_told(error)
        said = "refused"
    except Exception as error:
        raise BrokenError(f"{target.name}: {type(error).__name__}: {str(error)[:300]}") from error
    else:
        said = "value"
        if target.clean:
            _is_clean(made)
    seconds = time.process_time() - begun
    if seconds > TOO_SLOW_S * target.costly:
        raise BrokenError(f"{target.name}: {seconds:.1f} s for {len(text):,} signs")
    return said


def _is_told(error: Exception) -> None:
    if isinstance(error, DeskError) and not (error.message.strip() and error.hint.strip()):
        raise BrokenError(f"an error without words or hint: {error!r}") from error
    if isinstance(error, UnicodeError):
        raise BrokenError(f"an error of an encoding: {error!r}") from error


def _is_clean(value: Any) -> None:
    if isinstance(value, str):
        bad = [sign for sign in value if _is_bad(sign)]
        if bad:
            raise BrokenError(f"kept with {bad[0]!r}: {value[:200]!r}")
    elif is_dataclass(value):
        for one in fields(value):
            _is_clean(getattr(value, one.name))
    elif isinstance(value, dict):
        for key, one in value.items():
            _is_clean(key)
            _is_clean(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            _is_clean(one)


def _is_bad(sign: str) -> bool:
    code = ord(sign)
    return (code < 0x20 and sign not in "\n\t") or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000


@dataclass(frozen=True)
class Change:
    """One thing done to an input; ``at`` and ``to`` are places in thousandths of it."""

    kind: str
    at: int
    to: int
    times: int
    what: str

    def of(self, text: str) -> str:
        begin, end = sorted((self.at * len(text) // 1000, self.to * len(text) // 1000))
        return _CHANGES[self.kind](self, text, begin, end)

    def of_value(self, text: str, begin: int, end: int) -> str:
        found = _VALUE.search(text, begin) or _VALUE.search(text)
        if found is None:
            return self.of_token(text, begin, end)
        value = VALUES[(self.to * 7 + self.times) % len(VALUES)]
        return text[: found.start()] + value + text[found.end() :]

    def of_token(self, text: str, begin: int, end: int) -> str:
        found = _TOKEN.search(text, begin)
        if found is None:
            return text + self.what
        return text[: found.start()] + self.what + text[found.end() :]


_CHANGES: dict[str, Callable[[Change, str, int, int], str]] = {
    "cut": lambda _, text, begin, end: text[:begin] + text[end:],
    "cut a sign": lambda _, text, begin, end: text[:begin] + text[begin + 1 :],
    "truncate": lambda _, text, begin, end: text[:begin],
    "begin later": lambda _, text, begin, end: text[begin:],
    "put": lambda it, text, begin, end: text[:begin] + it.what * it.times + text[begin:],
    "put in place": lambda it, text, begin, end: it.of_token(text, begin, end),
    "value": lambda it, text, begin, end: it.of_value(text, begin, end),
    "value, too": lambda it, text, begin, end: it.of_value(text, begin, end),
    "again": lambda it, text, begin, end: text[:end] + text[begin:end] * it.times + text[end:],
    "swap": lambda _, text, begin, end: text[:begin] + text[end:] + text[begin:end],
    "backwards": lambda _, text, begin, end: text[:begin] + text[begin:end][::-1] + text[end:],
}


@cache
def inputs(target: Target) -> st.SearchStrategy[Any]:
    """Anything at all, and sound inputs with up to five changes."""
    examples = [*target.examples, *map(read_corpus, target.corpus)]
    pieces = st.sampled_from([*target.tokens, *NASTY]) | st.text(max_size=4)
    places = st.integers(0, 1000)
    change = st.builds(
        Change, st.sampled_from(sorted(_CHANGES)), places, places, st.integers(1, 4), pieces
    )
    changed = st.builds(_changed, st.sampled_from(examples), st.lists(change, max_size=5))
    whole = st.sampled_from(WHOLE)
    woven = st.lists(pieces, max_size=30).map("".join)
    texts = st.one_of(changed, changed, changed, woven, whole, st.text(max_size=300))
    if not target.binary:
        return texts
    return texts.map(as_bytes) | st.binary(max_size=300)


def steady(target: Target, most: int) -> Iterator[Any]:
    """The same inputs every time, at most about so many: those of ``WHOLE``, sound ones cut off
    everywhere, and with each value in the place of each."""
    every = [*WHOLE, *target.examples]
    for text in target.examples:
        every += [text[:at] for at in range(0, len(text), 1 + len(text) // 60)]
        for found in _VALUE.finditer(text):
            every += [text[: found.start()] + value + text[found.end() :] for value in VALUES]
    first, rest = every[: len(WHOLE)], every[len(WHOLE) :]
    for text in [*first, *rest[:: 1 + len(rest) // most]]:
        yield as_bytes(text) if target.binary else text


def _changed(text: str, changes: Sequence[Change]) -> str:
    for change in changes:
        text = change.of(text)
    return text


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@cache
def read_corpus(path: Path) -> str:
    """The beginning of a real file, long enough to have all of its grammar in it."""
    return path.read_bytes()[:20_000].decode("utf-8", "replace")


_UNITS = (*("{", "}", "[", "]", "(", ")", "<", ">", "<a>", "<!--", "&", "\\", "\\\\", "\\a",
    "\\a{", "$"), *(" ", "\n", "\t", "\n ", " \n", "a", "a ", "1", "1.", "1,", "a1", "A", "A ",
    "A. ", ". ", "_"), *('"', "'", "`", "``` ", "~~~\n", "```\n", "#", "# ", "- ", "-", "* ", "*",
    "**a", "> ", ">", "|",), *(",", ";", ":", "=", "a=", "a=1\n", "@", "@a{", "@a{a,", "{a,", "%",
    "%a", "/", "//", "../"), *("[[", "]]", "[[a", "[[a|", "![[", "--", "---\n", "+", "a.", "a-",
    "é", "\u0301", "\r", "\0"), *("and ", " and ", "http://", "http://a.", "www.", "10.1000/",
    "arXiv:", "\n\n", "\n- ", "\na: ",), *('{"a":', '["', "[1,", "[\n", "a = [", "<p>", "<p",
    "<a b='", "</", "?", "? ", "!", "~", "^", "'\"",),)  # fmt: skip
LIMIT_S = 0.25


def evil(target: Target, size: int, longest: float = 1.0) -> list[str]:
    """What grows faster than its input, of what is one thing again and again; empty where nothing.

    What takes its time for ``size`` signs is tried with twice and four times as many: neither may
    take three times as long as the one before. More than ``longest`` seconds are not waited for.
    """
    tokens = [token for token in target.tokens if len(token) <= 24]
    units = dict.fromkeys((*_UNITS, *tokens, *(token + " " for token in tokens)))
    heads = ("", target.examples[0][:60])
    return [
        f"{head[:20]!r} + {unit!r} * n: {' s, '.join(f'{one:.2f}' for one in told)} s"
        for unit in units
        for head in heads
        if (told := _growth(target, head, unit, size, longest * target.costly))
    ]


def _growth(target: Target, head: str, unit: str, size: int, longest: float) -> list[float]:
    """The seconds for once, twice and four times as much; empty where that is no harm."""
    told = [_seconds(target, head, unit, size)]
    if told[0] < LIMIT_S / 10:
        return []
    for more in (2, 4):
        told.append(min(_seconds(target, head, unit, more * size) for _ in range(2)))
        if told[-1] < 3 * told[-2] or told[-1] < LIMIT_S * target.costly / 4:
            return []
        if told[-1] > longest:
            return told
    return told


def _seconds(target: Target, head: str, unit: str, size: int) -> float:
    text = head + unit * (size // len(unit))
    given: str | bytes = as_bytes(text) if target.binary else text
    begun = time.process_time()
    try:
        target.parse(given)
    except target.refuses as error:
        _is_told(error)
    except Exception as error:
        what = f"{head[:20]!r} + {unit!r} * {size // len(unit)}"
        raise BrokenError(
            f"{target.name}: {type(error).__name__}: {str(error)[:200]}: {what}"
        ) from error
    return time.process_time() - begun


_PLACE = tempfile.TemporaryDirectory(prefix="researchdesk-fuzz-")


def place(name: str) -> Path:
    """A folder of this name, which goes with the process."""
    folder = Path(_PLACE.name, name)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def in_file(name: str, read: Callable[[Path], Any]) -> Callable[[str | bytes], Any]:
    """A parser of a file of this name, made a parser of what is in it."""

    def parse(content: str | bytes) -> Any:
        path = Path(_PLACE.name, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_bytes(content) if isinstance(content, str) else content)
        return read(path)

    return parse

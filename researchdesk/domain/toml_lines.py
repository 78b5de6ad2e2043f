"""Where the keys of a TOML text stand. Python's own parser does not tell."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Keys and places in arrays (from 0), from the top of the document."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*")
_VOID = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_PLAIN = re.compile(r"[^,\]}#\r\n]*")
_STRINGS = (
    re.compile(r'"""(?:\\.|(?!""").)*"""(?:""(?!")|"(?!"))?', re.DOTALL),
    re.compile(r"'''(?:(?!''').)*'''(?:''(?!')|'(?!'))?", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\])*"'),
    re.compile(r"'[^']*'"),
)


def key_lines(source: str) -> Mapping[Path, int]:
    """The line (from 1) of each key, table and element of an array in a TOML text that is sound.

    A table that is named by longer keys only has the line of the first of them.
    """
    return _Scanner(source).scan()


class _Scanner:
    def __init__(self, source: str) -> None:
        self._text = source
        self._at = 0
        self._lines: dict[Path, int] = {}
        self._turns: dict[Path, int] = {}
        self._ends = [match.start() for match in re.finditer("\n", source)]

    def scan(self) -> Mapping[Path, int]:
        self._lines[()] = 1
        table: Path = ()
        while self._pass_over(_VOID) and self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _header(self) -> Path:
        line, twice = self._line(), self._text.startswith("[[", self._at)
        self._at += 2 if twice else 1
        path: Path = ()
        keys = self._keys()
        for depth, key in enumerate(keys, start=1):
            path = (*path, key)
            self._lines.setdefault(path, line)
            if twice and depth == len(keys):
                self._turns[path] = self._turns.get(path, -1) + 1
            if path in self._turns:
                path = (*path, self._turns[path])
                self._lines.setdefault(path, line)
        self._at += 2 if twice else 1
        return path

    def _pair(self, table: Path) -> None:
        line, path = self._line(), table
        for key in self._keys():
            path = (*path, key)
            self._lines.setdefault(path, line)
        self._at += 1
        self._pass_over(_BLANK)
        self._value(path)

    def _keys(self) -> list[str]:
        """The keys of a dotted one; what follows them and their blanks is next."""
        keys = []
        while True:
            self._pass_over(_BLANK)
            keys.append(self._key())
            self._pass_over(_BLANK)
            if not self._text.startswith(".", self._at):
                return keys
            self._at += 1

    def _key(self) -> str:
        start = self._at
        if self._text[start] not in "\"'":
            self._pass_over(_BARE_KEY)
            return self._text[start : self._at]
        self._pass_over(_STRINGS[2 if self._text[start] == '"' else 3])
        name: str = tomllib.loads(f"key = {self._text[start : self._at]}")["key"]
        return name

    def _value(self, path: Path) -> None:
        sign = self._text[self._at]
        if sign == "[":
            self._array(path)
        elif sign == "{":
            self._inline(path)
        else:
            for pattern in (*_STRINGS, _PLAIN):
                if match := pattern.match(self._text, self._at):
                    self._at = match.end()
                    return

    def _array(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._pass_over(_VOID) and self._text[self._at] != "]":
            self._lines[*path, index] = self._line()
            self._value((*path, index))
            self._pass_over(_VOID)
            if self._text[self._at] == ",":
                self._at += 1
            index += 1
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while self._pass_over(_VOID) and self._text[self._at] != "}":
            self._pair(path)
            self._pass_over(_VOID)
            if self._text[self._at] == ",":
                self._at += 1
        self._at += 1

    def _pass_over(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return True

    def _line(self) -> int:
        return bisect_left(self._ends, self._at) + 1

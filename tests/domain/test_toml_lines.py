"""Where keys stand in TOML, held against Python's own parser."""

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from researchdesk.domain.toml_lines import Path, key_lines

_LAYOUTS = {
    "plain": ('a = 1\n\n# x = 9\nb = "x = 2"\n', {("a",): 1, ("b",): 4}),
    "tables": (
        "[a]\nb = 1\n\n[a.c] # [d]\ne = 2\n",
        {("a",): 1, ("a", "b"): 2, ("a", "c", "e"): 5},
    ),
    "arrays of tables": (
        "[[p]]\nk = 1\n[[p.s]]\nk = 2\n[[p.s]]\nk = 3\n[[p]]\n[[p.s]]\nk = 4\n",
        {("p", 0, "k"): 2, ("p", 0, "s", 1, "k"): 6, ("p", 1): 7, ("p", 1, "s", 0, "k"): 9},
    ),
    "table below an array of tables": (
        "[[p]]\n[p.q]\nr = 1\n[[p]]\n[p.q]\nr = 2\n",
        {("p", 0, "q", "r"): 3, ("p", 1, "q"): 5, ("p", 1, "q", "r"): 6},
    ),
    "inline tables": (
        'p = [ # one\n  { a = 1, b = "}" },\n  { a = [1,\n 2], "b.c" = {d = 1} },\n]\nz = 1',
        {("p", 0, "b"): 2, ("p", 1, "a", 1): 4, ("p", 1, "b.c", "d"): 4, ("z",): 6},
    ),
    "long strings": (
        'a = """\nb = 1\n\\"""\n[[c]]"""""\nd = \'\'\'\ne = 1\n"""\'\'\'\'\'\nf = 1\n',
        {("a",): 1, ("d",): 5, ("f",): 8},
    ),
    "dotted keys": (
        "a . 'b.c' = 1\na.\"d\\u0065\" = 2\n",
        {("a",): 1, ("a", "b.c"): 1, ("a", "de"): 2},
    ),
    "dates and numbers": (
        "a = 1979-05-27 07:32:00Z # b = 1\nb = [+1.0, -inf, 0x1F]\r\nc = true\r\n",
        {("b", 1): 2, ("c",): 3},
    ),
    "empty": ("", {(): 1}),
}


@pytest.mark.parametrize("name", _LAYOUTS)
def test_each_key_has_its_line(name: str) -> None:
    source, wanted = _LAYOUTS[name]
    found = key_lines(source)
    assert _paths(tomllib.loads(source)) == set(found)
    assert {path: found[path] for path in wanted} == wanted


def _paths(value: Any, path: Path = ()) -> set[Path]:
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return {path}.union(*(_paths(item, (*path, key)) for key, item in inner))


_VOID = st.sampled_from(["", " ", "\t", "  "])
_BREAK = st.sampled_from(["\n", "\n\n", " # k = [\n", "\r\n", "\n# [x]\n  \n"])
_NAMES = st.sampled_from(["a", "b", "key", "x-1", '"a.b"', "'#'", '"= ["', '""', '"\\u00e9\\""'])
_SCALARS = st.one_of(
    st.integers(-99, 99).map(str),
    st.sampled_from(
        ["true", "1.5", "1e6", "1979-05-27", "1979-05-27 07:32:00", "07:32:00", "nan", '"k = 1"',
         "'[x]'", '"\\"#"', '"\\\\"', '""', "''",
         '"""\nk = 1\n"""', "'''\n[k]\n''\n'''", '""""a"""',
         '"""a"""""', "''''a'''''", '"""\\\n  b\\""""', '"""\r\n# x\r\n"""']
    ),
)  # fmt: skip


@st.composite
def _values(draw: st.DrawFn, depth: int = 2) -> str:
    kind = draw(st.sampled_from(["scalar", "scalar", "array", "inline"] if depth else ["scalar"]))
    if kind == "scalar":
        return draw(_SCALARS)
    count = draw(st.integers(0, 3))
    if kind == "inline":
        names = draw(st.lists(_NAMES, min_size=count, max_size=count, unique=True))
        gaps = [draw(_VOID) for _ in names]
        inner = [f"{gap}{name}{gap}={gap}{draw(_values(depth - 1))}"
                 for name, gap in zip(names, gaps, strict=True)]  # fmt: skip
        return "{" + ",".join(inner) + draw(_VOID) + "}"
    gaps = [draw(st.one_of(_VOID, _BREAK)) for _ in range(2 * count + 1)]
    inner = [f"{gaps[2 * at]}{draw(_values(depth - 1))}{gaps[2 * at + 1]}" for at in range(count)]
    comma = "," if count and draw(st.booleans()) else ""
    return "[" + ",".join(inner) + comma + gaps[-1] + "]"


@st.composite
def _documents(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 5))):
        head = ".".join(draw(st.lists(_NAMES, min_size=1, max_size=2)))
        gap = draw(_VOID)
        if draw(st.booleans()):
            twice = draw(st.booleans())
            parts.append(f"{'[[' if twice else '['}{gap}{head}{gap}{']]' if twice else ']'}")
        else:
            parts.append(f"{gap}{head}{gap}={gap}{draw(_values())}")
        parts.append(draw(_BREAK))
    return "".join(parts)


def _is_sound(source: str) -> bool:
    try:
        tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        return False
    return True


@settings(max_examples=600, deadline=None)
@given(_documents().filter(_is_sound))
def test_the_keys_are_those_that_python_finds_and_each_line_has_its_key(source: str) -> None:
    found = key_lines(source)
    assert set(found) == _paths(tomllib.loads(source))
    lines = source.split("\n")
    for path, line in found.items():
        assert 1 <= line <= len(lines)
        if path and isinstance(path[-1], str):
            name = path[-1]
            text = lines[line - 1]
            assert name in text or (name == 'é"' and "u00e9" in text)


@settings(max_examples=200, deadline=None)
@given(_documents().filter(_is_sound), st.integers(1, 20))
def test_lines_move_with_what_stands_before_them(source: str, more: int) -> None:
    moved = key_lines("# more\n" * more + source)
    assert {path: line - more for path, line in moved.items() if path} == {
        path: line for path, line in key_lines(source).items() if path
    }

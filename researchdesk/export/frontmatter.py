"""YAML front matter: our keys kept up to date, the user's own left as they stand."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from researchdesk.export.regions import holds_mark, line_end, lines_of
from researchdesk.export.yaml_text import parse_yaml

_FRONT = re.compile(
    r"(\ufeff?[ \t\r\n]*(?<![ \t])---[ \t]*(?:\r\n|\r|\n))(.*?)"
    r"(?<=[\r\n])(---[ \t]*(?:[\r\n].*)?)\Z",
    re.DOTALL,
)
_KEY = re.compile(r"([\"']?)(?P<key>[A-Za-z_][\w-]*)\1[ \t]*:(?:\s|\Z)")
_OTHER_KEY = re.compile(r"[^\s#-].*?:(?:\s|\Z)")
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#")
_ODD = re.compile(
    r"[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_WORDS = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ .-][A-Za-z0-9]+)*")
_PHRASE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:(?:, |[ .:-])[A-Za-z0-9]+)*")
"""What stands as it is behind a key; words in a flow, or as a key, want more care."""
_IN_QUOTES = re.compile(
    r"[0-9]{4}\.[0-9]{4,5}|[A-Za-z][A-Za-z0-9]*(?:(?:[,:] |[ .-])[A-Za-z0-9]+)*"
)
"""A number that is a name, a title with its subtitle."""
_SAYS_ELSE = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))
_SHORT = 60
_NOTHING = object()


_ADDED = ("tags", "aliases")
"""Lists that are the user's as well: what is missing in them is added, nothing is taken away."""
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def simple_value(head: str, name: str) -> str:
    """The value of a key that stands in one line of a file's head, without parsing the head."""
    match = re.search(rf"^([\"']?){re.escape(name)}\1[ \t]*:[ \t]+([^\r\n]*)", head, re.MULTILINE)
    return match[2].strip().strip("\"'") if match else ""


def split(text: str) -> tuple[str, str, str]:
    """What stands up to the opening ``---`` line with it, the lines to the closing one, the rest.

    A byte order mark and blank lines may stand before. The first two are empty, but for the byte
    order mark, where there is no front matter.
    """
    match = _FRONT.match(text)
    if match and not holds_mark(match[2]):
        return match[1], match[2], match[3]
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return mark, "", text[len(mark) :]


def merge(text: str, values: Mapping[str, Any]) -> str:
    """``text`` with every key of ``values`` brought up to date in its front matter.

    A key that says its value already stays as it is written. All other lines stay, comments too.
    """
    before, head, after = split(text)
    end = line_end(head or text)
    if before in ("", "\ufeff"):
        return f"{before}---{end}{_merged('', values, end)}---{end}{after}"
    return f"{before}{_merged(head, values, end)}{after}"


def _merged(head: str, values: Mapping[str, Any], end: str) -> str:
    done: list[str] = []
    seen: set[str] = set()
    told = _dumped(values)
    for key, block in _blocks(head):
        if key not in values:
            done.append(block)
        elif key in seen:
            done += _comments(block)
        elif _says(block, key, told[key]):
            done.append(block)
        elif key in _ADDED and isinstance(values[key], list):
            done.append(_with_missing(block, key, values[key]))
        else:
            written = told[key].replace("\n", line_end(block))
            done += [written, *_comments(block)]
        seen.add(key)
    missing = [block for key, block in told.items() if key not in seen]
    return "".join([*done, *(block.replace("\n", end) for block in missing)])


def _dumped(values: Mapping[str, Any]) -> dict[str, str]:
    """The block of each key: dumped all at once, which is three times as fast as one by one."""
    simple = {key: text for key, value in values.items() if (text := _simply(key, value))}
    rest = {key: value for key, value in values.items() if key not in simple}
    written = simple | (_dumped_by_yaml(rest) if rest else {})
    return {key: written[key] for key in values}


def _simply(key: str, value: Any) -> str:
    """The block of a key with words, a number or a day; ``""`` for all that wants more care."""
    if key and (key.casefold() in _SAYS_ELSE or not _WORDS.fullmatch(key)):
        return ""
    if isinstance(value, list):
        parts = [_simply("", one) for one in value if not isinstance(one, list)]
        whole = parts and len(parts) == len(value) and all(parts)
        return f"{key}:\n{''.join(f'-{part[1:]}' for part in parts)}" if whole else ""
    if type(value) in (int, date):
        return f"{key}: {value}\n"
    if not isinstance(value, str) or len(value) > _SHORT or value.casefold() in _SAYS_ELSE:
        return ""
    if _PHRASE.fullmatch(value):
        return f"{key}: {value}\n"
    return f"{key}: '{value}'\n" if _IN_QUOTES.fullmatch(value) else ""


def _dumped_by_yaml(values: Mapping[str, Any]) -> dict[str, str]:
    blocks: list[str] = []
    starts = iter(values)
    start = f"{next(starts, '')}:"
    for line in lines_of(_text_of(dict(values))):
        if line.startswith(start):
            blocks.append(line)
            start = f"{next(starts, ' ')}:"
        elif blocks:
            blocks[-1] += line
    if len(blocks) != len(values):
        return {key: _dump(key, value) for key, value in values.items()}
    return dict(zip(values, blocks, strict=True))


def _dump(key: str, value: Any) -> str:
    return _text_of({key: value})


def _text_of(values: dict[str, Any]) -> str:
    text = yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return str(text)


def _says(block: str, key: str, told: str) -> bool:
    """Whether a block says what we would write, however it is written."""
    return block.replace("\r\n", "\n") == told or _value(block, key) == _value(told, key)


def _with_missing(block: str, key: str, values: list[Any]) -> str:
    """The user's list with what it lacks of ours; as it is written where it lacks nothing."""
    old = _value(block, key)
    if old is _NOTHING or isinstance(old, dict):
        return block
    there = old if isinstance(old, list) else [] if old is None else re.split(r"[,\s]+", str(old))
    known = {str(one).removeprefix("#").casefold() for one in there}
    new = [one for one in values if str(one).casefold() not in known]
    if not new:
        return block
    written = _dump(key, [*filter(None, there), *new]).replace("\n", line_end(block))
    return "".join([written, *_comments(block)])


def _blocks(text: str) -> list[tuple[str, str]]:
    """(key, lines) of each top-level key; what stands between the keys has key ``""``."""
    blocks: list[tuple[str, str]] = []
    loose = ""
    for line in lines_of(text):
        if not line.strip() or line.startswith("#"):
            loose += line
            continue
        key = _KEY.match(line)
        if blocks and not key and _goes_on(blocks[-1][1], line):
            blocks[-1] = (blocks[-1][0], blocks[-1][1] + loose + line)
        else:
            blocks += [("", loose)] if loose else []
            blocks.append((key["key"] if key else "", line))
        loose = ""
    return [*blocks, ("", loose)] if loose else blocks


def _goes_on(block: str, line: str) -> bool:
    if line[0] in " \t" or re.match(r"-\s", line):
        return True
    return not _OTHER_KEY.match(line) and _parsed(block) is _NOTHING


def _comments(block: str) -> list[str]:
    """The comments in a block, each as a line: what can go without the value changing."""
    found = []
    value = _parsed(block)
    lines = lines_of(block)
    for number, line in enumerate(lines):
        for match in _COMMENT.finditer(line):
            rest = [*lines[:number], line[: match.start()] + line_end(line), *lines[number + 1 :]]
            own_line = not line[: match.start()].strip()
            if match.start() == 0 or (value is not _NOTHING and _parsed("".join(rest)) == value):
                found.append(line if own_line else line[match.start() :])
                break
    return found


def _value(block: str, key: str) -> object:
    value = _parsed(block)
    return value[key] if isinstance(value, dict) and list(value) == [key] else _NOTHING


def _parsed(block: str) -> Any:
    """The block's value, ``_NOTHING`` where it has none; what YAML refuses or breaks lines at is
    replaced, for it may stand in a comment."""
    try:
        return parse_yaml(_ODD.sub("\ufffd", block))
    except ValueError:
        return _NOTHING

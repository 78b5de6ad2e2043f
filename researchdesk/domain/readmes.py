"""What a README of code says: its table of results, what to type, where models lie."""

import re
from collections.abc import Iterator, Mapping

_LINKED = re.compile(
    r"https?://(?:huggingface\.co|zenodo\.org|drive\.google\.com|figshare\.com|osf\.io)/[\w./?=&%#-]+"
)
_README = re.compile(r"readme(?:\.(?:md|markdown|rst|txt|org))?", re.I)
_ROW = re.compile(r"^\s*\|(?=.*\d).*\|\s*$")
_RULE = re.compile(r"^\s*\|[\s:|-]+\|\s*$")
_COMMAND = re.compile(
    r"^\s*(?:[-*]\s+)?`*\$?\s*"
    r"((?:researchdesk|python3?|bash|sh|make|torchrun|accelerate|uv run|pytest|\./)[ \w].*)$"
)
_INSTALLS = re.compile(r"-m venv|pip\d? install|install -r")
_INLINE = re.compile(r"`((?:researchdesk|python3?|bash|make|torchrun|accelerate|uv run) [^`]+)`")


def readme_of(texts: Mapping[str, str]) -> tuple[str, str]:
    """The name and text of its README; empty where there is none."""
    for name, text in texts.items():
        if _README.fullmatch(name):
            return name, text
    return "", ""


def table_rows(text: str) -> list[str]:
    """The rows with numbers of markdown tables, without their heads."""
    lines = text.splitlines()
    heads = {at - 1 for at, line in enumerate(lines) if _RULE.match(line)}
    return [line for at, line in enumerate(lines) if _ROW.match(line) and at not in heads
            and not _RULE.match(line)]  # fmt: skip


def commands_in(text: str) -> Iterator[str]:
    """What it says to type, but for what installs: lines of code that are commands, and commands
    within its words."""
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif fenced and (found := _COMMAND.match(line)):
            typed = found[1].strip()
            if not _INSTALLS.search(typed):
                yield typed
        elif not fenced:
            yield from _INLINE.findall(line)


def links_to_models(text: str) -> list[str]:
    """Addresses at places where trained models are kept."""
    return _LINKED.findall(text)

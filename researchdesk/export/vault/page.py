"""A page of a vault: its properties and regions, brought up to date in what stands there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from researchdesk.domain.text import one_line
from researchdesk.export import regions
from researchdesk.export.regions import Settle
from researchdesk.export.vault.blocks import Block, Blocks, heading
from researchdesk.export.vault.dialect import Dialect

_SEEN = re.compile(r"\A(?P<text>.*)<!-- researchdesk:new (?P<hash>[0-9a-f]{8}) -->\s*\Z", re.DOTALL)
_WORDS = (
    "Text of the desk that is newer than what stands in {page}, in regions that were changed by "
    "hand there. To take it: `researchdesk export notes … --settle new`; to keep yours: `--settle "
    "mine`. Either way this file goes."
)


@dataclass(frozen=True, slots=True)
class Page:
    """``values`` are its properties by the desk's names for them. Of ``regions`` those that are
    empty are written only where their marks stand already. ``title`` is for links and Logseq."""

    ref: str
    title: str
    values: Mapping[str, Any]
    regions: Mapping[str, Blocks] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page's text. ``beside`` is the text of the file with what is newer than what a person
    changed by hand, ``""`` where there is nothing of the kind."""

    text: str
    edited: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    beside: str = ""


def render(
    page: Page,
    old: str,
    dialect: Dialect,
    keys: Mapping[str, str],
    constants: Mapping[str, str] | None = None,
    *,
    name: str,
    where: str,
    settle: Settle = Settle.ASK,
) -> Rendered:
    """The file's text: ``old`` with our properties and regions brought up to date.

    ``keys`` has the names of the properties that are wanted, ``constants`` what others always say;
    ``name`` is what links call the page.
    Raises BadInputError, naming ``where``, when the marks in ``old`` do not pair.
    """
    there = regions.names_in(old)
    bodies = {
        region: dialect.body(blocks)
        for region, blocks in page.regions.items()
        if blocks or region in there
    }
    merged = regions.merge(old, bodies, where, lead=dialect.lead, settle=settle)
    values = {
        dialect.key(keys[key]): _safe(told) for key, told in page.values.items() if key in keys
    }
    values = {**dialect.fixed(name), **values}
    values |= {dialect.key(key): value for key, value in (constants or {}).items()}
    text = dialect.with_properties(merged.text, values)
    conflicts = tuple(region for region in bodies if region in merged.conflicts)
    beside = _beside(name, {one: bodies[one] for one in conflicts}, dialect) if conflicts else ""
    return Rendered(text, merged.edited, conflicts, beside)


def is_ours(text: str) -> bool:
    """Whether a file with this text was written by us: a page, or what stands beside one."""
    return regions.holds_mark(text)


def is_untouched_beside(text: str) -> bool:
    """Whether this is a file of newer text as we wrote it, with nothing of anybody's in it."""
    match = _SEEN.match(text)
    return match is not None and regions.digest(match["text"]) == match["hash"]


def identity(text: str, dialect: Dialect, names: Sequence[str]) -> str:
    """The ref that a file says it is of, by the first of ``names`` that it has."""
    found = (dialect.property_of(text, dialect.key(name)) for name in names)
    return next(filter(None, found), "")


def _safe(value: Any) -> Any:
    """A property's value without what acts, hides or turns; and no command of Templater, which
    may run those of every new file."""
    if isinstance(value, list):
        return [_safe(one) for one in value]
    return one_line(value).replace("<%", "< %") if isinstance(value, str) else value


def _beside(name: str, bodies: Mapping[str, str], dialect: Dialect) -> str:
    page = dialect.escape(name)
    told = dialect.body((heading(1, f"New text for {page}"), Block(_WORDS.format(page=page))))
    parts = [told, *(dialect.without_ids(body) for body in bodies.values())]
    text = ("\n" if dialect.lead else "\n\n").join(parts) + "\n"
    fixed = dialect.fixed(f"{name} (new text)")
    head = dialect.with_properties("", fixed) if fixed else ""
    whole = head + text + ("" if dialect.lead else "\n")
    return (
        f"{whole}{dialect.lead}<!-- researchdesk:new {regions.digest(whole + dialect.lead)} -->\n"
    )

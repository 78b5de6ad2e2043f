"""The texts that can be written from what the desk holds: shipped templates and the user's own."""

import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from researchdesk import files
from researchdesk.assets import folder
from researchdesk.domain.text import clean, one_line
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services.desk import Desk

FOLDER = "writing"
_VALUES, _KNOWN = "values.toml", "The values that there are:"
_FORMS = ("md", "tex")
_HEAD = re.compile(r"\s*\{#(.*?)#\}", re.S)
_FIELD = re.compile(r"^\s*(for|ref|posts):[ \t]*(.+?)\s*$", re.M)
_NAME = re.compile(r"([a-z0-9][a-z0-9-]*)\.(md|tex)\.j2")


class Wants(StrEnum):
    """What a template is filled with: reading, a storyline, or reviewers' points."""

    PAPER = "paper"
    STORY = "story"
    POINTS = "points"


REFS = {
    Wants.PAPER: "PAPER",
    Wants.STORY: "STORY",
    Wants.POINTS: "STORY, investigation:N or PAPER, and --points FILE",
}
"""What is named on the command line for each."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text to be written: ``purpose`` says what it is for. ``forms`` are the endings that there
    are of it, ``md`` before ``tex``. With ``posts`` its paragraphs are posts of so many characters.
    """

    name: str
    purpose: str
    wants: Wants
    forms: tuple[str, ...] = ("md",)
    posts: int = 0

    @property
    def ref(self) -> str:
        return REFS[self.wants]

    def file(self, form: str) -> str:
        """Its file, as templates are named."""
        return f"{FOLDER}/{self.name}.{form}.j2"


def templates(desk: Desk) -> list[Template]:
    """Shipped templates and those in ``templates/writing/`` of the desk, by name; one of the
    user's takes the place of the shipped one. Files that are no templates are left out."""
    found: dict[str, Template] = {}
    for place in (_shipped() / FOLDER, own_folder(desk)):
        for path in sorted(place.glob("*.j2")) if place.is_dir() else ():
            template = _read(path, found)
            if template is not None:
                found[template.name] = template
    return [found[name] for name in sorted(found)]


def get_template(desk: Desk, name: str) -> Template:
    """The template of this name. Raises NotOnDeskError with the names there are."""
    found = {item.name: item for item in templates(desk)}
    if name not in found:
        near = get_close_matches(name, found, n=1)
        meant = f"Did you mean {near[0]!r}? " if near else ""
        raise NotOnDeskError(
            f"There is no template {one_line(name)!r}.",
            f"{meant}There are: {', '.join(found)}. Your own go into {own_folder(desk)}.",
        )
    return found[name]


def own_folder(desk: Desk) -> Path:
    """Where the user's own templates stand; it need not exist."""
    return desk.root / "templates" / FOLDER


def source_of(desk: Desk, template: Template, form: str) -> str:
    """The text of a template, the user's own before ours, to start one from: its head goes on with
    the names of the values that there are. Raises BadInputError where it cannot be read."""
    own = desk.root / "templates" / template.file(form)
    text = files.read_text(own if own.is_file() else _shipped() / template.file(form))
    head = _HEAD.match(text)
    at = head.end() if head else 0
    kinds = tomllib.loads(files.read_text(_shipped() / FOLDER / _VALUES))
    names = "\n".join(f"  {name}: {what}" for name, what in kinds[template.wants.value].items())
    if _KNOWN in text:
        return text
    return f"{text[:at]}{{# {_KNOWN}\n{names}\n#}}{text[at:]}"


def unused(desk: Desk, template: Template) -> list[Path]:
    """Files of the user's that look as if they were this template, and are not read."""
    above = own_folder(desk).parent
    places = [(own_folder(desk), ""), (above, ""), (above, ".j2")]
    found = (place / f"{template.name}.{form}{j2}" for place, j2 in places for form in _FORMS)
    return [path for path in found if path.is_file()]


def _shipped() -> Path:
    return folder("data") / "templates"


def _read(path: Path, known: dict[str, Template]) -> Template | None:
    """A template by its first comment; a second form of one needs none."""
    named = _NAME.fullmatch(path.name)
    if named is None:
        return None
    try:
        head = _HEAD.match(clean(files.read_text(path)))
    except BadInputError:
        return None
    fields = dict(_FIELD.findall(head[1])) if head else {}
    before = known.get(named[1])
    wants = fields.get("ref", before.wants.value if before else "")
    if wants not in list(Wants):
        return None
    forms = {named[2], *(before.forms if before else ())}
    purpose = one_line(fields.get("for", "")) or (before.purpose if before else "")
    posts = fields.get("posts", "")
    limit = int(posts) if posts.isdecimal() and 40 <= int(posts) <= 100_000 else 0
    return Template(named[1], purpose, Wants(wants), tuple(sorted(forms)), limit)

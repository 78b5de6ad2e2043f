"""The parts a storyline is often made of, from markdown files: shipped ones and the user's own."""

from dataclasses import dataclass
from pathlib import Path

from researchdesk import files
from researchdesk.assets import folder
from researchdesk.domain.statements import sections
from researchdesk.domain.text import clean
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.services.desk import Desk

_ORDER = (
    "motivation", "problem", "idea", "evidence", "ablations", "weak-spots", "what-is-new",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Template:
    """A part of a story: its file's ``name``, its heading, and what it asks, as markdown."""

    name: str
    title: str
    text: str


def templates(desk: Desk | None = None) -> list[Template]:
    """The parts in the order of a paper, then the user's own from ``templates/story/`` of the desk;
    one of a shipped name takes its place. Files that cannot be read are left out."""
    found: dict[str, Template] = {}
    own = [] if desk is None else [desk.root / "templates" / "story"]
    for place in (folder("data") / "templates" / "story", *own):
        for path in sorted(place.glob("*.md"), key=_place):
            template = _read(path)
            if template is not None:
                found[template.name] = template
    return list(found.values())


def get_template(desk: Desk, name: str) -> Template:
    """The part of this name. Raises NotOnDeskError with the names there are."""
    found = {item.name: item for item in templates(desk)}
    if name not in found:
        raise NotOnDeskError(f"There is no template {name!r}.", f"There are: {', '.join(found)}.")
    return found[name]


def with_template(text: str, template: Template) -> str:
    """``text`` with this part behind it, an empty line between."""
    bare = text.rstrip()
    return f"{bare}\n\n{template.text}" if bare else template.text


def _place(path: Path) -> tuple[int, str]:
    return _ORDER.index(path.stem) if path.stem in _ORDER else len(_ORDER), path.stem


def _read(path: Path) -> Template | None:
    try:
        text = clean(files.read_text(path).removeprefix("\ufeff")).strip()
    except BadInputError:
        return None
    heads = sections(text)
    return Template(path.stem, heads[0].title if heads else path.stem, f"{text}\n")

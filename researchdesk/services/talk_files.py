"""The files of talks, found by their story or by their path."""

from dataclasses import dataclass
from pathlib import Path

from researchdesk import files
from researchdesk.domain.slides import Deck
from researchdesk.domain.stories import file_stem
from researchdesk.errors import NotOnDeskError
from researchdesk.export.slides import read_slides
from researchdesk.services.desk import Desk
from researchdesk.services.stories import get_story, list_stories


@dataclass(frozen=True, slots=True)
class Talk:
    """Slides in a file. ``name`` is the story's, where they are of one, else the file's path."""

    name: str
    path: Path
    deck: Deck

    @property
    def title(self) -> str:
        return self.deck.title or self.path.stem


def talk_of(desk: Desk, text: str) -> Talk:
    """The slides that ``text`` names: a file, or a story whose talk was outlined.

    Raises NotOnDeskError where there are none, BadInputError where the file cannot be read.
    """
    path = files.path_of(text)
    if not path.is_file():
        path = _of_story(desk, text)
    deck = read_slides(files.read_text(path))
    story = deck.front.get("story", "")
    known = story and any(item.slug == story for item in list_stories(desk))
    return Talk(story if known else str(path.absolute()), path, deck)


def default_file(desk: Desk, slug: str) -> Path:
    """Where the talk of a story stands, unless another place was named."""
    return desk.root / "talks" / f"{file_stem(slug)}.md"


def _of_story(desk: Desk, text: str) -> Path:
    if Path(text).suffix or "/" in text:
        raise NotOnDeskError(f"There is no file {text}.", "Name a file of slides, or a story.")
    slug = get_story(desk, text).slug
    path = default_file(desk, slug)
    if not path.is_file():
        raise NotOnDeskError(
            f"No talk of {slug} was outlined: {path} is not there.",
            f"Outline one: researchdesk talk outline {slug}",
        )
    return path

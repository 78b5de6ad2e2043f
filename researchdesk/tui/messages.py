"""What a screen asks of the app; the app alone knows the others."""

from dataclasses import dataclass

from textual.message import Message


@dataclass
class OpenPaper(Message):
    """Read this paper, at this pass (None: where it was left).

    With a ``quote`` or a ``page`` (from 1) where that stands in the text.
    """

    ref: str
    number: int | None = None
    quote: str = ""
    page: int | None = None


@dataclass
class OpenBench(Message):
    """Show recipe and runs of this paper."""

    ref: str


@dataclass
class OpenRun(Message):
    """Show this run on the bench, that of an investigation too."""

    run_id: str


@dataclass
class Fetch(Message):
    """Put on the desk what ``texts`` name: ids, addresses, paths of PDFs."""

    texts: tuple[str, ...]


@dataclass
class LibraryChanged(Message):
    """Papers came, went, or their reading moved on."""


@dataclass
class OpenCode(Message):
    """Show the code links of this paper and what was cloned."""

    ref: str


@dataclass
class OpenClaims(Message):
    """Show the claim candidates of this paper and the claims accepted."""

    ref: str


@dataclass
class OpenChanges(Message):
    """Show what changed between the versions of this paper on the desk."""

    ref: str


@dataclass
class Follow(Message):
    """Go where a link of a note points: ``target`` is what stands between ``[[`` and ``]]``."""

    target: str


@dataclass
class OpenInvestigation(Message):
    """Show the investigation of this number, else that of ``of`` (``funny:3``, ``idea:2``), which
    is begun where there is none yet."""

    of: str = ""
    number: int = 0


@dataclass
class OpenReview(Message):
    """Ask whether to go on with the idea or investigation of this ref (``idea:2``)."""

    ref: str


@dataclass
class OpenTriage(Message):
    """Show what is new in the feeds, one paper at a time."""


@dataclass
class OpenRecommended(Message):
    """Show what to read next, by ``tag`` where one is named; or what is like the paper ``like``."""

    tag: str = ""
    like: str = ""


@dataclass
class OpenCitations(Message):
    """Show what is around this paper: what it cites, what cites it, what is similar."""

    ref: str


@dataclass
class OpenRehearsal(Message):
    """Rehearse the talk that ``talk`` names: a story, or a file of slides. ``alone``: the program
    was begun for it, and ends with it."""

    talk: str
    alone: bool = False


@dataclass
class FirstShown(Message):
    """What a screen shows first is there: what can wait for that begins now."""

"""Where a paper's code is: clones on the desk, and links in its text."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from researchdesk.domain.code import Clone, parse_repository
from researchdesk.domain.documents import CodeLink
from researchdesk.domain.text import one_line
from researchdesk.errors import UsageProblemError
from researchdesk.tui.commands import keyed
from researchdesk.tui.widgets.brief import Option


@dataclass(frozen=True, slots=True)
class Source:
    """A clone, or a link of which there is none yet. ``url`` is what git would be asked for, or
    the link as it is where git cannot clone it."""

    url: str
    clone: Clone | None = None
    link: CodeLink | None = None
    cloneable: bool = True


class CodeSources(OptionList):
    """Clones first; enter opens a clone, or clones a link."""

    DEFAULT_CSS = """
    CodeSources { height: auto; border: none; padding: 0; background: $background; }
    """

    @dataclass
    class Chosen(Message):
        source: Source

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._sources: list[Source] = []

    @property
    def current(self) -> Source | None:
        """The source that is marked."""
        at = self.highlighted
        return self._sources[at] if at is not None and at < len(self._sources) else None

    def show(
        self,
        clones: Sequence[Clone],
        links: Sequence[CodeLink],
        protocols: Sequence[str],
        prefer: str = "",
    ) -> None:
        """Show these; the mark goes to the address ``prefer``, or stays. Links of other protocols
        than these cannot be cloned."""
        wanted = prefer or (self.current.url if self.current else "")
        self._sources = _merged(clones, links, protocols)
        self.clear_options()
        self.add_options([Option(_prompt(source)) for source in self._sources])
        urls = [source.url for source in self._sources]
        if urls:
            self.highlighted = urls.index(wanted) if wanted in urls else 0

    @on(OptionList.OptionSelected)
    def announce(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(self._sources[event.option_index]))


def _merged(
    clones: Sequence[Clone], links: Sequence[CodeLink], protocols: Sequence[str]
) -> list[Source]:
    linked: dict[str, Source] = {}
    for link in links:
        try:
            url, cloneable = parse_repository(link.url, protocols).url, link.cloneable
        except UsageProblemError:
            url, cloneable = link.url, False
        linked.setdefault(url if cloneable else link.url, Source(url, None, link, cloneable))
    held = [
        Source(item.url, item, getattr(linked.pop(item.url, None), "link", None)) for item in clones
    ]
    return [*held, *linked.values()]


def _prompt(source: Source) -> Content:
    name = source.url.split("://", 1)[-1].lstrip("/")
    if source.clone is not None:
        below = f"on the desk, commit {source.clone.commit[:10]}"
        return Content.assemble((f"● {name}", "bold"), "\n  ", (below, "$text-muted"))
    sign = "○" if source.cloneable else "·"
    words = "" if source.cloneable else keyed("git cannot clone it; {code.browser} opens it. ")
    if source.link is not None:
        own = "the authors' own, " if source.link.own else ""
        page = f"page {source.link.page}" if source.link.page else "linked"
        words += f"{own}{page}: {one_line(source.link.quote)}"
    return Content.assemble(f"{sign} {one_line(name)}", "\n  ", (words[:160], "$text-muted"))

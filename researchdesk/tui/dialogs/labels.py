"""Tags put on papers and taken off, collections they are put in and taken out of."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from textual import events, on, work
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList

from researchdesk.domain.labels import Change, label_name, papers
from researchdesk.errors import DeskError
from researchdesk.services import collecting, labels
from researchdesk.services.desk import Desk
from researchdesk.tui.commands import Command, bindings, keyed
from researchdesk.tui.dialogs.pick import PickDialog
from researchdesk.tui.widgets.brief import Option, Static

_SEVERAL = Command(
    "labels.several", "space", "several", "Several", "Put the marked name on or off, and go on."
)
_MORE = "↑ ↓ and {labels.several} choose several."
_LOOKED_AT = 200
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """The names that shall be on the papers, and those that shall be off."""

    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()


class LabelKind(Enum):
    """What is put on papers by a name."""

    TAG = "tag"
    COLLECTION = "collection"

    @property
    def title(self) -> str:
        return {"tag": "Tags", "collection": "Collections"}[self.value]

    def names(self, desk: Desk) -> list[tuple[str, int]]:
        """Every name with how many papers have it."""
        if self is LabelKind.TAG:
            return labels.all_tags(desk)
        return [(item.name, item.count) for item in labels.collections(desk)]

    def of(self, desk: Desk, paper_id: int) -> list[str]:
        """The names that a paper has."""
        if self is LabelKind.TAG:
            return labels.tags_of(desk, paper_id)
        return collecting.collections_of(desk, paper_id)

    def apply(self, desk: Desk, ids: Sequence[int], wanted: Wanted) -> list[Change]:
        """Make it so."""
        if self is LabelKind.COLLECTION:
            made = [labels.put_in(desk, ids, name) for name in wanted.on]
            return made + [labels.take_out(desk, ids, name) for name in wanted.off]
        made = [labels.tag(desk, ids, wanted.on)] if wanted.on else []
        return made + ([labels.untag(desk, ids, wanted.off)] if wanted.off else [])


class NameField(Input):
    """Space belongs to a name that is typed, and else to the list below."""

    @dataclass
    class Spaced(Message):
        """Space was pressed where it is no letter."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(id="name", placeholder=placeholder, compact=True)
        self.stepped = False
        """Whether the list was gone through since the last letter."""

    def on_key(self, event: events.Key) -> None:
        if event.key == "space" and (self.stepped or not self.value):
            event.prevent_default()
            event.stop()
            self.post_message(self.Spaced())
        elif event.is_printable or event.key == "backspace":
            self.stepped = False


class LabelsDialog(PickDialog[Wanted]):
    """Every name, with a sign at those that the papers have.

    Enter puts the marked one on, or takes it off, and is done; space does so and stays, for
    several.
    """

    @dataclass
    class Read(Message):
        """``have`` counts, of the papers at hand, those that have a name."""

        names: list[tuple[str, int]]
        have: dict[str, int]

    VERBS: ClassVar[tuple[Command, ...]] = (*PickDialog.VERBS, _SEVERAL)
    BINDINGS = bindings([_SEVERAL])

    def __init__(self, desk: Desk, kind: str, ids: Sequence[int], spoken: str) -> None:
        super().__init__()
        self._desk, self._ids, self._spoken = desk, tuple(ids), spoken
        self._kind = LabelKind(kind)
        self._names: list[tuple[str, int]] = []
        self._have: dict[str, int] = {}
        self._wanted: dict[str, bool] = {}
        self._is_known = False
        self._entered: str | None = None

    def field(self) -> Input:
        return NameField(self.placeholder())

    def placeholder(self) -> str:
        return f"a new {self._kind.value}, or the beginning of one there is"

    def heading(self) -> str:
        return f"{self._kind.title} · {self._spoken}"

    def on_mount(self) -> None:
        self._read()

    @work(thread=True, exit_on_error=False)
    def _read(self) -> None:
        have: dict[str, int] = {}
        if len(self._ids) <= _LOOKED_AT:
            for one in self._ids:
                for name in self._kind.of(self._desk, one):
                    have[name] = have.get(name, 0) + 1
        self.post_message(self.Read(self._kind.names(self._desk), have))

    @on(Read)
    async def _show(self, message: Read) -> None:
        counts = dict(message.names)
        names = [*message.names, *((name, 0) for name in message.have if name not in counts)]
        self._have = message.have
        self._names = sorted(names, key=lambda item: (item[0] not in self._have, -item[1]))
        self._is_known = True
        if self._entered is not None:
            with self.prevent(Input.Changed):
                self.query_one(NameField).value = self._entered
        self.show_names()
        self._tell_keys()
        if self._entered is not None:
            await self.entered(self.marked)

    def options_for(self, text: str) -> list[Option]:
        wanted = text.casefold()
        pending = [(name, 0) for name in self._wanted if name not in dict(self._names)]
        known = [*pending, *self._names]
        starting = [item for item in known if item[0].casefold().startswith(wanted)]
        starting.sort(key=lambda item: item[0].casefold() != wanted)
        within = [item for item in known if wanted in item[0].casefold() and item not in starting]
        options = [Option(self._line(*item), id=item[0]) for item in [*starting, *within][:_SHOWN]]
        if text and not any(name.casefold() == wanted for name, _ in known):
            words = Content.assemble((f"+ {text}", "bold"), f"  a new {self._kind.value}")
            options.append(Option(words, id=text))
        return options

    def _line(self, name: str, count: int) -> Content:
        had = self._have.get(name, 0)
        whole = had == len(self._ids)
        change = self._wanted.get(name)
        is_on = self._wanted.get(name, whole)
        sign = "●" if is_on else "◐" if had and change is None else "○"
        told = "" if change is None else "  will be on" if change else "  will be off"
        of = f"  {had:,} of {len(self._ids):,}" if had and not whole else ""
        count_words = f"  {papers(count)}" if count else ""
        return Content.assemble((f"{sign} {name}", "bold"), f"{count_words}{of}{told}")

    async def picked(self, name: str) -> None:
        if self._is_known:
            self._toggle(name)

    async def entered(self, name: str) -> None:
        """Take the marked one too, unless it was only gone past after others were chosen.

        Before the names are read, that waits for them: what was typed may be one of them.
        """
        if not self._is_known:
            self._entered = self.query_one(NameField).value
            return
        if name and (self.typed or not self._wanted) and not self._toggle(name):
            return
        await self.action_accept()

    def action_choose(self, by: int) -> None:
        super().action_choose(by)
        self.query_one(NameField).stepped = True

    @on(NameField.Spaced)
    def action_several(self) -> None:
        if self._is_known and self.marked:
            self._toggle(self.marked)

    def _toggle(self, name: str) -> bool:
        """Have it the other way round; False where it cannot be a name."""
        try:
            name = label_name(name, self._kind.value)
        except DeskError as error:
            self.complain(error.message)
            return False
        base = self._base(name)
        new = not self._wanted.get(name, base is True)
        if new is base:
            self._wanted.pop(name, None)
        else:
            self._wanted[name] = new
        with self.prevent(Input.Changed):
            self.query_one(NameField).value = ""
        self.show_names()
        names = self.query_one("#names", OptionList)
        if any(option.id == name for option in names.options):
            names.highlighted = names.get_option_index(name)
        self._tell_keys()
        return True

    @on(OptionList.OptionHighlighted, "#names")
    @on(Input.Changed, "#name")
    def _tell_keys(self) -> None:
        """What enter and space do now."""
        name = self.marked
        if name and (self.typed or not self._wanted):
            is_on = self._wanted.get(name, self._base(name) is True)
            enter = f"takes “{name}” off" if is_on else f"puts “{name}” on"
            words = f"Enter {enter}, and is done. "
        elif self._wanted:
            words = f"Enter saves the {len(self._wanted)} chosen. "
        else:
            words = "Type a name and press enter. "
        self.query_one(".hint", Static).update(Content(words + keyed(_MORE)))

    def _base(self, name: str) -> bool | None:
        """Whether the papers have it; None where some have, or too many were to be looked at."""
        had = self._have.get(name, 0)
        if had == len(self._ids):
            return True
        looked = len(self._ids) <= _LOOKED_AT
        return False if had == 0 and looked else None

    async def action_accept(self) -> None:
        on_ = tuple(name for name, value in self._wanted.items() if value)
        off = tuple(name for name, value in self._wanted.items() if not value)
        self.dismiss(Wanted(on_, off))

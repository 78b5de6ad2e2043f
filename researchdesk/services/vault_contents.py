"""What a vault is to hold, read from the desk for many papers at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from researchdesk.domain.claims import PaperClaim
from researchdesk.domain.identifiers import folder_name
from researchdesk.domain.papers import Paper
from researchdesk.domain.reading import Note, ReadingPass, reading_status
from researchdesk.export.vault.dialect import Place
from researchdesk.export.vault.papers import ClaimTold, PaperTold, Shown
from researchdesk.export.vault.pen import links_of
from researchdesk.services.desk import Desk
from researchdesk.services.vault_folder import VaultFolder
from researchdesk.services.vault_followed import Followed, Thing
from researchdesk.services.vault_runs import VaultRuns
from researchdesk.storage import claims, notes, reading, vault

Item = TypeVar("Item", Note, ReadingPass, PaperClaim)


@dataclass(frozen=True, slots=True)
class Contents:
    """``places`` says where the page or the block of each ref stands; ``things`` are the pages that
    are no paper's."""

    places: Mapping[str, Place]
    things: Mapping[str, Thing]
    stems: Mapping[int, str]
    passes: Mapping[int, Sequence[ReadingPass]]
    notes: Mapping[int, Sequence[Note]]
    claims: Mapping[int, Sequence[PaperClaim]]
    tags: Mapping[int, Sequence[str]]
    verdicts: Mapping[int, Sequence[ClaimTold]]
    followed: Followed

    def stem(self, paper: Paper) -> str:
        """The name of the paper's file, without its ending."""
        return self.stems[paper.id]

    def told(self, paper: Paper, figures: Sequence[Shown] | None = None) -> PaperTold:
        """All that is told of a paper."""
        passes, taken = self.passes.get(paper.id, ()), self.claims.get(paper.id, ())
        refs = [paper.name, *(f"claim:{claim.slug}" for claim in taken)]
        refs += [f"run:{one.run_id}" for one in self.verdicts[paper.id]]
        return PaperTold(
            paper=paper,
            status=reading_status(passes),
            passes=passes,
            notes=self.notes.get(paper.id, ()),
            tags=self.tags.get(paper.id, ()),
            claims=self.verdicts[paper.id],
            taken=taken,
            follows=self.followed.of(*refs),
            figures=figures,
        )


def gather(
    desk: Desk, chosen: Sequence[Paper], folder: VaultFolder, *, whole: bool = False
) -> Contents:
    """Read all that the pages of these papers say, and find where they stand in the vault.

    ``whole``: surprises, ideas and investigations that hang on no paper have pages, too.
    """
    db = desk.database.connection
    runs = VaultRuns(desk)
    followed = Followed(desk, runs)
    noted = _by_paper(notes.notes(db))
    taken = _by_paper(claims.claims(db))
    verdicts = {paper.id: runs.verdicts(paper) for paper in chosen}
    start = [f"run:{told.run_id}" for found in verdicts.values() for told in found]
    for paper in chosen:
        texts = (note.text for note in noted.get(paper.id, ()))
        start += [link.ref for text in texts for link in links_of(text)]
        slugs = (f"claim:{claim.slug}" for claim in taken.get(paper.id, ()))
        start += [one.ref for one in followed.of(paper.name, *slugs)]
    things = followed.things([*start, *followed.every] if whole else start)
    refs = {*start, *(lead for thing in things.values() for lead in thing.leads)}
    places = _Places(desk, chosen, folder)
    return Contents(
        places=places.of(things, refs),
        things=things,
        stems=places.stems,
        passes=_by_paper(reading.passes(db)),
        notes=noted,
        claims=taken,
        tags=vault.tags(db),
        verdicts=verdicts,
        followed=followed,
    )


def _by_paper(found: Iterable[Item]) -> dict[int, list[Item]]:
    by_paper: dict[int, list[Item]] = defaultdict(list)
    for one in found:
        by_paper[one.paper_id].append(one)
    return by_paper


def _stems(names: Mapping[int, str]) -> dict[int, str]:
    """A file's name for each paper on the desk; of two that would be one, the later has its number
    behind."""
    taken: set[str] = set()
    found: dict[int, str] = {}
    for number, name in names.items():
        stem = folder_name(name)
        stem = f"{stem}-{number}" if stem.casefold() in taken else stem
        taken.add(stem.casefold())
        found[number] = stem
    return found


class _Places:
    """Where everything stands that links can lead to: what is written now, and the papers beside
    whose files are there already."""

    def __init__(self, desk: Desk, chosen: Sequence[Paper], folder: VaultFolder) -> None:
        db = desk.database.connection
        self._folder = folder
        self._chosen = {paper.id for paper in chosen}
        known = vault.own_names(db)
        self._own = {number: name for number, (name, _) in known.items()}
        self._titles = {number: title for number, (_, title) in known.items()}
        self._papers = vault.paper_names(db)
        self._claims = vault.claim_papers(db)
        self._notes = {str(note): number for note, number in vault.note_papers(db).items()}
        self.stems = _stems(self._own)

    def of(self, things: Mapping[str, Thing], refs: Iterable[str]) -> dict[str, Place]:
        """By their refs: pages, and the blocks on them."""
        linked = {one for ref in refs if (one := self._paper_of(ref)) in self._own}
        numbers = {*self._chosen, *linked}
        pages = {self._own[one]: ("paper", self.stems[one], self._titles[one]) for one in numbers}
        for ref, thing in things.items():
            kind, _, target = ref.partition(":")
            pages[ref] = (kind, target if kind == "run" else f"{kind}-{target}", thing.title)
        found = self._folder.place_all(dict(sorted(pages.items())))
        for number in numbers - self._chosen:
            if not self._folder.has(found[self._own[number]]):
                del found[self._own[number]]
        return self._with_blocks(found, things)

    def _with_blocks(
        self, places: dict[str, Place], things: Mapping[str, Thing]
    ) -> dict[str, Place]:
        papers = {one: places[name] for one, name in self._own.items() if name in places}
        for ref, thing in things.items():
            places |= {part: _at(places[ref], part) for part in thing.parts}
        for name, number in self._papers.items():
            if number in papers:
                places.setdefault(name, papers[number])
        for slug, number in self._claims.items():
            if number in papers:
                ref = f"claim:{slug}"
                places[ref] = places[ref.casefold()] = _at(papers[number], ref)
        for note, number in self._notes.items():
            if number in papers:
                places[f"note:{note}"] = _at(papers[number], f"note:{note}")
        return places

    def _paper_of(self, ref: str) -> int:
        """The paper in whose file stands what a ref means, 0 for none."""
        kind, sign, target = ref.partition(":")
        if not sign:
            return self._papers.get(ref, self._papers.get(ref.casefold(), 0))
        known = {"claim": self._claims, "note": self._notes}.get(kind, {})
        return known.get(target, 0)


def _at(place: Place, ref: str) -> Place:
    return Place(place.file, place.page, "", ref)

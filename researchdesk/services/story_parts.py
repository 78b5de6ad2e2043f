"""A storyline by its parts, for what is made of it: talks, drafts for others, technical reports."""

import re
import tomllib
from dataclasses import replace
from functools import cache

from researchdesk import files
from researchdesk.assets import folder
from researchdesk.domain import figures
from researchdesk.domain.denials import denied_refs
from researchdesk.domain.evidence import Standing
from researchdesk.domain.links import Link, LinkKind, links_in, ref_link
from researchdesk.domain.statements import Statement, red_thread
from researchdesk.domain.story_parts import (
    Evidence,
    Part,
    Result,
    Role,
    RolePattern,
    Sentence,
    StoryParts,
    Stretch,
    stretches,
    title_of,
)
from researchdesk.errors import DeskError
from researchdesk.export.plain import plain
from researchdesk.export.story_text import cleaned, with_words
from researchdesk.services import evidence
from researchdesk.services.claim_runs import last_result
from researchdesk.services.claims import get_claim
from researchdesk.services.desk import Desk
from researchdesk.services.experiment_claims import mean_of
from researchdesk.services.experiment_records import get_experiment
from researchdesk.services.reports import report_of
from researchdesk.services.stories import get_draft, get_story
from researchdesk.services.story_denials import denial
from researchdesk.services.story_export import sources_of

_ENDS = re.compile(r"(?:\s*\[\[[^\]\n]*\]\])*\s*(?:[.,;:!?)]|\Z)")
"""What a citation that is put behind words is followed by."""
_LEADS = re.compile(
    r"(?:^|[.:;,(]|\]\]|\b(?:of|by|in|from|with|than|as|see|beside|against|to|and|or|on|like|unlike|per"
    r"|follow\w*|us(?:e|es|ing)|extend\w*|cit\w+|via|for|after|before|are|is))\s*\Z",
    re.IGNORECASE,
)
"""What makes a citation a part of the sentence."""
_YEAR = re.compile(r" \((\d{4})\)\Z")


def story_parts(desk: Desk, name: str, number: int | None = None) -> StoryParts:
    """A draft of a story (the newest) by its parts, with what its sentences link in words.

    Raises NotOnDeskError where there is no such story or draft.
    """
    story, draft = get_story(desk, name), get_draft(desk, name, number)
    first = red_thread(draft.text)
    thread = first.sentences[0] if first else None
    teller = _Teller(desk, draft.text)
    parts = [
        teller.part(stretch, thread if stretch.role is Role.LEAD else None)
        for stretch in stretches(draft.text, role_patterns())
    ]
    return StoryParts(
        story.slug,
        plain(title_of(draft.text)) or story.title,
        draft.number,
        teller.sentence(thread) if thread else None,
        tuple(part for part in parts if part.heading or not part.is_empty),
    )


@cache
def role_patterns() -> tuple[RolePattern, ...]:
    """By which headings a part is known, as ``data/story_parts.toml`` has them."""
    table = tomllib.loads(files.read_text(folder("data") / "story_parts.toml"))
    return tuple(
        RolePattern(
            Role(row["role"]), re.compile(rf"\b(?:{'|'.join(row['headings'])})\b", re.IGNORECASE)
        )
        for row in table["parts"]
    )


class _Teller:
    """Tells what a draft links; each thing is asked once."""

    def __init__(self, desk: Desk, text: str) -> None:
        self._desk = desk
        self._text = text
        links = {link.ref: link for link in links_in(text)}
        self._names = {ref: one.name for ref, one in sources_of(desk, links.values()).items()}
        self._told: dict[str, Evidence] = {}

    def part(self, stretch: Stretch, besides: Statement | None) -> Part:
        """A part; without the sentence ``besides``, which is told elsewhere."""
        written = self._text[stretch.start : stretch.end]
        if besides is not None:
            begin, end = besides.start - stretch.start, besides.end - stretch.start
            written = written[:begin] + written[end:]
        return Part(
            stretch.role,
            plain(self._told_in(stretch.heading)),
            self._told_in(cleaned(written)).strip(),
            tuple(self.sentence(one) for one in stretch.statements if one != besides),
            stretch.depth,
        )

    def sentence(self, said: Statement) -> Sentence:
        denied = denied_refs(said.text, denial()) if said.refs else frozenset()
        return Sentence(
            plain(self._told_in(said.text)),
            tuple(_agreed(self._evidence(ref), ref in denied) for ref in said.refs),
            said.questions,
            said.paragraph,
        )

    def _told_in(self, text: str) -> str:
        """A text with its links as words: their labels, else a paper's authors and year, in
        brackets where they are no part of the sentence; nothing for what is no paper."""

        def words(link: Link) -> str:
            name = self._names.get(link.ref, "")
            aside = name and _ENDS.match(text[link.end :]) and not _LEADS.search(text[: link.start])
            return link.label or ("(" + _YEAR.sub(r", \1", name) + ")" if aside else name)

        return with_words(text, words)

    def _evidence(self, ref: str) -> Evidence:
        if ref not in self._told:
            self._told[ref] = self._asked(ref)
        return self._told[ref]

    def _asked(self, ref: str) -> Evidence:
        link = ref_link(ref)
        state = evidence.state_of(self._desk, ref)
        kind = link.kind if link else LinkKind.PAPER
        if kind is LinkKind.PAPER:
            return Evidence(ref, kind, self._names.get(ref, ref), state.title, state.standing)
        results, runs, said = _measured(self._desk, link, state.said)
        return Evidence(ref, kind, state.title, said, state.standing, results, runs)


def _agreed(item: Evidence, denied: bool) -> Evidence:
    """What is against a sentence that says so itself does not speak against it."""
    if denied and item.standing is Standing.AGAINST:
        return replace(item, standing=Standing.PLAIN)
    return item


_Measured = tuple[tuple[Result, ...], tuple[str, ...], str]


def _measured(desk: Desk, link: Link | None, said: str) -> _Measured:
    """The judged claims that a link leads to, its runs, and what it says."""
    try:
        return _looked_up(desk, link, said) if link else ((), (), said)
    except DeskError:
        return (), (), said


def _looked_up(desk: Desk, link: Link, said: str) -> _Measured:
    """Raises DeskError."""
    if link.kind is LinkKind.RUN:
        run_id, _, claim = link.target.partition("#")
        return results_of(desk, run_id, {claim} if claim else None), (run_id,), said
    if link.kind is LinkKind.CLAIM:
        found = last_result(desk, get_claim(desk, link.target))
        if found is not None:
            run, result = found
            return results_of(desk, run.id, {result.claim_id}), (run.id,), said
    if link.kind is LinkKind.EXPERIMENT:
        item = get_experiment(desk, link.target)
        of = item.outcome.measured
        spread = f" ± {of.sd:.3g}" if of and of.sd is not None else ""
        number = f"; measured {mean_of(item)}{spread} (n={of.n})" if of else ""
        return (), tuple(one.run_id for one in item.runs), f"{item.outcome.words}{number}"
    return (), (), said


def results_of(desk: Desk, run_id: str, claims: set[str] | None = None) -> tuple[Result, ...]:
    """What a run says of its claims, or of those named, judged by its own recipe.

    Raises NotOnDeskError, BadInputError where the run cannot be read.
    """
    report = report_of(desk, run_id)
    judged = {one.claim_id: one for one in report.claims}
    return tuple(
        Result(
            run_id,
            claim.id,
            claim.text,
            claim.where,
            figures.claimed(claim),
            figures.measured(claim, judged[claim.id]),
            figures.interval(claim, judged[claim.id]),
            judged[claim.id].verdict,
            figures.MARKS[judged[claim.id].verdict],
            judged[claim.id].why,
            report.run.quick,
        )
        for claim in report.recipe.claims
        if claim.id in judged and (claims is None or claim.id in claims)
    )

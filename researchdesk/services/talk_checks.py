"""What answers the questions of a checklist about slides: it looks at their file alone."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache

from researchdesk import files
from researchdesk.assets import folder
from researchdesk.domain import slide_checks, slide_formulas
from researchdesk.domain.checklist_facts import Answerer, Facts, graded, not_known
from researchdesk.domain.checklists import Evidence, Found
from researchdesk.domain.clock import local_day
from researchdesk.domain.run_checks import count_of
from researchdesk.domain.slides import Deck, write_time
from researchdesk.export.slides import read_slides

_MOST = 3
_EMPTY = "Nothing stands on its slides."


def _of_slides(check: Callable[[Deck], Found]) -> Answerer:
    """``check`` as an answerer; without slides nothing is known."""

    def answer(facts: Facts) -> Found:
        if facts.slides is None:
            return not_known("Name a file of slides.")
        deck = read_slides(facts.slides.text)
        if not any(slide.blocks for slide in deck.slides):
            return not_known("Outline one: researchdesk talk outline STORY", lacks=_EMPTY)
        return check(deck)

    return answer


def _one_language(deck: Deck) -> Found:
    return slide_checks.one_language(deck, small_words())


def rehearsed(facts: Facts) -> Found:
    """Whether it was gone through with the clock; aloud or not, no clock tells."""
    if facts.slides is None:
        return not_known("Name a file of slides.")
    every = facts.slides.rehearsals
    good = [
        Evidence(
            f"rehearsal {one.id} of {local_day(one.began_at)}: whole, "
            f"{write_time(one.used_s)} of {write_time(one.planned_s)} planned"
        )
        for one in every
        if one.is_whole
    ]
    mend = ["researchdesk talk rehearse STORY keeps what each slide took."]
    if good:
        said = "whether it was aloud, and before somebody, only you can say"
        return graded(good[:_MOST], [said], mend)
    known = f"{count_of(every, 'rehearsal')}, none of them to the end" if every else ""
    return not_known(*mend, lacks=known or "No rehearsal of it with the desk's clock.")


ANSWERERS: Mapping[str, Answerer] = {
    "readable font": _of_slides(slide_checks.readable_font),
    "few words": _of_slides(slide_checks.few_words),
    "no paragraphs": _of_slides(slide_checks.no_paragraphs),
    "no capitals": _of_slides(slide_checks.no_capitals),
    "one language": _of_slides(_one_language),
    "messages": _of_slides(slide_checks.messages),
    "few formulas": _of_slides(slide_formulas.few_formulas),
    "formulas explained": _of_slides(slide_formulas.formulas_explained),
    "goals said": _of_slides(slide_checks.goals_said),
    "time of slides": _of_slides(slide_checks.in_time),
    "ends on the conclusion": _of_slides(slide_checks.ends_on_conclusion),
    "nothing left to do": _of_slides(slide_checks.nothing_left),
    "rehearsed": rehearsed,
}
"""By the names that ``answered_by`` of a checklist about slides gives."""


@cache
def small_words() -> dict[str, list[str]]:
    """The small words of each language, by its short name."""
    found: dict[str, list[str]] = tomllib.loads(files.read_text(folder("data") / "languages.toml"))
    return found

"""Whether the formulas of a talk are few, and their letters explained."""

import re

from researchdesk.domain.checklist_facts import graded
from researchdesk.domain.checklists import Answer, Evidence, Found
from researchdesk.domain.slides import BlockKind, Deck, Slide

_MOST = 2
_COMMAND = re.compile(r"\\(?:text|mathrm|operatorname|mbox|textrm|mathit)\s*\{[^{}]*\}|\\[a-zA-Z]+")
_NAMES = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho
sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega ell
"""
_GREEK = frozenset(_NAMES.split())
_LETTER = re.compile(r"[A-Za-z]")
_KNOWN = frozenset("e")


def few_formulas(deck: Deck) -> Found:
    """At most two on a slide; those that only name a letter are not counted."""
    counted = {slide.number: len(_heavy(slide)) for slide in deck.slides}
    over = {number: count for number, count in counted.items() if count > _MOST}
    with_some = sum(1 for count in counted.values() if count)
    if not with_some:
        return Found(Answer.YES, (Evidence("there is no formula on any slide"),))
    said = ", ".join(f"slide {number} ({count})" for number, count in over.items())
    lacks = [f"more than {_MOST} formulas on {said}"] if over else []
    good = [Evidence(f"formulas on {with_some} of {len(deck.slides)} slides")]
    return graded(good if len(over) < with_some else [], lacks)


def formulas_explained(deck: Deck) -> Found:
    """Each letter of a formula is told in words, on its slide or on one before it."""
    told: set[str] = set()
    lacks: list[str] = []
    asked = 0
    for slide in deck.slides:
        told |= _told_on(slide)
        used = {letter for formula in _formulas(slide) for letter in letters(formula)}
        asked += bool(used)
        unknown = sorted(used - told)
        if unknown:
            lacks.append(f"slide {slide.number}: nobody says what {', '.join(unknown)} is")
            told |= used
    if not asked:
        return Found(Answer.NOT_APPLICABLE)
    good = [Evidence(f"{len(told)} letters are told in words")] if len(lacks) < asked else []
    return graded(good, lacks)


def letters(formula: str) -> frozenset[str]:
    """The letters that stand for something: Latin ones alone, Greek ones by their names."""
    found = set()
    for command in _COMMAND.findall(formula):
        name = command.removeprefix("\\")
        if name in _GREEK:
            found.add(f"\\{name}")
    return frozenset(found | set(_LETTER.findall(_COMMAND.sub(" ", formula)))) - _KNOWN


def _formulas(slide: Slide) -> list[str]:
    return [formula for block in slide.blocks for formula in block.formulas]


def _heavy(slide: Slide) -> list[str]:
    return [formula for formula in _formulas(slide) if len(letters(formula)) > 1 or "=" in formula]


def _told_on(slide: Slide) -> set[str]:
    """The letters that stand alone among words, which say what they are."""
    told: set[str] = set()
    for block in slide.blocks:
        if block.kind is not BlockKind.PICTURE and block.words > 1:
            alone = [letters(formula) for formula in block.formulas]
            told.update(*(found for found in alone if len(found) == 1))
    return told

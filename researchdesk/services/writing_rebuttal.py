"""A rebuttal: reviewers' points out of a file, each with what may back its answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from researchdesk.domain.evidence import Standing
from researchdesk.domain.links import links_in
from researchdesk.domain.review_points import Point, points_in
from researchdesk.domain.text import clean
from researchdesk.errors import BadInputError
from researchdesk.export.templates import fill
from researchdesk.services import evidence, rebuttal_evidence
from researchdesk.services.desk import Desk
from researchdesk.services.subjects import Subject

_POINT = "writing/parts/rebuttal-point.md.j2"


def points_of(text: str, where: str) -> list[Point]:
    """The points of a reviewers' text. Raises BadInputError where there is none."""
    found = points_in(clean(text))
    if not found:
        raise BadInputError(
            f"{where} has no point of a reviewer in it. Nothing was written.",
            "One paragraph, or one item of a list, is one point; headings name the reviewers.",
        )
    return found


def point_bodies(
    desk: Desk, subject: Subject, points: list[Point], answers: Mapping[str, str]
) -> dict[str, str]:
    """What is written of each point, by its key: with what its answer links, else suggestions."""
    candidates = rebuttal_evidence.candidates_of(desk, subject)
    reviewer, bodies = "", {}
    for point in points:
        refs = _linked(answers.get(point.key, ""))
        gone = [ref for ref in refs if _is_gone(desk, ref)]
        values: dict[str, Any] = {
            "first": bool(point.reviewer) and point.reviewer != reviewer,
            "reviewer": point.reviewer,
            "section": point.section,
            "label": point.label,
            "text": point.text,
            "backing": [rebuttal_evidence.backing(desk, ref) for ref in refs if ref not in gone],
            "gone": gone,
            "suggested": rebuttal_evidence.suggested(point, candidates),
            "command": rebuttal_evidence.command_for(subject, point),
        }
        reviewer = point.reviewer
        bodies[point.key] = fill(_POINT, values, desk.root / "templates")
    return bodies


def gone_from(desk: Desk, answers: Iterable[str]) -> list[str]:
    """What answers link that is not on the desk."""
    refs = [ref for answer in answers for ref in _linked(answer)]
    return [ref for ref in dict.fromkeys(refs) if _is_gone(desk, ref)]


def _linked(answer: str) -> list[str]:
    return list(dict.fromkeys(link.ref for link in links_in(answer)))


def _is_gone(desk: Desk, ref: str) -> bool:
    return evidence.state_of(desk, ref).standing is Standing.GONE

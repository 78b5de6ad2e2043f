"""Texts for others, written from what the desk holds: to read, or into files that stay yours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from researchdesk import files
from researchdesk.domain.posts import Post, posts_of
from researchdesk.domain.review_points import Point
from researchdesk.errors import UsageProblemError
from researchdesk.export import rebuttal
from researchdesk.export.templates import fill
from researchdesk.export.written_marks import is_as_written, marked, says_already
from researchdesk.services.desk import Desk
from researchdesk.services.own_files import place_for
from researchdesk.services.subjects import subject_of
from researchdesk.services.writing_rebuttal import gone_from, point_bodies, points_of
from researchdesk.services.writing_review import review_values
from researchdesk.services.writing_story import bib_name, story_values
from researchdesk.services.writing_templates import Template as Template
from researchdesk.services.writing_templates import Wants as Wants
from researchdesk.services.writing_templates import get_template as get_template
from researchdesk.services.writing_templates import own_folder as own_folder
from researchdesk.services.writing_templates import source_of as source_of
from researchdesk.services.writing_templates import templates as templates
from researchdesk.services.writing_templates import unused as unused

_TRIES = 3
"""How often what backs the answers of a rebuttal is looked for, where they change meanwhile."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be written: a template's ``name``, of ``ref``. ``draft`` is that of a storyline,
    the newest where it is None; ``points`` is what reviewers say, out of the file ``points_from``.
    ``form`` is ``md`` or ``tex``.
    """

    name: str
    ref: str
    form: str = "md"
    draft: int | None = None
    points: str | None = None
    points_from: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, what it is of, and what is to be told beside it. ``posts`` are those of a thread,
    ``beside`` is what goes into a file of another ending, ``warnings`` are what is wrong."""

    text: str
    of: str
    told: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file of it. ``changed`` is False where it said everything already; ``instead_of`` is the
    file that was changed by hand, and that it stands beside."""

    path: Path
    changed: bool
    instead_of: Path | None = None


def text_of(desk: Desk, request: Request, to: Path | None = None) -> Text:
    """What a template says of ``request.ref``; ``to`` is the file that it is for, if one.

    Of a rebuttal the file's own answers stand in it. Raises NotOnDeskError, UsageProblemError
    where the ref is of another kind, a form is not there or points are not given, BadInputError
    for a template that cannot be used.
    """
    template = get_template(desk, request.name)
    _check(template, request)
    if template.wants is Wants.POINTS:
        return _rebuttal(desk, template, request, to)
    if template.wants is Wants.PAPER:
        values, told, subject = review_values(desk, request.ref)
    else:
        slug = subject_of(desk, request.ref).name
        tex = request.form == "tex"
        bib = bib_name(to, slug) if tex else ""
        values, told, subject = story_values(desk, request.ref, request.draft, tex=tex, bib=bib)
    text = _tidy(fill(template.file(request.form), values, desk.root / "templates"))
    beside = {".bib": str(values["bibtex"])} if values.get("bibtex") else {}
    if not template.posts:
        return Text(text, subject.ref, tuple(told), beside=beside)
    posts = posts_of(text, template.posts)
    whole = _numbered(posts, template.posts)
    return Text(whole, subject.ref, tuple(told), tuple(posts), beside)


def write(desk: Desk, request: Request, to: Path) -> tuple[Text, list[File]]:
    """Write it to the file ``to``; what was changed by hand there stays, and the new text goes
    beside it. A rebuttal's own regions are brought up to date in their place.

    Raises as ``text_of``, and BadInputError where a file cannot be read or written.
    """
    wants = get_template(desk, request.name).wants
    text = text_of(desk, request, to)
    if wants is Wants.POINTS:
        old = files.read_text(to)
        if not old.strip() or rebuttal.is_rebuttal(old):
            return text, [File(to, files.write_text(to, text.text))]
    written = []
    for ending, body in {to.suffix: text.text, **text.beside}.items():
        tex = ending in (".tex", ".bib")
        path = to.with_suffix(ending) if ending else to
        written.append(_put(path, request.name, text.of, body, tex=tex))
    return text, written


def _check(template: Template, request: Request) -> None:
    if request.form not in template.forms:
        raise UsageProblemError(
            f"There is no {template.name} in the form {request.form!r}. Nothing was written.",
            f"It is there as: {', '.join(template.forms)}.",
        )
    if (template.wants is Wants.POINTS) is not (request.points is not None):
        wants = template.wants is Wants.POINTS
        raise UsageProblemError(
            f"{template.name} {'wants' if wants else 'takes no'} reviewers' points.",
            "Give the file that they stand in: --points FILE" if wants else "Leave --points out.",
        )
    if request.draft is not None and template.wants is not Wants.STORY:
        raise UsageProblemError(f"{template.name} is of no draft.", "Leave --draft out.")


def _answered(path: Path | None) -> str:
    """The text of a rebuttal that is there already, ``""`` where there is none."""
    text = files.read_text(path) if path else ""
    return text if rebuttal.is_rebuttal(text) else ""


def _rebuttal(desk: Desk, template: Template, request: Request, to: Path | None) -> Text:
    subject = subject_of(desk, request.ref)
    points = points_of(request.points or "", request.points_from or "What was given")
    old = _answered(to)
    for _ in range(_TRIES):
        answers = rebuttal.answers_in(old)
        bodies = point_bodies(desk, subject, points, answers)
        gone = gone_from(desk, answers.values())
        # what backs the answers takes a while to find, and somebody may have written on
        old = _answered(to)
        if rebuttal.answers_in(old) == answers:
            break
    if old:
        merged = rebuttal.merged(old, bodies, str(to))
        warned = (f"Linked in an answer, and not on this desk: {', '.join(gone)}.",) if gone else ()
        return Text(merged.text, subject.ref, _told(points, merged), warnings=warned)
    head = fill(template.file(request.form), {"title": subject.title}, desk.root / "templates")
    text = rebuttal.written(_tidy(head), bodies)
    return Text(text, subject.ref, (f"{_count(len(points), 'point')}, none answered yet.",))


def _told(points: list[Point], merged: rebuttal.Merged) -> tuple[str, ...]:
    labels = {point.key: point.label for point in points}
    open_ = rebuttal.unanswered(merged.text, list(labels))
    lines = [f"{len(points) - len(open_)} of {_count(len(points), 'point')} answered."]
    if open_:
        lines.append(f"To answer: {', '.join(labels[key] for key in open_)}.")
    if merged.new:
        names = ", ".join(labels[key] for key in merged.new)
        lines.append(f"New, put at the end: {names}.")
    if merged.gone:
        names = "; ".join(merged.gone.values())
        stay = (
            "it stays, with its answer" if len(merged.gone) == 1 else "they stay, answered or not"
        )
        lines.append(f"In no review any more: {names}; {stay}.")
    if merged.edited:
        names = ", ".join(labels[key] for key in merged.edited if key in labels)
        lines.append(f"Changed by hand between its marks, and left so: {names}.")
    return tuple(lines)


def _put(path: Path, name: str, of: str, body: str, *, tex: bool) -> File:
    new = marked(name, of, body, tex=tex)
    old = files.read_text(path)
    if says_already(old, body) and not is_as_written(old):
        return File(path, changed=False)
    to = place_for(path, _is_as_written)
    return File(to, files.write_text(to, new), instead_of=path if to != path else None)


def _is_as_written(path: Path) -> bool:
    text = files.read_text(path)
    return not text.strip() or is_as_written(text)


def _numbered(posts: list[Post], limit: int) -> str:
    """The posts, below each how long it is and what its comments say."""
    blocks = []
    for post in posts:
        comments = "".join(f"\n{comment}" for comment in post.comments)
        blocks.append(f"{post.text}\n<!-- {post.length} of {limit} characters -->{comments}")
    return "\n\n".join(blocks) + "\n"


def _tidy(text: str) -> str:
    """Without blank lines at its ends, and never more than one in a row outside of code."""
    lines: list[str] = []
    fence = ""
    for line in text.strip("\n").split("\n"):
        bare = line.lstrip()
        if bare.startswith(("```", "~~~")) and (not fence or bare.startswith(fence)):
            fence = "" if fence else bare[:3]
        if fence or line.strip() or (lines and lines[-1].strip()):
            lines.append(line if fence else line.rstrip())
    return "\n".join(lines) + "\n"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"

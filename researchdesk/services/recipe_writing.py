"""Writing the scaffold of a recipe: from the paper's accepted claims, where there are some."""

import json
import re
import tempfile
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

from researchdesk import assets
from researchdesk.domain.claims import PaperClaim
from researchdesk.domain.identifiers import folder_name, parse_arxiv_id
from researchdesk.domain.text import clean, one_line, slug
from researchdesk.errors import DeskError
from researchdesk.harness.recipes.printed import parse_printed
from researchdesk.services.desk import Desk
from researchdesk.services.recipe_quotes import in_the_text

SHAPES = ("experiment", "measure")
"""The shapes of an experiment: small methods of a class, or one plain function."""

_CLAIMS = "# --- claims ---\n"
_NUMBERS = re.compile(r"[-−]?\d[\d.,]*(?:[eE][-+−]?\d+)?(?:\s?[%MK]|\s(?:million|billion))?")
_HOW = """\
# {count}, as you accepted them. `verified` says that the quote stands in the paper's text as this
# desk has it; hold the others against it yourself.
# `metric` is a name that experiment.py returns. Look at `printed`: zeros at its end count.
"""


def new_recipe(
    desk: Desk,
    ref: str,
    title: str = "",
    claims: Sequence[PaperClaim] = (),
    shape: str = "measure",
) -> Path:
    """Write the scaffold of a recipe for a paper, and give its folder.

    ``claims`` become its ``[[claims]]``; without any it has an example. Raises UsageProblemError
    for what is no arXiv id, DeskError where the folder is there already.
    """
    arxiv = parse_arxiv_id(ref)
    title = one_line(title) or "Untitled"
    folder = desk.settings.recipes / f"{folder_name(arxiv.base)}-{slug(title, limit=30)}"
    marks = {
        "{{id}}": arxiv.base,
        "{{version}}": str(arxiv.version or max((item.version for item in claims), default=1)),
        "{{title}}": _text(title)[1:-1],
    }
    written = claims_toml(claims, in_the_text(desk, arxiv.base, claims)) if claims else ""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            raise DeskError(
                f"There is a recipe at {folder} already; it was left as it is.",
                "Edit that one, or move it away.",
            )
        _write(folder, assets.folder("data") / "templates" / "recipe" / shape, marks, written)
    except OSError as error:
        raise DeskError(
            f"The recipe could not be written to {folder}: {error.strerror}. Nothing was changed.",
            "Make room, or the folder writable, then try again.",
        ) from error
    return folder


def _write(folder: Path, template: Path, marks: Mapping[str, str], claims: str) -> None:
    """All of the folder at once: what is broken off is not in the way of the next."""
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as made:
        part = Path(made) / folder.name
        part.mkdir()
        for source in sorted(path for path in template.iterdir() if path.is_file()):
            text = _filled(source.read_text(encoding="utf-8"), marks, claims)
            (part / source.name).write_text(text, encoding="utf-8")
        part.rename(folder)


def _filled(template: str, marks: Mapping[str, str], claims: str) -> str:
    """A file of the template, its example of claims replaced by the paper's own, where it has."""
    text, mark, example = template.partition(_CLAIMS)
    for name, word in marks.items():
        text, example = text.replace(name, word), example.replace(name, word)
    return text + (claims if claims and mark else example)


def claims_toml(claims: Sequence[PaperClaim], verified: Container[int] = ()) -> str:
    """The ``[[claims]]`` of accepted claims; one without a number becomes a comment.

    ``verified`` has the ids of those whose quote was found in the paper's text.
    """
    count = "The claim of the paper" if len(claims) == 1 else f"The {len(claims)} claims"
    blocks, used = [_HOW.format(count=count)], set[str]()
    for claim in claims:
        if claim.value is None:
            words = f"{claim.text} ({claim.where})" if claim.where else claim.text
            blocks.append(f"# No number, so it is not tested: {one_line(words)}\n")
            continue
        name = _unused(slug(claim.text, limit=40), used)
        blocks.append(
            "[[claims]]\n" + "".join(_lines(claim, claim.value, name, claim.id in verified))
        )
    return "\n".join(blocks)


def _lines(claim: PaperClaim, value: float, name: str, verified: bool) -> Iterable[str]:
    words = claim.text if claim.dataset in claim.text else f"{claim.text} ({claim.dataset})"
    page = f"page {claim.page}" if claim.page else ""
    where = ", ".join(filter(None, (claim.where, page))) or "say where"
    yield f"id = {_text(name)}\n"
    yield f"text = {_text(words)}\n"
    yield 'kind = "value"\n'
    yield f"metric = {_text(_metric(claim))}\n"
    yield 'arm = "ours"\n'
    yield f"where = {_text(where)}\n"
    if claim.quote:
        yield f"quote = {_text(one_line(claim.quote))}\n"
    yield f"verified = {str(verified).lower()}\n"
    yield f"claimed = {value!r}\n"
    if claim.unit:
        yield f"unit = {_text(claim.unit)}\n"
    yield f"printed = {_text(_printed(claim, value))}\n"
    if claim.spread is not None:
        yield f"spread = {claim.spread!r}\n"
        yield 'spread_kind = "unknown"  # or "sd", "standard error", where the paper says it\n'
    if re.match(r"table \S", claim.where, re.IGNORECASE):
        yield f"table = {_text(claim.where)}\n"
    yield 'tolerance_rule = "last digit"\n'


def _printed(claim: PaperClaim, value: float) -> str:
    """The number as the claim's own words or its quote have it; else as short as it can be."""
    for text in (claim.text, claim.quote):
        for match in _NUMBERS.finditer(text):
            number = match[0].rstrip(".,")
            found = parse_printed(number, claim.unit)
            if found and found.value == value:
                return number
    return f"{value!r}".removesuffix(".0")


def _metric(claim: PaperClaim) -> str:
    return slug(claim.metric or "score", limit=40).replace("-", "_")


def _unused(name: str, used: set[str]) -> str:
    number, found = 1, name
    while found in used:
        number += 1
        found = f"{name}-{number}"
    used.add(found)
    return found


def _text(text: str) -> str:
    """A basic string of TOML: what JSON escapes, TOML reads."""
    return json.dumps(clean(text), ensure_ascii=False)

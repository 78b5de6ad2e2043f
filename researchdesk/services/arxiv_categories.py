"""The categories of arXiv, from a data file: what is one, and which is near to what is none."""

import difflib
import tomllib
from functools import cache

from researchdesk import assets
from researchdesk.errors import UsageProblemError


def check_category(name: str) -> None:
    """Raises UsageProblemError where arXiv has no such category, with those that are near."""
    known = _known()
    if name.casefold() in known:
        return
    archive, _, subject = name.casefold().partition(".")
    inside = [one for one in known if one.startswith(f"{archive}.")]
    near = difflib.get_close_matches(name.casefold(), known, 3, 0.7)
    near = near or [f"{archive}.{one}" for one in _near_subjects(subject, inside)]
    shown = ", ".join(known[one] for one in near or inside or _archives(known))
    raise UsageProblemError(
        f"arXiv has no category {name}. {'Near to it' if near else 'There are'}: {shown}.",
        "One that came lately is followed by its address: "
        f"researchdesk feed follow https://rss.arxiv.org/rss/{name}",
    )


def _near_subjects(subject: str, inside: list[str]) -> list[str]:
    subjects = [one.partition(".")[2] for one in inside]
    return difflib.get_close_matches(subject, subjects, 3, 0.6)


def _archives(known: dict[str, str]) -> list[str]:
    return [one for one in known if "." not in one]


@cache
def _known() -> dict[str, str]:
    """Every archive and category as arXiv writes it, by its name in lower case."""
    table = tomllib.loads((assets.folder("data") / "arxiv_categories.toml").read_text("utf-8"))
    names = [
        *table,
        *(f"{archive}.{subject}" for archive, held in table.items() for subject in held),
    ]
    return {name.casefold(): name for name in names}

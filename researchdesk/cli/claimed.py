"""Keys by which a person can mean another paper than the one that has them."""

from collections.abc import Mapping

from researchdesk.cli import diagnostics
from researchdesk.domain.papers import Paper
from researchdesk.services import library
from researchdesk.services.desk import Desk


def find(desk: Desk, ref: str) -> Paper:
    """The paper of a ref; stderr says where a key that was imported with another is meant."""
    paper = library.get_paper(desk, ref)
    warn(desk, {ref: paper})
    return paper


def warn(desk: Desk, found: Mapping[str, Paper]) -> None:
    """Name the other paper of each ref that was imported with an entry about that one."""
    for ref, other in library.also_claimed(desk, found).items():
        diagnostics.warn(
            f"{ref} is {found[ref].name}, “{found[ref].title}”. An entry of that key came for "
            f"{other.name}, “{other.title}”: if you mean that one, say {other.name}."
        )

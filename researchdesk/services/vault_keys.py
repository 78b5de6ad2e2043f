"""Which properties the pages of a vault have, and what they are called there."""

from collections.abc import Sequence

from researchdesk.config import parse_vault_keys

DEFAULT = (
    "id", "kind", "key", "version", "title", "authors", "categories", "status",
    "verdict", "published", "updated", "added", "read", "doi", "tags",
)  # fmt: skip


def wanted_keys(text: str, more: Sequence[str] = ()) -> tuple[dict[str, str], dict[str, str]]:
    """What the setting ``vault_keys`` wishes: the name in the vault of each of the desk's keys, and
    the value of each name that is always the same.

    ``id``, by which a page is found again, is there whatever is wished; ``more`` are where nothing
    is. Raises ValueError where the text cannot be understood.
    """
    keys, constants = parse_vault_keys(text)
    if not keys and not constants:
        keys = {key: key for key in (*DEFAULT, *more)}
    return {"id": "id", **keys}, constants

"""The pages of findings that ship: what each name means, why it matters, and the usual mend."""

import difflib
import tomllib
from functools import lru_cache
from pathlib import Path

from researchdesk import assets
from researchdesk.domain.watching import Certainty, FindingPage
from researchdesk.errors import NotOnDeskError


def finding_pages() -> dict[str, FindingPage]:
    """All pages by name, family by family."""
    return _read_all(assets.folder("data") / "findings")


def finding_page(name: str) -> FindingPage:
    """The page of this name. Raises NotOnDeskError with the nearest names."""
    pages = finding_pages()
    if name in pages:
        return pages[name]
    near = difflib.get_close_matches(name, pages, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "All names: researchdesk watch --list"
    raise NotOnDeskError(f"There is no finding {name!r}.", hint)


@lru_cache(maxsize=2)
def _read_all(folder: Path) -> dict[str, FindingPage]:
    found = [_read(path) for path in sorted(folder.glob("*.toml"))]
    return {page.name: page for page in sorted(found, key=lambda page: (page.family, page.name))}


def _read(path: Path) -> FindingPage:
    table = tomllib.loads(path.read_text("utf-8"))
    return FindingPage(
        path.stem,
        table["title"],
        table["family"],
        tuple(sorted(map(Certainty, table["certainties"]), key=lambda item: item.rank)),
        *(table[part].strip() for part in ("seen", "why", "mend", "sound")),
    )

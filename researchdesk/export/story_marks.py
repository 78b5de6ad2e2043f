"""What an exported storyline begins with: whose it is, and whether it was edited since."""

import hashlib
import re

_MARK = re.compile(
    r"(?:%|<!--) Written by researchdesk from the storyline ([a-z0-9-]+), draft \d+ "
    r"\(text ([0-9a-f]{16})\)\.(?: -->)?\n"
)


def marked(story: str, draft: int, body: str, *, tex: bool) -> str:
    """``body`` below a comment that names its story and draft."""
    head = f"Written by researchdesk from the storyline {story}, draft {draft} (text {_of(body)})."
    return f"% {head}\n{body}" if tex else f"<!-- {head} -->\n{body}"


def story_of(text: str) -> str:
    """The name of the story that a file of this text was written from; ``""`` for another file."""
    found = _MARK.match(text)
    return found[1] if found else ""


def is_as_written(text: str) -> bool:
    """Whether a file of this text still says what was written to it."""
    found = _MARK.match(text)
    return found is not None and _of(text[found.end() :]) == found[2]


def _of(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()[:16]

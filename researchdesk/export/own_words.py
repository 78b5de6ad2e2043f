"""A person's own markdown, put into a text of ours: its marks stay, what could do more does not."""

import re
from collections.abc import Callable

from researchdesk.domain.links import Link
from researchdesk.export.fences import closed
from researchdesk.export.story_text import with_words

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_HEADING = re.compile(r"^(\s{0,3})(#{1,6}(?=\s|$)|(?:=+|-{2,})\s*$)", re.MULTILINE)


def own_words(text: str, words_of: Callable[[Link], str]) -> str:
    """``text`` as markdown without HTML and headings of its own, every fence closed; links are the
    words that ``words_of`` gives for them."""
    bare = _TAG.sub("&lt;", with_words(text.strip(), words_of))
    return closed(_HEADING.sub(r"\1\\\2", bare)).strip()

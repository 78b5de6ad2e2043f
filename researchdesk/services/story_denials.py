"""The words by which a storyline says that what it links does not hold, out of a file of data."""

import tomllib
from functools import cache

from researchdesk import files
from researchdesk.assets import folder
from researchdesk.domain.denials import Denial
from researchdesk.domain.story_rules import word_pattern


@cache
def denial() -> Denial:
    """As ``data/story_denials.toml`` has it."""
    table = tomllib.loads(files.read_text(folder("data") / "story_denials.toml"))
    words, unless = (tuple(map(word_pattern, table[key])) for key in ("words", "unless"))
    return Denial(words, unless)

"""Whether code trains anything, by its words: told only where none speaks of it."""

import re
from collections.abc import Iterable

_OF_TRAINING = re.compile(
    r"backward|optim|minimi[sz]|fit\b|gradient|autograd|loss|train|epoch|learn|checkpoint|descent"
    r"|\badam|\bsgd\b|\blr\b|boost|forest",
    re.IGNORECASE,
)


def may_train(sources: Iterable[str]) -> bool:
    """Whether a word in this code, its comments among it, speaks of a training."""
    return any(_OF_TRAINING.search(source) for source in sources)

"""What is known of the things that a sentence of a storyline links."""

from collections.abc import Sequence
from dataclasses import dataclass

from researchdesk.domain.recipes import ArmKind

ENOUGH_SEEDS = 5
"""What is asked for where a recipe says one seed."""


@dataclass(frozen=True, slots=True)
class ArmFacts:
    """An arm of a run's recipe; ``seeds`` are those that finished, none where it was not run."""

    name: str
    kind: ArmKind = ArmKind.OURS
    parent: str = ""
    deterministic: bool = False
    seeds: frozenset[int] = frozenset()
    words: str = ""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run that a sentence leans on, by a link to it, to a claim, or to an experiment.

    ``meant`` are the names of the arms that the link speaks of. ``data`` names what these worked
    on, none where the recipe does not say. ``seeds`` is the recipe's own number.
    ``against_parent``: it belongs to an experiment whose parent has a run, too.
    ``investigation`` is the one whose experiments its arms are, or 0: its recipe is none that can
    be named.
    """

    id: str
    recipe: str
    arxiv_id: str
    arms: tuple[ArmFacts, ...]
    meant: tuple[str, ...]
    data: tuple[str, ...] = ()
    seeds: int = 1
    against_parent: bool = False
    investigation: int = 0

    @property
    def wanted_seeds(self) -> int:
        return self.seeds if self.seeds > 1 else ENOUGH_SEEDS

    @property
    def known_recipe(self) -> str:
        """Its recipe, where that is one by itself, else ``""``."""
        return "" if self.investigation else self.recipe

    @property
    def whole(self) -> str:
        """What its arms are of, in words."""
        return f"investigation {self.investigation}" if self.investigation else self.recipe

    def command(self, arms: Sequence[str]) -> str:
        """What is typed to run these of its arms."""
        if self.investigation:
            return " ".join(["researchdesk investigate run", str(self.investigation), *arms])
        return " ".join(
            [f"researchdesk reproduce {self.recipe}", *(f"--arm {arm}" for arm in arms)]
        )

    def arm(self, name: str) -> ArmFacts | None:
        return next((arm for arm in self.arms if arm.name == name), None)

    def arms_meant(self) -> list[ArmFacts]:
        """Those of the arms meant that were run."""
        return [arm for arm in self.arms if arm.name in self.meant and arm.seeds]


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A paper that a sentence links; ``has_recipe``: there is one to reproduce it with."""

    ref: str
    title: str
    key: str = ""
    has_recipe: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a sentence leans on. ``there`` are its refs that lead to something on the desk,
    ``shown`` those of them that show something: what was measured, or is cited. ``outdated`` says
    of which the paper was withdrawn or replaced since."""

    there: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    runs: tuple[RunFacts, ...] = ()
    papers: tuple[PaperFacts, ...] = ()
    outdated: tuple[str, ...] = ()

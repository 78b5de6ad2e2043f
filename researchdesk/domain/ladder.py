"""The ladder: what an experiment must pass before a claim is believed, and where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The six steps from data to a result, in their order."""

    LOOK = "look at the data"
    CHECK = "checks and baselines"
    OVERFIT = "overfit"
    REGULARISE = "regularise"
    TUNE = "tune"
    SQUEEZE = "squeeze"


class RungState(StrEnum):
    """``NOT_RUN``: nothing was found out; the rung's message says why."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class RungKind:
    """A rung of the ladder: its title, its step, what it asks, and what to do where it fails."""

    title: str
    step: Step
    asks: str
    mend: str = ""


RUNGS: Mapping[str, RungKind] = {
    "overlap": RungKind(
        "train and test apart",
        Step.LOOK,
        "Does a row of another split stand in training, too? Such a row measures memory.",
        "Take equal rows together before the data is split.",
    ),
    "balance": RungKind(
        "classes and their balance",
        Step.LOOK,
        "How many classes are there, how often is the most frequent one, is each one trained on?",
        "Draw the split class by class, so that none is missing in training.",
    ),
    "initial-loss": RungKind(
        "loss before training",
        Step.CHECK,
        "Is it about ln C for C classes, or the mean square of the targets?",
        "Smaller weights in the last layer, scaled inputs; logits, not probabilities, in the loss.",
    ),
    "own-input": RungKind(
        "each output of its own input",
        Step.CHECK,
        "With one row of a batch replaced, do the outputs of the other rows stay, in eval mode?",
        "Look for a view where a transpose was meant, and for sums or softmax over the batch.",
    ),
    "input-used": RungKind(
        "better than without inputs",
        Step.CHECK,
        "Trained on blank inputs, is it worse? Else it learns nothing from its inputs.",
        "Look whether the inputs come to the model, scaled, and with the labels that are theirs.",
    ),
    "parameters": RungKind(
        "parameters, all trained",
        Step.CHECK,
        "How many are there, and does each tensor that is to be trained change?",
        "Use it in forward, give it to the optimizer, or freeze it with requires_grad_(False).",
    ),
    "save-reload": RungKind(
        "saved and reloaded",
        Step.CHECK,
        "Does a new model, with what was saved, give the same outputs to the last bit?",
        "What forward uses is to be a parameter or a buffer of a registered module.",
    ),
    "same-seed": RungKind(
        "same seed, same numbers",
        Step.CHECK,
        "Trained twice from one seed, is what is logged the same to the last digit?",
        "Draw from run.generator(...) only.",
    ),
    "silent-bugs": RungKind(
        "no silent bug seen",
        Step.CHECK,
        "Trained under observation, as by researchdesk watch: is anything certain or likely found?",
        "researchdesk watch --explain NAME says why it matters, the mend, and when it is sound.",
    ),
    "timings": RungKind(
        "time for a step",
        Step.CHECK,
        "What does a step take, and so a seed?",
    ),
    "one-sample": RungKind(
        "one sample learnt by heart",
        Step.OVERFIT,
        "Does training fit a single sample?",
        "Look at the loss, the target, the sign of the step, and what zeroes the gradients.",
    ),
    "four-samples": RungKind(
        "four samples learnt by heart",
        Step.OVERFIT,
        "Does training fit four samples, of as many classes as can be?",
        "What fits one and not four mixes up rows, or does not see its inputs.",
    ),
    "one-batch": RungKind(
        "one batch learnt by heart",
        Step.OVERFIT,
        "Does training fit one batch, at the experiment's own learning rate?",
        "The rate, the size of the model, regularisation, or labels that contradict each other.",
    ),
    "5-samples": RungKind("5 samples", Step.OVERFIT, "Does it fit 5 samples?"),
    "10-samples": RungKind("10 samples", Step.OVERFIT, "Does it fit 10 samples?"),
    "100-samples": RungKind(
        "100 samples generalise",
        Step.OVERFIT,
        "Trained on 100 rows, is it better on rows it has not seen than a constant answer?",
        "Look whether test rows are made ready as training rows are, and at the labels.",
    ),
    "1000-samples": RungKind(
        "1000 samples generalise",
        Step.OVERFIT,
        "Trained on 1,000 rows, is it better on rows it has not seen than a constant answer?",
        "Look whether test rows are made ready as training rows are, and at the labels.",
    ),
    "capacity": RungKind(
        "more capacity, lower loss",
        Step.OVERFIT,
        "With a quarter of the width, is the training loss higher?",
        "A larger model that fits worse has a fault in its start, its rate, or its depth.",
    ),
    "baselines": RungKind(
        "against the baselines",
        Step.CHECK,
        "What do a constant answer, the nearest row and a linear model reach on the same rows?",
        "A network below a constant answer has learnt nothing of use: go back to the first rungs.",
    ),
}
"""The rungs by their names, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Rung:
    """What came of one rung. ``figure`` is the number it hangs on, as words."""

    name: str
    state: RungState
    figure: str = ""
    message: str = ""
    seconds: float = 0.0

    @property
    def kind(self) -> RungKind:
        return RUNGS.get(self.name, RungKind(self.name, Step.CHECK, ""))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an experiment stands at one of the six steps; ``state`` is None where only a person
    can tell."""

    step: Step
    state: RungState | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """All rungs of one arm, in their order; ``seconds`` is what they took together."""

    recipe: str
    arm: str
    rungs: tuple[Rung, ...]
    steps: tuple[Standing, ...] = ()
    seconds: float = 0.0

    def count(self, state: RungState) -> int:
        return sum(rung.state is state for rung in self.rungs)

    @property
    def here(self) -> Standing | None:
        """The first step that is not passed: there the experiment stands."""
        return next((one for one in self.steps if one.state is not RungState.PASSED), None)


def in_order(rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    """The rungs as they are told, step by step."""
    at = {name: number for number, name in enumerate(RUNGS)}
    steps = list(Step)
    return tuple(
        sorted(rungs, key=lambda rung: (steps.index(rung.kind.step), at.get(rung.name, len(at))))
    )


def standing_of(step: Step, rungs: Sequence[Rung]) -> Standing:
    """How a step that has rungs went: failed with any that failed, passed with none and one that
    passed."""
    own = [rung for rung in rungs if rung.kind.step is step]
    failed = [rung.kind.title for rung in own if rung.state is RungState.FAILED]
    passed = sum(rung.state is RungState.PASSED for rung in own)
    if failed:
        return Standing(step, RungState.FAILED, f"failed: {', '.join(failed)}")
    words = f"{passed} passed, {len(own) - passed} not run"
    return Standing(step, RungState.PASSED if passed else RungState.NOT_RUN, words)

"""Where a trained classifier is wrong, and how easily it is made so."""

from dataclasses import dataclass

from researchdesk.domain.looking import Picture


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One class. ``precision`` is None where the class was never predicted, ``recall`` where the
    split has none of it."""

    name: str
    support: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class WorstExample:
    """A test row with a high loss. ``probability`` is what the model gives its true class.

    ``saliency`` is the absolute gradient of the loss by the input, as a picture where the input is
    one; ``salient`` are the features with the largest, each times the feature's training standard
    deviation: name, value, and share of the whole.
    """

    row: int
    truth: str
    predicted: str
    confidence: float
    probability: float
    loss: float
    picture: Picture | None = None
    saliency: Picture | None = None
    salient: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Attacked:
    """Accuracy where every input was moved by ``epsilon`` (a share of the input's range)."""

    epsilon: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of like confidence: how many, how sure on average, how often right."""

    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class ErrorAnalysis:
    """What a model does on the test split.

    ``confusion[i][j]`` counts rows of class i that were taken for class j. ``fgsm`` starts with ε
    0; empty where the input has no gradient. ``calibration_error`` is the expected one over
    ``bins``. ``mean_saliency`` is over the rows looked at. ``notes`` say what was left out.
    ``step`` is that of the training after which the model was kept.
    """

    classes: tuple[str, ...]
    rows: int
    accuracy: float
    loss: float
    confusion: tuple[tuple[int, ...], ...]
    scores: tuple[ClassScore, ...]
    worst: tuple[WorstExample, ...] = ()
    fgsm: tuple[Attacked, ...] = ()
    bins: tuple[Bin, ...] = ()
    calibration_error: float | None = None
    mean_saliency: Picture | None = None
    notes: tuple[str, ...] = ()
    step: int = 0

    def mistaken(self) -> tuple[tuple[str, str, int], ...]:
        """Which class was taken for which, and how often; the most frequent first."""
        pairs = [
            (self.classes[i], self.classes[j], count)
            for i, line in enumerate(self.confusion)
            for j, count in enumerate(line)
            if i != j and count
        ]
        return tuple(sorted(pairs, key=lambda pair: -pair[2]))

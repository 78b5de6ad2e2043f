"""What was seen in the data of an experiment, before anything was trained on it."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a split, counted from 0."""

    split: str
    row: int

    def __str__(self) -> str:
        return f"{self.split}[{self.row}]"


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels row by row from the top left, 0 to 255; three numbers a pixel where it has colour."""

    width: int
    height: int
    channels: int
    pixels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A row as it can be shown. ``label`` is a class's name, or the number of a regression.

    ``values`` are its first features; None where missing.
    """

    place: Place
    label: str
    values: tuple[float | None, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class SplitLook:
    """One split. ``shape`` is that of one row; ``counts`` the rows of each class, in their order.

    ``low``, ``high``, ``mean`` and ``sd`` are of all finite input values; ``target`` the same four
    of the target where it is a number. ``outside`` is the share of values that lie outside the
    training range of their feature.
    """

    name: str
    rows: int
    shape: tuple[int, ...]
    dtype: str
    counts: tuple[int, ...] = ()
    missing: int = 0
    infinite: int = 0
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    sd: float | None = None
    target: tuple[float | None, ...] = ()
    outside: float = 0.0


@dataclass(frozen=True, slots=True)
class FeatureLook:
    """One input feature over the training split.

    ``shift`` is the largest distance between its mean there and in another split, in training
    standard deviations; ``decides`` is the balanced accuracy with which it alone tells the class.
    """

    name: str
    low: float | None
    high: float | None
    mean: float | None
    sd: float | None
    missing: int = 0
    shift: float = 0.0
    decides: float | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows that are the same, or nearly. ``labels`` are theirs, in the same order.

    ``distance`` is Euclidean on the scaled input, ``spacing`` that to the fifth nearest.
    """

    places: tuple[Place, ...]
    labels: tuple[str, ...]
    distance: float = 0.0
    spacing: float = 0.0

    @property
    def contradict(self) -> bool:
        """Whether the labels differ."""
        return len(set(self.labels)) > 1


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label that the neighbours contradict: theirs is ``looks_like``, for ``share`` of them.

    ``own`` is the share of the neighbours that bear the row's own label.
    """

    place: Place
    label: str
    looks_like: str
    share: float
    own: float


class FindingKind(StrEnum):
    """What sort of fault a finding would be."""

    DUPLICATES = "duplicates"
    ACROSS = "the same row in two splits"
    NEAR = "near-duplicates across splits"
    CONTRADICTION = "same input, other label"
    SUSPECTS = "suspicious labels"
    MISSING = "missing values"
    CONSTANT = "constant features"
    BALANCE = "classes out of balance"
    UNSEEN = "classes unseen in training"
    LEAK = "a feature that gives the label away"
    SHIFT = "another distribution"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at. ``certain``: it is so; else it is a guess by a rule that is stated."""

    kind: FindingKind
    message: str
    certain: bool
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class DataLook:
    """All that was seen. ``task`` is ``"classification"`` or ``"regression"``.

    ``duplicates`` are groups of equal rows, within splits and across them; ``near`` pairs of a row
    of another split and the training row nearest to it; both, and ``suspects``, are cut to the
    first few, and ``totals`` has the full numbers. ``rules`` say how near-duplicates and suspicious
    labels were told; ``notes`` what was left out, and why.
    """

    task: str
    classes: tuple[str, ...]
    splits: tuple[SplitLook, ...]
    features: tuple[FeatureLook, ...] = ()
    constant: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()
    duplicates: tuple[Alike, ...] = ()
    near: tuple[Alike, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    findings: tuple[Finding, ...] = ()
    totals: dict[str, int] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

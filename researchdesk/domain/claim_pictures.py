"""What a picture of one claim shows: the claimed number, each seed, the mean, the interval."""

from dataclasses import dataclass

from researchdesk.domain.verdicts import Interval


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A line of marks: ``dots`` are single values, ``interval`` is drawn about or beside ``mean``.

    ``claimed``: the mean is the paper's, and not measured.
    """

    label: str
    dots: tuple[float, ...] = ()
    mean: float | None = None
    interval: Interval | None = None
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class PicturePanel:
    """Rows over one axis, which is named with its unit.

    ``line`` is what the paper claims, or the bound; ``band`` what counts as the same; with
    ``side``, what lies ``at least`` or ``at most`` there is allowed. ``zero``: a difference's 0 is
    drawn too.
    """

    axis: str
    rows: tuple[PictureRow, ...]
    line: float | None = None
    band: Interval | None = None
    side: str = ""
    zero: bool = False


@dataclass(frozen=True, slots=True)
class ClaimPicture:
    """``about`` says in words and numbers what is drawn, ``key`` how the marks are read."""

    title: str
    panels: tuple[PicturePanel, ...]
    about: str
    key: str

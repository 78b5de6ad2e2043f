"""How pictures look: in a column of a paper, over two, and in a page whose colours CSS gives.

matplotlib is imported when something is drawn: importing this module costs nothing.
"""

import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from researchdesk.domain.text import one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMS = ("pdf", "svg", "png")
LINES: tuple[Any, ...] = (
    "-",
    (0, (5, 1.6)),
    (0, (1, 1.2)),
    (0, (7, 1.5, 1, 1.5)),
    (0, (3, 1)),
    "-",
)
"""A line style for each colour of a look's ``series``: none is told by its colour alone."""
MARKERS = ("o", "s", "^", "D", "v", "X")
_MM = 25.4
_FONTS = (
    "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Hiragino Sans",
    "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", "Noto Sans",
)  # fmt: skip
_DPI = 300


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours by what they are for. ``series`` are those of the arms, in order."""

    ink: str
    muted: str
    grid: str
    ground: str
    good: str
    unsure: str
    bad: str
    series: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Width in millimetres, sizes of letters and lines in points, colours.

    ``live_text``: letters of an SVG stay letters, that a reader can find and copy; else they are
    drawn, and no font is missing anywhere.
    """

    name: str
    width: float
    font: float
    small: float
    line: float
    colours: Colours
    live_text: bool = False


LIGHT = Colours(
    ink="#1a1a1a", muted="#595959", grid="#d9d9d9", ground="#ffffff",
    good="#1b7837", unsure="#8a6100", bad="#b2182b",
    series=("#0072b2", "#d55e00", "#8800ff", "#004d1a", "#660066", "#aa6666"),
)  # fmt: skip
"""For a white ground: 3:1 against it at least, told apart with each kind of colour blindness."""
DARK = Colours(
    ink="#ececec", muted="#a8adb5", grid="#3a3f47", ground="#14171c",
    good="#6fcf8f", unsure="#e3b341", bad="#ff7b72",
    series=("#56b4e9", "#e69f00", "#9a80ff", "#aaee88", "#ff5cc8", "#ff6b6b"),
)  # fmt: skip
"""As ``LIGHT``, for the ground named in it."""
_SENTINELS = Colours(
    ink="#010a01", muted="#010a02", grid="#010a03", ground="#010a04",
    good="#010a05", unsure="#010a06", bad="#010a07",
    series=("#010a11", "#010a12", "#010a13", "#010a14", "#010a15", "#010a16"),
)  # fmt: skip

COLUMN = Look("column", 84, 8, 7, 1.2, LIGHT)
TWO_COLUMNS = Look("page", 174, 9, 8, 1.4, LIGHT)
HTML = Look("html", 180, 10, 9, 1.5, _SENTINELS, live_text=True)
LOOKS: Mapping[str, Look] = MappingProxyType({look.name: look for look in (COLUMN, TWO_COLUMNS)})
"""The looks for a paper, by the width that a person asks for."""

_lock = threading.RLock()
_looks: "WeakKeyDictionary[Figure, Look]" = WeakKeyDictionary()


def _by_name(colours: Colours) -> dict[str, str]:
    names = ("ink", "muted", "grid", "ground", "good", "unsure", "bad")
    found = {f"--plot-{name}": getattr(colours, name) for name in names}
    return found | {f"--plot-{at}": one for at, one in enumerate(colours.series, start=1)}


def css_values(colours: Colours) -> dict[str, str]:
    """The CSS variables that ``with_variables`` leaves in a picture, with their values."""
    return _by_name(colours)


def with_variables(svg: str) -> str:
    """A picture in the look ``HTML`` with ``var(--plot-…)`` for each of its colours."""
    for name, sentinel in _by_name(_SENTINELS).items():
        svg = svg.replace(sentinel, f"var({name})")
    return svg


@contextmanager
def drawing(look: Look, height: float) -> "Iterator[Figure]":
    """An empty figure, ``height`` millimetres high; what is put into it here has that look.

    One figure is drawn at a time, over all threads.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import

    with _as_set(look):
        figure = Figure(figsize=(look.width / _MM, height / _MM), layout="constrained")
        _looks[figure] = look
        yield figure
        figure.draw_without_rendering()
        figure.set_layout_engine("none")


def drawn(figure: "Figure", form: str, title: str = "", about: str = "") -> bytes:
    """A figure of ``drawing`` as ``pdf``, ``svg`` or ``png``: the same bytes whenever it is drawn.

    ``title`` and ``about`` go into the file: PDF's Title and Subject, SVG's title and desc, PNG's
    texts. Letters that no font here has are drawn as boxes.
    """
    title, about = one_line(title), one_line(about)
    out, look = BytesIO(), _looks[figure]
    ground = look.colours.ground if form == "png" else "none"
    with _as_set(look):
        told = _metadata(form, title, about)
        figure.savefig(out, format=form, dpi=_DPI, facecolor=ground, metadata=told)
    return _told(out.getvalue(), title, about) if form == "svg" else out.getvalue()


@contextmanager
def _as_set(look: Look) -> Iterator[None]:
    from matplotlib import rc_context  # noqa: PLC0415 - slow to import

    with _lock, rc_context(_settings(look)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def _metadata(form: str, title: str, about: str) -> dict[str, Any]:
    if form == "svg":
        named = {"Title": title} if title else {}
        return {"Date": None, "Creator": "researchdesk", **named}
    if form == "png":
        return {"Software": "researchdesk", "Title": title, "Description": about}
    return {"CreationDate": None, "Creator": "researchdesk", "Title": title, "Subject": about}


def _told(svg: bytes, title: str, about: str) -> bytes:
    """The picture with its title and description as its first children, for who hears it read."""
    from lxml import etree  # noqa: PLC0415 - with matplotlib only

    tree = etree.fromstring(svg)
    for old in tree.findall("{*}title"):
        tree.remove(old)
    space = etree.QName(tree).namespace
    for at, (tag, text) in enumerate(
        pair for pair in (("title", title), ("desc", about)) if pair[1]
    ):
        child = etree.Element(f"{{{space}}}{tag}")
        child.text = text
        child.tail = "\n "
        tree.insert(at, child)
    tree.set("role", "img")
    written: bytes = etree.tostring(tree.getroottree(), xml_declaration=True, encoding="utf-8")
    return written + b"\n"


def _settings(look: Look) -> Any:
    colours = look.colours
    inks = ("text.color", "axes.labelcolor", "axes.titlecolor", "legend.labelcolor")
    muted = ("axes.edgecolor", "xtick.color", "ytick.color")
    sizes = ("xtick.labelsize", "ytick.labelsize", "legend.fontsize", "figure.labelsize")
    return {
        **_plain(),
        **dict.fromkeys(inks, colours.ink),
        **dict.fromkeys(muted, colours.muted),
        **dict.fromkeys(sizes, look.small),
        **dict.fromkeys(("font.size", "axes.labelsize", "axes.titlesize"), look.font),
        **dict.fromkeys(("xtick.labelcolor", "ytick.labelcolor"), colours.ink),
        "axes.facecolor": "none",
        "font.family": [*_families(), "sans-serif"],
        "grid.color": colours.grid,
        "lines.linewidth": look.line,
        "svg.fonttype": "none" if look.live_text else "path",
    }


def _plain() -> Any:
    """What all looks have: no date, no mathematics in words, nothing of the user's own settings."""
    from matplotlib import rcParamsDefault  # noqa: PLC0415 - slow to import

    usual = {str(name): value for name, value in rcParamsDefault.items() if not _of_machine(name)}
    thin = dict.fromkeys(("axes.linewidth", "xtick.major.width", "ytick.major.width"), 0.6)
    return {
        **usual,
        **thin,
        **dict.fromkeys(("xtick.major.size", "ytick.major.size"), 2.5),
        **dict.fromkeys(("xtick.minor.size", "ytick.minor.size"), 1.5),
        **dict.fromkeys(("axes.spines.top", "axes.spines.right"), False),
        "axes.grid": True, "axes.axisbelow": True, "grid.linewidth": 0.5,
        "text.parse_math": False, "text.usetex": False, "axes.formatter.use_mathtext": False,
        "font.sans-serif": ["DejaVu Sans"], "legend.frameon": False,
        "pdf.fonttype": 42, "svg.hashsalt": "researchdesk",
    }  # fmt: skip


def _of_machine(name: str) -> bool:
    """Settings that name a window system: to set them would open one."""
    return name.startswith(
        ("backend", "webagg", "tk.", "macosx", "toolbar", "interactive", "date.")
    )


def _families() -> list[str]:
    from matplotlib.font_manager import fontManager  # noqa: PLC0415 - slow to import

    there = {entry.name for entry in fontManager.ttflist}
    return [name for name in _FONTS if name in there]

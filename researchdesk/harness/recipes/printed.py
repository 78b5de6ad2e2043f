"""Numbers as papers print them, and the tolerances that follow from how they are printed."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = re.compile(
    r"""
    (?P<sign> [-+] )? \s*
    (?P<whole> \d{1,3} (?: [ ,_'] \d{3} )+ | \d+ )? (?P<fraction> \. \d* )?
    (?: [eE] (?P<exponent> [-+]? \d{1,3} )
      | \s* [x*·] \s* 10 \s* (?: \^ | \*\* )? \s* \{? \s* (?P<power> [-+]? \d{1,3} ) \s* \}?
    )?
    (?P<rest> .* )
    """,
    re.VERBOSE | re.ASCII,
)
_LOOKS = str.maketrans(
    {"−": "-", "–": "-", "×": "x", "∙": "·", "⋅": "·", "\u00a0": " ", "\u2009": " ", "\u202f": " "}
)
_SUPERSCRIPTS = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
_SCALES = {
    "%": Decimal("0.01"),
    "percent": Decimal("0.01"),
    "k": Decimal(1000),
    "K": Decimal(1000),
    "thousand": Decimal(1000),
    "M": Decimal(10**6),
    "million": Decimal(10**6),
    "B": Decimal(10**9),
    "billion": Decimal(10**9),
}
_MOST_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number: what it says, and half a unit of its last printed digit, in a unit."""

    value: float
    half_digit: float


def parse_printed(text: str, unit: str = "") -> Printed | None:
    """What ``0.27M``, ``3.7134e-2``, ``94 %``, ``19.4 million``, ``6.7 · 10^-4`` say in ``unit``.

    A multiplier or per cent of the number counts unless the unit has it too: ``94 %`` is 94 in
    ``%`` and else 0.94. After the number there may be the unit, and nothing else: None then.
    """
    match = _NUMBER.fullmatch(text.strip().translate(_LOOKS).translate(_SUPERSCRIPTS))
    if match is None or not (match["whole"] or (match["fraction"] or ".") != "."):
        return None
    whole = re.sub(r"[ ,_']", "", match["whole"] or "0")
    fraction = (match["fraction"] or ".")[1:]
    if len(whole) + len(fraction) > _MOST_DIGITS:
        return None
    scale = _scale(match["rest"], unit)
    if scale is None:
        return None
    power = Decimal(10) ** int(match["exponent"] or match["power"] or 0)
    value = Decimal(f"{match['sign'] or ''}{whole}.{fraction or '0'}") * power * scale
    half = Decimal(5) / Decimal(10) ** (len(fraction) + 1) * power * scale
    found = Printed(float(value), float(half))
    return found if math.isfinite(found.value) and 0 < found.half_digit < math.inf else None


def _scale(rest: str, unit: str) -> Decimal | None:
    """What the number is multiplied by to be in the unit; None where words are left over."""
    rest, unit = rest.strip(), unit.strip()
    if rest in ("", unit):
        return Decimal(1)
    of_number, word = _multiplier(rest)
    of_unit, name = _multiplier(unit)
    if word and word.casefold() not in (name.casefold(), unit.casefold()):
        return None
    return of_number / of_unit


def _multiplier(text: str) -> tuple[Decimal, str]:
    """The multiplier that the text begins with (1 without one), and what follows it."""
    match = re.match(r"%|[^\W\d_]+", text)
    if match and match[0] in _SCALES:
        return _SCALES[match[0]], text[match.end() :].strip()
    return Decimal(1), text

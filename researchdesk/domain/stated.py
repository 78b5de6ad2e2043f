"""The one number that a text states, with its ± and its unit; none where there are several."""

import math
import re
from dataclasses import dataclass

_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−–‒", "0123456789-+---")
_DASH = "-−–‒"
_WHOLE = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)"
_TIMES = rf"\s?[×x·*]\s?10(?:\^?(?P<@raised>[{_DASH}+]?[0-9]+)|(?P<@above>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
_POWER = rf"10(?:\^(?P<@power>[{_DASH}+]?[0-9]+)|(?P<@top>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
_PLAIN = rf"(?P<@digits>(?:{_WHOLE}(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][{_DASH}+]?[0-9]+)?)(?:{_TIMES})?"
_NUMBER = rf"(?P<@sign>(?<![0-9A-Za-z)])[{_DASH}+])?(?:{_POWER}(?![0-9.])|{_PLAIN})"
_COUNTED = (
    "step|epoch|iteration|update|batch|batche|sample|example|token|parameter|layer|unit|head|"
    "minute|second|hour|day|week|bit|nat|byte|frame|image|word|run|seed|trial|repeat"
)
_SHORT = "ms|us|µs|ns|s|min|h|d|GB|MB|KB|kB|TB|GiB|MiB|KiB|FLOPs|GFLOPs|Hz|kHz|MHz|GHz|dB|K|M|B|k|W"
_UNIT = (
    r"(?:\s?(?P<@points>(?:pp|pts?)\b|(?:%|per\s?cent|percentage)?[\s-]?points?\b)"
    r"|\s?(?P<@percent>%|per\s?cent\b|percent\b)"
    rf"|\s?(?P<@short>(?:{_SHORT})(?![\w-]))"
    rf"|\s(?P<@counted>(?:{_COUNTED})s?\b)"
    r"|(?P<@stuck>[A-Za-zµ°]+))?"
)
_PLACED = r"(?:\b(?P<placed>step|epoch|iteration|update|batch|layer|seed|trial|run)s?\s)?"
_ENDS = rf"(?![\w^]|[.,][0-9]|[{_DASH}][^\W\d_]|[⁰¹²³⁴⁵⁶⁷⁸⁹]|\s?[eE][{_DASH}+][0-9])"
_STARTS = rf"(?<![\w^])(?<![0-9][.,])(?<![^\W\d_][{_DASH}])(?<![^\W\d_]\.)"
_SPREAD = rf"\s?\(?\s?(?:±|\+/[{_DASH}]|\+[{_DASH}])\s?"
_FIGURE = rf"{_NUMBER}{_UNIT}{_ENDS}"
_PLUS_MINUS = rf"(?:{_SPREAD}{_NUMBER}\)?{_UNIT}{_ENDS})?".replace("@", "pm_")
_STATED = re.compile(rf"{_PLACED}{_STARTS}\(?{_FIGURE}".replace("@", "") + _PLUS_MINUS)
_LISTED = r"^\s*[0-9]{1,2}[.)]\s+(?=[^\W\d])"
_LINKED = (
    r"\[\[[^\]\n]*\]\]|\[[0-9][0-9,;\s–-]*\]|\b[0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?\b"
    r"|\b(?:arxiv|run|claim|note|funny|idea|investigation|experiment|watch):\S+"
)
_PARTS = (
    r"(?:\b(?:tables?|tab|figures?|figs?|sections?|secs?|sect|pages?|pp?|rows?|columns?|cols?"
    r"|equations?|eqs?|appendix|chapter|version|lines?|theorem|algorithm|lemma|task|item)\b\.?|§)"
    r"\s?(?:[A-Z]\.?)?[0-9]+(?:[.\-–][0-9]+)*[a-z]?\b"
)
_PLACES = re.compile(f"{_LISTED}|{_LINKED}|{_PARTS}", re.IGNORECASE)
_OF_SEEDS = re.compile(
    r"\(?\b(?:over|of|on|from)?\s?"
    r"(?:(?:n|datasets)\s?=\s?[0-9]+|[0-9]+\s(?:seeds?|runs?|repeats?|trials?))\b\)?",
    re.IGNORECASE,
)
_SHARE = re.compile(r"[0-9]\s(?:out\s)?of\s(?:the\s)?[0-9]")
_LOOSE = re.compile(rf"(?:±|\+/?[{_DASH}])\s?$")
_MOVED = "fell|dropped|rose|gained|lost|declined|decreased|increased|improved|worsened|shrank|grew"
_MOVES = "falls?|drops?|rises?|gains?|loses?|declines?|decreases?|increases?|improves?|shrinks?"
_RELATIVE = re.compile(
    r"\b(?:by|lower|higher|less|more|fewer|greater|smaller|larger|faster|slower|better|worse"
    r"|below|above|times|twice|half|tripled?|doubled?|\w*fold|orders?\sof\smagnitude)\b"
    r"|[0-9]\s?[×x](?![\s\w])"
    rf"|\b(?:{_MOVED})\b(?!\s(?:\w+\s){{0,2}}to\b)"
    rf"|\b(?:{_MOVES})\s(?:about\s|of\s|only\s)?[{_DASH}+]?[0-9.]"
    r"|\b(?:drop|rise|gain|loss|increase|decrease|improvement|difference|change)\sof\b",
    re.IGNORECASE,
)
_LONGEST = 2_000


_METRICS = {
    "accuracy": r"acc(?:uracy|uracies)?",
    "error": r"err(?:ors?)?",
    "loss": r"loss(?:es)?",
    "perplexity": r"perplexity|ppl",
    "precision": "precision",
    "recall": "recall",
    "f1": r"f1|f-?score",
    "auc": r"auc|auroc|aucroc",
    "bleu": "bleu",
    "rouge": r"rouge\S*",
    "mse": "mse",
    "rmse": "rmse",
    "mae": "mae",
    "likelihood": r"(?:log-?)?likelihoods?|nll",
    "reward": r"rewards?|returns?",
    "time": r"times?|seconds?|runtime|latency",
    "memory": "memory",
}
_METRIC = re.compile(
    r"(?<![^\W_])(?:" + "|".join(f"(?P<{name}>{said})" for name, said in _METRICS.items()) + r")"
    r"(?![^\W_])",
    re.IGNORECASE,
)


def metrics_in(text: str) -> frozenset[str]:
    """The metrics that a text names: ``accuracy``, ``error``, ``loss`` …"""
    return frozenset(match.lastgroup or "" for match in _METRIC.finditer(text[:_LONGEST]))


@dataclass(frozen=True, slots=True)
class Stated:
    """``value`` in ``unit`` (``"%"``, ``"ms"``, or ``""``); ``spread`` is what follows the ±.

    ``digit`` is what one step of the last digit printed is worth: 0.01 of ``0.31``.
    """

    value: float
    spread: float | None = None
    unit: str = ""
    digit: float = 0.0

    def rounds_from(self, value: float) -> bool:
        """Whether ``value``, rounded to as many digits, is what is printed."""
        return abs(value - self.value) <= 0.5 * self.digit * (1 + 1e-9)


def stated(text: str) -> Stated | None:
    """The one number of ``text``; None where there is none, or several that are not one figure.

    Not counted: places (``Table 2``, ``[3]``, ``[[1904.09237]]``), names (``CIFAR-10``, ``F1``),
    and over how many seeds a mean is, where another number stands beside it. None, too, where it is
    said against another (``2 pp lower``, ``fell by 3 %``, ``3 times``): it is no value then.
    """
    if len(text) > _LONGEST or _SHARE.search(text) or _RELATIVE.search(text):
        return None
    bare = _PLACES.sub(" ; ", text)
    for words in (_OF_SEEDS.sub(" ; ", bare), bare):
        found = list(_STATED.finditer(words))
        if found:
            loose = _LOOSE.search(words[: found[0].start()])
            return _stated(found[0]) if len(found) == 1 and not loose else None
    return None


def number_in(text: str) -> float | None:
    """The value of what ``stated`` finds, in the unit that the text gives it."""
    found = stated(text)
    return None if found is None else found.value


def _stated(match: re.Match[str]) -> Stated | None:
    value, digit = _value(match, "")
    spread, _ = _value(match, "pm_") if match["pm_digits"] else (None, 0.0)
    units = {unit for unit in (match["placed"], _unit(match, ""), _unit(match, "pm_")) if unit}
    if value is None or not math.isfinite(value) or len(units) > 1:
        return None
    good = spread is not None and math.isfinite(spread)
    return Stated(value, spread if good else None, units.pop() if units else "", digit)


def _value(match: re.Match[str], of: str) -> tuple[float | None, float]:
    """The number, and what its last digit is worth."""
    sign = -1.0 if (match[f"{of}sign"] or "+") in _DASH else 1.0
    alone = match[f"{of}power"] or match[f"{of}top"]
    if alone is not None:
        value = _float(f"1e{_whole(alone)}")
        return sign * value, value
    mantissa, _, exponent = match[f"{of}digits"].lower().replace(",", "").partition("e")
    raised = _whole(exponent) + _whole(match[f"{of}raised"] or match[f"{of}above"] or "")
    places = len(mantissa.partition(".")[2])
    return sign * _float(f"{mantissa}e{raised}"), _float(f"1e{raised - places}")


def _unit(match: re.Match[str], of: str) -> str:
    if match[f"{of}points"]:
        return "pp"
    if match[f"{of}percent"]:
        return "%"
    counted = match[f"{of}counted"]
    return (counted.removesuffix("s") if counted else "") or (
        match[f"{of}short"] or match[f"{of}stuck"] or ""
    )


def _whole(text: str) -> int:
    text = text.translate(_SUPER)
    return int(text) if text and len(text) < 8 else 0 if not text else 10**6


def _float(text: str) -> float:
    try:
        return float(text)
    except (ValueError, OverflowError):
        return math.inf

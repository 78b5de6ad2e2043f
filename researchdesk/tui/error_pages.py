"""An analysis of errors, as pages."""

from collections.abc import Sequence

from textual.content import Content

from researchdesk.domain.error_analysis import ErrorAnalysis, WorstExample
from researchdesk.tui.looked_at import Heat, LookPage, Tile, bars

_NAMED = 3


def error_pages(found: ErrorAnalysis) -> list[LookPage]:
    """How good, what is taken for what, the worst rows, the attack, and how sure it is."""
    pages = [_scores(found), _confusion(found), _mistaken(found), _worst(found)]
    if found.mean_saliency is not None:
        pages.append(_where(found))
    if found.fgsm:
        pages.append(_attacked(found))
    pages.append(_sure(found))
    if found.notes:
        notes = Content("\n".join(f"• {note}" for note in found.notes))
        pages.append(LookPage("notes", "Left out", str(len(found.notes)), text=notes))
    return pages


def _scores(found: ErrorAnalysis) -> LookPage:
    sure = found.calibration_error
    text = Content.assemble(
        (f"accuracy {found.accuracy:.4f}", "bold"),
        f"   {found.rows:,} test rows, loss {found.loss:.4g}",
        "" if sure is None else f", expected calibration error {sure:.4f}",
        f", after step {found.step:,}" if found.step else "",
    )
    cells: list[Sequence[str]] = [("class", "rows", "precision", "recall", "F1")]
    for score in found.scores:
        numbers = map(_share, (score.precision, score.recall, score.f1))
        cells.append((score.name, f"{score.support:,}", *numbers))
    return LookPage("scores", "How good", f"{found.accuracy:.3f}", text=text, cells=cells)


def _confusion(found: ErrorAnalysis) -> LookPage:
    text = Content.styled("rows: the class · columns: taken for", "$text-muted")
    heat = Heat(found.classes, found.confusion)
    return LookPage("confusion", "Confusion", text=text, heat=heat)


def _mistaken(found: ErrorAnalysis) -> LookPage:
    pairs = found.mistaken()
    wrong = sum(count for _, _, count in pairs)
    cells: list[Sequence[str]] = [("class", "taken for", "times", "of the class")]
    support = {score.name: score.support for score in found.scores}
    for truth, taken, count in pairs:
        cells.append((truth, taken, f"{count:,}", f"{count / max(1, support[truth]):.1%}"))
    text = Content(f"{wrong:,} of {found.rows:,} rows are wrong.")
    return LookPage("mistaken", "Taken for another", f"{wrong:,}", text=text, cells=cells)


def _worst(found: ErrorAnalysis) -> LookPage:
    title, count = "Worst rows", str(len(found.worst))
    if any(item.picture for item in found.worst):
        text = Content.assemble(
            ("the highest losses first", "bold"),
            "  ",
            ("below each: where its loss is steep (input gradient)", "$text-muted"),
        )
        tiles = [_tile(item) for item in found.worst]
        return LookPage("worst", title, count, text=text, tiles=tiles)
    cells: list[Sequence[str]] = [
        ("row", "class", "taken for", "sure", "p(class)", "loss", "hangs on", "then on", "then on")
    ]
    cells += [
        (
            f"test[{item.row}]", item.truth, item.predicted, f"{item.confidence:.3f}",
            f"{item.probability:.2g}", f"{item.loss:.3g}", *_hangs_on(item),
        )
        for item in found.worst
    ]  # fmt: skip
    text = Content(
        "The highest losses first; what each hangs on: the features' shares of the input gradient, "
        "each per standard deviation, and their values."
    )
    return LookPage("worst", title, count, text=text, cells=cells)


def _tile(item: WorstExample) -> Tile:
    words = (
        f"test[{item.row}] is {item.truth}, taken for {item.predicted} "
        f"({item.confidence:.1%} sure; {item.probability:.2g} for {item.truth}), "
        f"loss {item.loss:.3g}"
    )
    return Tile(f"{item.truth} → {item.predicted}", item.picture, item.saliency, words)


def _hangs_on(item: WorstExample) -> list[str]:
    named = [f"{name} {share:.0%} ({value:.4g})" for name, value, share in item.salient[:_NAMED]]
    return [*named, *[""] * (_NAMED - len(named))]


def _where(found: ErrorAnalysis) -> LookPage:
    text = Content("The mean of the absolute input gradient of the loss over all rows looked at.")
    tiles = [Tile("mean saliency", None, found.mean_saliency)]
    return LookPage("where", "Where it looks", text=text, tiles=tiles)


def _attacked(found: ErrorAnalysis) -> LookPage:
    rows = [(f"ε {p.epsilon:g}", p.accuracy, f"{p.accuracy:.3f}") for p in found.fgsm]
    text = Content.assemble(
        ("Accuracy where every input is moved by ε", "bold"),
        "\nFast gradient sign method: ε is a share of the input's own range in training.\n\n",
        bars(rows),
    )
    last = found.fgsm[-1]
    count = f"{last.accuracy:.2f} at {last.epsilon:g}"
    return LookPage("fgsm", "Under attack", count, text=text)


def _sure(found: ErrorAnalysis) -> LookPage:
    rows = [
        (
            f"says {item.confidence:.0%}",
            item.accuracy,
            f"right {item.accuracy:.0%} of {item.count:,}",
        )
        for item in found.bins
    ]
    error = found.calibration_error
    text = Content.assemble(
        ("How often it is right, by how sure it is", "bold"),
        "\nRight as often as it says so, it is calibrated.",
        "" if error is None else f" Expected calibration error {error:.4f}.",
        "\n\n",
        bars(rows),
    )
    return LookPage("sure", "How sure", "" if error is None else f"{error:.3f}", text=text)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"

"""What was seen in data, and where a model is wrong, as pages of text."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence

import click

from researchdesk.cli import output
from researchdesk.domain.error_analysis import ErrorAnalysis
from researchdesk.domain.looking import Alike, DataLook, Picture, SplitLook

_BAR = 24
_LISTED = 10
_FEATURES = 20
_CLASSES = 40
_RAMP = " .:-=+*#%@"
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def print_look(look: DataLook) -> None:
    """A look at data: what wants an eye first, then sizes, classes, features, lists, pictures."""
    _findings(look)
    _splits(look)
    _classes(look)
    _features(look)
    _alike("Equal rows", look.duplicates, look.totals.get("duplicates", 0))
    _alike("Near-duplicates across splits", look.near, look.totals.get("near", 0))
    _suspects(look)
    if sys.stdout.isatty():
        _pictures(look)
    for name, rule in look.rules.items():
        if look.totals.get(name):
            output.emit(f"\nrule for {name}: {rule}")
    for note in look.notes:
        output.emit(f"\nnote: {note}")


def print_errors(found: ErrorAnalysis) -> None:
    """An analysis of errors: scores, confusion, what was mistaken for what, worst rows, FGSM."""
    calibration = found.calibration_error
    sure = "" if calibration is None else f"; expected calibration error {calibration:.4f}"
    output.emit(
        f"{found.rows:,} test rows: accuracy {found.accuracy:.4f}, loss {found.loss:.4g}{sure}\n"
    )
    rows = [
        (score.name, f"{score.support:,}", *map(_share, (score.precision, score.recall, score.f1)))
        for score in found.scores
    ]
    output.emit_table(("class", "rows", "precision", "recall", "F1"), rows)
    if found.mistaken():
        output.emit()
        pairs = [(f"{count:,}", truth, taken) for truth, taken, count in found.mistaken()[:_LISTED]]
        output.emit_table(("times", "class", "taken for"), pairs)
    if len(found.classes) <= _CLASSES // 2:
        output.emit("\nrows: the class; columns: taken for")
        lines = [
            (name, *map(str, counts))
            for name, counts in zip(found.classes, found.confusion, strict=True)
        ]
        output.emit_table(("", *found.classes), lines)
    _worst(found)
    if found.fgsm:
        output.emit("\naccuracy where every input is moved by ε times its range (FGSM)")
        output.emit_table(
            ("ε", "accuracy", ""),
            [(f"{p.epsilon:g}", f"{p.accuracy:.4f}", bar(p.accuracy)) for p in found.fgsm],
        )
    for note in found.notes:
        output.emit(f"\nnote: {note}")


def bar(share: float, width: int = _BAR) -> str:
    """A share of 1 as a bar of so many cells, to an eighth of a cell."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")


def _findings(look: DataLook) -> None:
    if not look.findings:
        output.emit("Nothing here wants an eye.\n")
        return
    for finding in look.findings:
        mark = "!" if finding.certain else "?"
        output.emit(f"{mark} {finding.kind.value}: {finding.message}")
    output.emit("\n! is so   ? may be so, by a rule: have a look\n")


def _splits(look: DataLook) -> None:
    rows = [
        (
            split.name,
            f"{split.rows:,}",
            "×".join(map(str, split.shape)) or "1",
            split.dtype,
            _range(split.low, split.high),
            _range(split.mean, split.sd, " ± "),
            f"{split.missing:,}",
            f"{split.outside:.2%}" if split is not look.splits[0] else "",
        )
        for split in look.splits
    ]
    heads = ("split", "rows", "row", "type", "range", "mean ± sd", "missing", "outside training")
    output.emit_table(heads, rows)


def _classes(look: DataLook) -> None:
    output.emit()
    if not look.classes:
        targets = [(split.name, *_target(split)) for split in look.splits]
        output.emit_table(("target in", "range", "mean ± sd"), targets)
        return
    most = max((count for split in look.splits for count in split.counts), default=1) or 1
    rows = []
    for at, name in enumerate(look.classes[:_CLASSES]):
        train = look.splits[0]
        share = train.counts[at] / train.rows if train.rows else 0.0
        others = [f"{split.counts[at]:,}" for split in look.splits[1:]]
        rows.append(
            (name, f"{train.counts[at]:,}", f"{share:.1%}", *others, bar(train.counts[at] / most))
        )
    names = [split.name for split in look.splits[1:]]
    output.emit_table(("class", look.splits[0].name, "share", *names, ""), rows)
    if len(look.classes) > _CLASSES:
        output.emit(f"and {len(look.classes) - _CLASSES} classes more")


def _target(split: SplitLook) -> tuple[str, str]:
    low, high, mean, sd = (*split.target, None, None, None, None)[:4]
    return _range(low, high), _range(mean, sd, " ± ")


def _features(look: DataLook) -> None:
    if any(sample.picture for sample in look.samples) or not look.features:
        return
    ranked = sorted(look.features, key=lambda item: (-(item.decides or 0), -item.shift))
    rows = [
        (
            item.name,
            _range(item.low, item.high),
            _range(item.mean, item.sd, " ± "),
            f"{item.missing:,}",
            f"{item.shift:.2f}",
            _share(item.decides),
        )
        for item in ranked[:_FEATURES]
    ]
    output.emit()
    output.emit_table(("feature", "range", "mean ± sd", "missing", "shift", "alone"), rows)
    if len(look.features) > _FEATURES:
        output.emit(f"and {len(look.features) - _FEATURES} features more")
    output.emit(
        "shift: the largest distance of its mean in another split, in standard deviations; alone: "
        "how well it tells the target by itself"
    )


def _alike(title: str, groups: Sequence[Alike], total: int) -> None:
    if not groups:
        return
    output.emit(f"\n{title}: {total:,}")
    rows = []
    for group in groups[:_LISTED]:
        places = ", ".join(map(str, group.places[:4])) + (" …" if len(group.places) > 4 else "")
        apart = f"{group.distance:.3g} of {group.spacing:.3g}" if group.spacing else "equal"
        labels = " / ".join(dict.fromkeys(group.labels))
        rows.append((places, apart, labels))
    output.emit_table(("rows", "distance", "label"), rows)


def _suspects(look: DataLook) -> None:
    if not look.suspects:
        return
    output.emit(f"\nSuspicious labels: {look.totals.get('suspects', 0):,}")
    rows = [
        (str(item.place), item.label, item.looks_like, f"{item.share:.0%}", f"{item.own:.0%}")
        for item in look.suspects[:_LISTED]
    ]
    output.emit_table(("row", "label", "neighbours say", "share", "its own share"), rows)


def _pictures(look: DataLook) -> None:
    """A few training examples of each class, side by side."""
    room = shutil.get_terminal_size().columns
    for name in look.classes[:_CLASSES]:
        shown = [
            sample.picture
            for sample in look.samples
            if sample.label == name and sample.place.split == look.splits[0].name and sample.picture
        ]
        if shown:
            fitting = max(1, (room + 1) // (shown[0].width + 1))
            output.emit(f"\n{name}")
            for line in side_by_side(shown[:fitting]):
                click.echo(line)


def side_by_side(pictures: Sequence[Picture]) -> list[str]:
    """Pictures as lines of half-blocks, or of ASCII where the terminal has few colours."""
    colours = os.environ.get("COLORTERM", "") in ("truecolor", "24bit")
    draw = _half_blocks if colours and "NO_COLOR" not in os.environ else _ascii
    return [" ".join(parts) for parts in zip(*map(draw, pictures), strict=False)]


def _half_blocks(picture: Picture) -> list[str]:
    lines = []
    for row in range(0, picture.height, 2):
        cells = [
            f"\x1b[38;2;{_rgb(picture, row, at)};48;2;{_rgb(picture, row + 1, at)}m▀"
            for at in range(picture.width)
        ]
        lines.append("".join(cells) + "\x1b[0m")
    return lines


def _rgb(picture: Picture, row: int, column: int) -> str:
    if row >= picture.height:
        return "0;0;0"
    at = (row * picture.width + column) * picture.channels
    found = picture.pixels[at : at + picture.channels]
    return ";".join(map(str, found if len(found) == 3 else found[:1] * 3))


def _ascii(picture: Picture) -> list[str]:
    lines = []
    for row in range(0, picture.height, 2):
        at = range(row * picture.width, (row + 1) * picture.width)
        lines.append("".join(_RAMP[picture.pixels[i * picture.channels] * 9 // 255] for i in at))
    return lines


def _worst(found: ErrorAnalysis) -> None:
    if not found.worst:
        return
    output.emit("\nworst rows, by their loss")
    rows = [
        (
            f"test[{item.row}]",
            item.truth,
            item.predicted,
            f"{item.confidence:.3f}",
            f"{item.probability:.2g}",
            f"{item.loss:.3g}",
            _named(item.salient),
        )
        for item in found.worst[:_LISTED]
    ]
    heads = ("row", "class", "taken for", "sure", "p(class)", "loss", "what it hangs on")
    output.emit_table(heads, rows)
    shown = [(item.picture, item.saliency) for item in found.worst if item.picture]
    if shown and sys.stdout.isatty():
        room = shutil.get_terminal_size().columns
        fitting = max(1, (room + 1) // (shown[0][0].width + 1))
        output.emit("\nthe worst, and below them where their loss is steep")
        for row in ([a for a, _ in shown], [b for _, b in shown if b]):
            for line in side_by_side(row[:fitting]):
                click.echo(line)
            output.emit()


def _named(salient: Iterable[tuple[str, float, float]]) -> str:
    return ", ".join(f"{name} {share:.0%}" for name, _, share in list(salient)[:3])


def _range(low: float | None, high: float | None, between: str = " … ") -> str:
    if low is None or high is None:
        return "none"
    return f"{low:.4g}{between}{high:.4g}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"

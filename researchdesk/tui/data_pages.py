"""A look at data, as pages."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from textual.content import Content

from researchdesk.domain.looking import Alike, DataLook, FindingKind, Place, Sample, SplitLook
from researchdesk.tui.looked_at import LookPage, Tile

_CERTAIN, _LIKELY = "!", "?"
_SHORT = 3
_KEY = "! is so    ? may be so, by a rule that the last page states: have a look"


def data_pages(look: DataLook) -> list[LookPage]:
    """What wants an eye first, then equal rows and suspicious labels, then class after class."""
    samples = {sample.place: sample for sample in look.samples}
    pages = [_overview(look), _sizes(look)]
    if look.duplicates:
        pages.append(_alike("duplicates", "Equal rows", look.duplicates, look, samples))
    if look.near:
        pages.append(_alike("near", "Nearly equal rows", look.near, look, samples))
    if look.suspects:
        pages.append(_suspects(look, samples))
    if not any(sample.picture for sample in look.samples):
        pages.append(_features(look))
    pages += _classes(look) if look.classes else [_rows_page("rows", "Rows", look, look.samples)]
    return [*pages, _rules(look)]


def _overview(look: DataLook) -> LookPage:
    lines = [
        Content.assemble(
            (f"{_mark(finding.certain)} ", "$text-error" if finding.certain else "$text-warning"),
            (f"{finding.kind.value}: ", "bold"),
            finding.message,
        )
        for finding in look.findings
    ]
    if lines:
        lines += [Content(""), Content.styled(_KEY, "$text-muted")]
    else:
        lines = [Content("Nothing here wants an eye.")]
    return LookPage(
        "overview", "What wants an eye", str(len(look.findings)), text=Content("\n").join(lines)
    )


def _sizes(look: DataLook) -> LookPage:
    heads = ("split", "rows", "range", "mean ± sd", "missing", "outside training", "a row is")
    cells = [heads, *(_split(split, look.splits[0]) for split in look.splits)]
    text = Content.assemble(
        ("outside training", "bold"),
        ": the share of values beyond the training range of their feature.",
    )
    return LookPage("sizes", "Sizes and ranges", str(len(look.splits)), text=text, cells=cells)


def _split(split: SplitLook, train: SplitLook) -> tuple[str, ...]:
    missing = split.missing + split.infinite
    return (
        split.name,
        f"{split.rows:,}",
        _between(split.low, split.high, " … "),
        _between(split.mean, split.sd, " ± "),
        f"{missing:,}",
        "" if split is train else f"{split.outside:.2%}",
        f"{'×'.join(map(str, split.shape)) or '1'} {split.dtype}",
    )


def _classes(look: DataLook) -> list[LookPage]:
    train = look.splits[0]
    most = max(train.counts, default=1) or 1
    pages = []
    for at, name in enumerate(look.classes):
        held = [sample for sample in look.samples if sample.label == name]
        title = f"class {name}" if len(name) <= _SHORT else name
        text = Content.assemble(
            (title, "bold"),
            "  ",
            (
                ", ".join(
                    f"{split.name} {split.counts[at]:,} "
                    f"({split.counts[at] / max(1, split.rows):.1%})"
                    for split in look.splits
                ),
                "$text-muted",
            ),
        )
        share = train.counts[at] / most
        page = _rows_page(f"class {at}", name, look, held)
        pages.append(
            replace(page, title=title, count=f"{train.counts[at]:,}", share=share, text=text)
        )
    return pages


def _rows_page(key: str, title: str, look: DataLook, samples: Iterable[Sample]) -> LookPage:
    held = list(samples)
    if any(sample.picture for sample in held):
        return LookPage(key, title, tiles=[_tile(sample) for sample in held])
    return LookPage(key, title, cells=_table(look, held))


def _tile(sample: Sample, caption: str = "", words: str = "") -> Tile:
    caption = caption or str(sample.place)
    return Tile(caption, sample.picture, words=words or f"{sample.place}  class {sample.label}")


def _table(look: DataLook, samples: Sequence[Sample], more: Sequence[str] = ()) -> list[list[str]]:
    names = [item.name for item in look.features]
    width = max((len(sample.values) for sample in samples), default=0)
    heads = ["row", "label", *(["seen"] if more else []), *names[:width]]
    rows = [
        [
            str(sample.place),
            sample.label,
            *([more[at]] if more else []),
            *("missing" if value is None else f"{value:.4g}" for value in sample.values),
        ]
        for at, sample in enumerate(samples)
    ]
    return [heads, *rows]


def _alike(
    key: str,
    title: str,
    groups: Sequence[Alike],
    look: DataLook,
    samples: dict[Place, Sample],
) -> LookPage:
    tiles, held, seen = [], [], []
    for number, group in enumerate(groups, start=1):
        apart = "equal"
        if group.spacing:
            apart = f"distance {group.distance:.3g}, fifth nearest {group.spacing:.3g}"
        for place in group.places:
            sample = samples.get(place)
            if sample is None:
                continue
            words = (
                f"{number}: {', '.join(map(str, group.places[:6]))}  {apart}  label {sample.label}"
            )
            tiles.append(_tile(sample, f"{number} {place}", words))
            held.append(sample)
            seen.append(f"{number} {apart}")
    total = look.totals.get(key, len(groups))
    text = Content.assemble(
        (f"{title}: {total:,}", "bold"),
        "  ",
        ("the same number, the same group", "$text-muted"),
    )
    across = any(finding.kind is FindingKind.ACROSS for finding in look.findings)
    mark = _LIKELY if key == "near" else _CERTAIN if across else ""
    if any(tile.picture for tile in tiles):
        return LookPage(key, title, f"{total:,}", mark, text=text, tiles=tiles)
    return LookPage(key, title, f"{total:,}", mark, text=text, cells=_table(look, held, seen))


def _suspects(look: DataLook, samples: dict[Place, Sample]) -> LookPage:
    tiles, held, seen = [], [], []
    for suspect in look.suspects:
        sample = samples.get(suspect.place)
        if sample is None:
            continue
        words = (
            f"{suspect.place} is labelled {suspect.label}; of its ten nearest {suspect.share:.0%} "
            f"are {suspect.looks_like}, {suspect.own:.0%} {suspect.label}"
        )
        tiles.append(_tile(sample, f"{suspect.label} or {suspect.looks_like}?", words))
        held.append(sample)
        seen.append(f"{suspect.looks_like}? {suspect.share:.0%}")
    total = look.totals.get("suspects", len(tiles))
    text = Content.assemble(
        (f"Suspicious labels: {total:,}", "bold"),
        "  ",
        ("the label, and what its neighbours are; the most doubtful first", "$text-muted"),
    )
    title = "Suspicious labels"
    if any(tile.picture for tile in tiles):
        return LookPage("suspects", title, f"{total:,}", _LIKELY, text=text, tiles=tiles)
    return LookPage("suspects", title, f"{total:,}", _LIKELY, text=text,
                    cells=_table(look, held, seen))  # fmt: skip


def _features(look: DataLook) -> LookPage:
    ranked = sorted(look.features, key=lambda item: (-(item.decides or 0), -item.shift))
    cells: list[Sequence[str]] = [("feature", "alone", "shift", "range", "mean ± sd", "missing")]
    for item in ranked:
        alone = "" if item.decides is None else f"{item.decides:.3f}"
        cells.append(
            (
                item.name,
                alone,
                f"{item.shift:.2f}",
                _between(item.low, item.high, " … "),
                _between(item.mean, item.sd, " ± "),
                f"{item.missing:,}",
            )
        )
    what = "balanced accuracy" if look.classes else "squared correlation"
    text = Content.assemble(
        ("alone", "bold"), f": how well it tells the target by itself, on test ({what}).  ",
        ("shift", "bold"), ": the largest distance of its mean in another split, in sd.",
    )  # fmt: skip
    return LookPage("features", "Features", str(len(look.features)), text=text, cells=cells)


def _rules(look: DataLook) -> LookPage:
    names = {"near": "Near-duplicates", "suspects": "Suspicious labels"}
    parts = [
        Content.assemble((f"{names.get(key, key)}\n", "bold"), rule)
        for key, rule in look.rules.items()
    ]
    if look.notes:
        notes = "\n".join(f"• {note}" for note in look.notes)
        parts.append(Content.assemble(("Left out\n", "bold"), notes))
    return LookPage("rules", "How it was told", text=Content("\n\n").join(parts))


def _mark(certain: bool) -> str:
    return _CERTAIN if certain else _LIKELY


def _between(low: float | None, high: float | None, sign: str) -> str:
    return "none" if low is None or high is None else f"{low:.4g}{sign}{high:.4g}"

"""What of a look at the data wants a person's eye, in sentences."""

from collections.abc import Sequence

from researchdesk.domain.looking import Alike, DataLook, FeatureLook, Finding, FindingKind, Place
from researchdesk.harness.training.alike import across

_GIVES_AWAY = 0.99
_SHIFTED = 0.5
_RARE = 0.1
_NAMED = 3
_PLACES = 50


def findings_of(look: DataLook, groups: Sequence[Alike]) -> list[Finding]:
    """The findings, those that are certain first. ``groups`` are all the equal rows."""
    found = [
        *_missing(look),
        *_equal(groups),
        *_classes(look),
        *_leaks(look),
        *_likely(look),
        *_features(look),
    ]
    return sorted(found, key=lambda finding: not finding.certain)


def _missing(look: DataLook) -> list[Finding]:
    return [
        Finding(
            FindingKind.MISSING,
            f"{split.name}: {split.missing:,} missing (NaN) and {split.infinite:,} infinite of the "
            "input values.",
            True,
        )
        for split in look.splits
        if split.missing or split.infinite
    ]


def _equal(groups: Sequence[Alike]) -> list[Finding]:
    found = []
    other = [group for group in groups if group.contradict]
    if other:
        rows = sum(len(group.places) for group in other)
        words = f"{rows:,} rows have the same input as another row and another label."
        found.append(Finding(FindingKind.CONTRADICTION, words, True, _places(other)))
    shared = [group for group in groups if across(group)]
    if shared:
        names = sorted({place.split for group in shared for place in group.places})
        rows = sum(len(group.places) for group in shared)
        words = (
            f"{len(shared):,} inputs stand in more than one split ({', '.join(names)}; {rows:,} "
            "rows): a test row that was trained on measures memory."
        )
        found.append(Finding(FindingKind.ACROSS, words, True, _places(shared)))
    within = [group for group in groups if not across(group)]
    if within:
        rows = sum(len(group.places) - 1 for group in within)
        words = f"{rows:,} rows repeat another row of their own split."
        found.append(Finding(FindingKind.DUPLICATES, words, True, _places(within)))
    return found


def _places(groups: Sequence[Alike]) -> tuple[Place, ...]:
    return tuple(place for group in groups for place in group.places)[:_PLACES]


def _classes(look: DataLook) -> list[Finding]:
    if not look.classes:
        return []
    train = look.splits[0]
    found = []
    for split in look.splits[1:]:
        unseen = [
            name
            for name, ours, theirs in zip(look.classes, train.counts, split.counts, strict=True)
            if theirs and not ours
        ]
        if unseen:
            words = f"{split.name} has classes that training lacks: {_named(unseen)}."
            found.append(Finding(FindingKind.UNSEEN, words, True))
    present = [count for count in train.counts if count]
    if present and min(present) < _RARE * max(present):
        least = look.classes[train.counts.index(min(present))]
        words = (
            f"The rarest class, {least}, has {min(present):,} training rows, the most frequent "
            f"{max(present):,}: always saying that one is right for "
            f"{max(present) / train.rows:.1%} of the rows."
        )
        found.append(Finding(FindingKind.BALANCE, words, True))
    return found


def _leaks(look: DataLook) -> list[Finding]:
    telling = [item for item in look.features if (item.decides or 0) >= _GIVES_AWAY]
    if not telling:
        return []
    what = "the class" if look.classes else "the target"
    how = "balanced accuracy" if look.classes else "squared correlation"
    words = (
        f"{_named([item.name for item in telling])} alone tells {what} in test ({how} "
        f"{max(item.decides or 0 for item in telling):.3f}): was it made from the label?"
    )
    return [Finding(FindingKind.LEAK, words, False)]


def _likely(look: DataLook) -> list[Finding]:
    found = []
    if look.near:
        words = (
            f"{look.totals['near']:,} rows of other splits nearly equal a training row; nearest: "
            f"{look.near[0].places[0]} and {look.near[0].places[1]}."
        )
        places = tuple(place for pair in look.near for place in pair.places)[:_PLACES]
        found.append(Finding(FindingKind.NEAR, words, False, places))
    if look.suspects:
        first = look.suspects[0]
        words = (
            f"{look.totals['suspects']:,} labels are contradicted by their nearest rows; first: "
            f"{first.place} is {first.label}, its neighbours are {first.looks_like}."
        )
        places = tuple(suspect.place for suspect in look.suspects)[:_PLACES]
        found.append(Finding(FindingKind.SUSPECTS, words, False, places))
    return found


def _features(look: DataLook) -> list[Finding]:
    found = []
    if look.constant:
        words = (
            f"{len(look.constant):,} features never change in training: {_named(look.constant)}."
        )
        found.append(Finding(FindingKind.CONSTANT, words, True))
    moved = sorted(
        (item for item in look.features if item.shift >= _SHIFTED), key=lambda item: -item.shift
    )
    if moved:
        words = (
            f"{len(moved):,} features have another mean in another split, by {_SHIFTED} training "
            f"standard deviations or more: {_named([_moved(item) for item in moved])}."
        )
        found.append(Finding(FindingKind.SHIFT, words, False))
    return found


def _moved(item: FeatureLook) -> str:
    return f"{item.name} ({item.shift:.2f})"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more

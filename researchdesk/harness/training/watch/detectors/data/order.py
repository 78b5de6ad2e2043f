"""In which order items come in training."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from torch import Tensor
from torch.utils.data import BatchSampler, DataLoader, IterableDataset, SequentialSampler

from researchdesk.harness.training.watch.detectors.data.flow import Part, label_counts
from researchdesk.harness.training.watch.detectors.data.items import Items, PerModule
from researchdesk.harness.training.watch.findings import LIKELY, LOOK, Site
from researchdesk.harness.training.watch.session import Session

_LABELS = 100
_STEPS = 10
_LONGEST = 400


@dataclass(slots=True)
class _Seen:
    """What came so far for one model."""

    batches: deque[int] = field(default_factory=lambda: deque(maxlen=_LONGEST))
    firsts: set[int] = field(default_factory=set)
    calls: int = 0
    repeats: int = 0
    period: int = 0
    purity: float = 0.0
    labelled: int = 0
    counts: dict[int, int] = field(default_factory=dict)
    starts: int = 0
    many: int = 0
    sequential: bool = False
    differ: bool = False
    slice: float = 1.0
    site: Site = field(default_factory=Site)


class Order(Part):
    """The same order in each epoch, labels in runs, the same batch again and again."""

    names = ("training-not-shuffled", "labels-in-runs", "same-batch-again", "loader-restarted")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._seen: PerModule[_Seen] = PerModule(_Seen)

    def trained(self, items: Items) -> None:
        seen = self._seen.of(items.module)
        seen.calls += 1
        seen.site = _where(items)
        key = hash(tuple(items.keys[:64]))
        seen.differ |= len(set(items.keys[:64])) > 1
        self._follow(seen, key)
        if len(seen.firsts) < _LONGEST:
            seen.firsts.add(key)
        self._note_loader(seen, items)
        labels = items.labels()
        if labels is not None and labels.shape[0] >= 4:
            self._note_labels(seen, labels)

    def restarted(self) -> None:
        for seen in self._seen.all():
            seen.batches.clear()
            seen.repeats = 0

    def _follow(self, seen: _Seen, key: int) -> None:
        """Count batches that come where they came in the pass before."""
        if seen.period and len(seen.batches) >= seen.period:
            seen.repeats = seen.repeats + 1 if seen.batches[-seen.period] == key else 0
        if not seen.repeats:
            backward = list(seen.batches)[::-1]
            seen.period = backward.index(key) + 1 if key in seen.firsts and key in backward else 0
            seen.repeats = int(seen.period > 0)
        seen.batches.append(key)

    def _note_loader(self, seen: _Seen, items: Items) -> None:
        batch = items.batch
        if batch is None or not isinstance(batch.loader, DataLoader):
            seen.slice = min(seen.slice, items.data.numel() / max(items.held, 1))
            return
        if isinstance(batch.loader.dataset, IterableDataset):
            return
        seen.many = seen.many or _length(batch.loader)
        seen.starts += batch.index == 0 and batch.epoch >= seen.calls - 1
        if is_sequential(batch.loader) and seen.many > 1:
            seen.sequential |= batch.epoch > 0 and batch.index > 0

    def _note_labels(self, seen: _Seen, labels: Tensor) -> None:
        size = labels.shape[0]
        for label, count in label_counts(labels).items():
            seen.counts[label] = seen.counts.get(label, 0) + count
            seen.purity += count * (count - 1) / (size * (size - 1))
        seen.labelled += 1

    def finish(self) -> None:
        for seen in self._seen.all():
            in_runs = self._judge_runs(seen)
            same = len(seen.firsts) == 1 and seen.calls >= _STEPS
            if same and not seen.differ:
                continue
            if same:
                self._judge_same(seen)
            elif seen.starts >= max(_STEPS, seen.calls - 1) and seen.many > 1:
                self._judge_restarts(seen)
            elif seen.sequential or (seen.period >= 3 and seen.repeats >= 2 * seen.period):
                self._judge_order(seen, in_runs)

    def _judge_runs(self, seen: _Seen) -> bool:
        total = sum(seen.counts.values())
        if total < _LABELS or len(seen.counts) < 2 or seen.labelled < 3:
            return False
        expected = sum((count / total) ** 2 for count in seen.counts.values())
        alike = seen.purity / seen.labelled
        if alike < (1 + expected) / 2 or len(seen.firsts) < 2:
            return False
        self.session.report(
            "labels-in-runs",
            LIKELY,
            f"Items come to training sorted by their class: two items of a batch have the "
            f"same label in {alike:.0%}, where a shuffled order gives {expected:.0%}.",
            seen.site,
            alike=alike,
            expected=expected,
        )
        return True

    def _judge_same(self, seen: _Seen) -> None:
        if seen.many > 1:
            again = seen.starts >= _STEPS
            how = "the loader was started anew for each" if again else "one batch was kept"
            self.session.report(
                "same-batch-again",
                LIKELY if again else LOOK,
                f"All {seen.calls} steps that were looked at used the same batch, of {seen.many} "
                f"that the loader has: {how}.",
                seen.site,
                steps=seen.calls,
                batches=seen.many,
            )
        elif seen.slice < 0.5:
            self.session.report(
                "same-batch-again",
                LOOK,
                f"All {seen.calls} steps that were looked at used the same {seen.slice:.0%} of a "
                "larger tensor.",
                seen.site,
                steps=seen.calls,
                share=seen.slice,
            )

    def _judge_restarts(self, seen: _Seen) -> None:
        self.session.report(
            "loader-restarted",
            LOOK,
            f"A loader of {seen.many} batches was started anew for each of {seen.starts} steps, "
            "and gave its first batch only.",
            seen.site,
            starts=seen.starts,
            batches=seen.many,
        )

    def _judge_order(self, seen: _Seen, in_runs: bool) -> None:
        self.session.report(
            "training-not-shuffled",
            LIKELY if in_runs else LOOK,
            "Each pass over the training data brought the same batches in the same order.",
            seen.site,
            batches_in_a_pass=seen.period or seen.many,
        )


def _where(items: Items) -> Site:
    return items.batch.site if items.batch is not None and items.batch.site.file else items.site


def is_sequential(loader: DataLoader[object]) -> bool:
    """Whether items come in the order that they lie in; a batch sampler of one's own may do so."""
    batches = loader.batch_sampler
    if batches is None:
        return isinstance(loader.sampler, SequentialSampler)
    return type(batches) is BatchSampler and isinstance(batches.sampler, SequentialSampler)


def _length(loader: DataLoader[object]) -> int:
    try:
        return len(loader)
    except TypeError:
        return 0

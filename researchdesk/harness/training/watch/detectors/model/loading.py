"""States that were loaded into a model in part only."""

from researchdesk.harness.training.watch.detector import Detector
from researchdesk.harness.training.watch.events import Loaded
from researchdesk.harness.training.watch.findings import CERTAIN, LIKELY, LOOK

_STATISTICS = ("running_mean", "running_var")
_FEW = 3


class PartlyLoaded(Detector):
    """``checkpoint-loaded-in-part`` and ``batch-norm-statistics-not-loaded``."""

    names = ("checkpoint-loaded-in-part", "batch-norm-statistics-not-loaded")

    def loaded(self, loaded: Loaded) -> None:
        missing, unexpected = loaded.missing, loaded.unexpected
        if not (missing or unexpected):
            return
        all_names = list(loaded.module.state_dict().keys())
        statistics = [name for name in missing if name.endswith(_STATISTICS)]
        weights = [n for n in missing if not n.endswith((*_STATISTICS, "num_batches_tracked"))]
        known = {name.rpartition(".")[0] for name in weights}
        alone = [n for n in statistics if n.rpartition(".")[0] not in known]
        if alone:
            self._tell_statistics(alone, loaded)
        if not weights and not unexpected:
            return
        got = len(all_names) - len(missing)
        renamed = _renamed(missing, unexpected)
        certainty = LOOK
        if got == 0 and unexpected:
            certainty = CERTAIN
        elif len(renamed) >= max(_FEW, len(missing) / 2) or (
            unexpected and got < len(all_names) / 2
        ):
            certainty = LIKELY
        self.session.report(
            "checkpoint-loaded-in-part",
            certainty,
            _words(got, len(all_names), missing, unexpected, renamed),
            loaded.site,
            loaded=got,
            missing=missing[:20],
            unexpected=unexpected[:20],
        )

    def _tell_statistics(self, alone: list[str], loaded: Loaded) -> None:
        self.session.report(
            "batch-norm-statistics-not-loaded",
            LIKELY,
            f"{len(alone)} running statistics of batch norm ({_some(alone)}) were not in the state "
            "that was loaded, though their layers' weights were: in eval mode they are still at "
            "their start.",
            loaded.site,
            missing=alone[:20],
        )


def _renamed(missing: list[str], unexpected: list[str]) -> list[tuple[str, str]]:
    """Missing names, and unexpected ones that differ by what stands before a common end."""
    ends = {name.split(".", 1)[-1]: name for name in unexpected if "." in name}
    whole = set(unexpected)
    found = []
    for name in missing:
        short = name.split(".", 1)[-1]
        if short.count(".") and short in whole:
            found.append((name, short))
        elif name.count(".") and name in ends:
            found.append((name, ends[name]))
    return found


def _words(
    got: int, total: int, missing: list[str], unexpected: list[str], renamed: list[tuple[str, str]]
) -> str:
    words = f"Of {total} tensors of the model {got or 'none'} came from the state that was loaded"
    if missing:
        words += f"; {len(missing)} stayed as they were ({_some(missing)})"
    if unexpected:
        words += f"; {len(unexpected)} of the state were passed over ({_some(unexpected)})"
    if renamed:
        words += f". {renamed[0][0]} seems to be there as {renamed[0][1]}"
    return words + "."


def _some(names: list[str]) -> str:
    return ", ".join(names[:_FEW]) + (", …" if len(names) > _FEW else "")

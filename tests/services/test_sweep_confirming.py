"""What fresh seeds that measure less than the sweep did say of the chosen trial."""

import pytest
from support.sweep_maker import Made, swept_recipe, write_sweep

from researchdesk.services import sweep_confirming
from researchdesk.services.desk import Desk
from researchdesk.services.sweeps import SweepHow

SILENT = """
def measure(run):
    metrics = {"valid_score": run.settings["lr"], "test_score": 1.0}
    if run.seed == 2:
        del metrics["%s"]
    return metrics
"""


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["valid_score", "test_score"])
def test_a_fresh_seed_without_the_metric_is_not_left_out_silently(desk: Desk, metric: str) -> None:
    swept_recipe(desk, SILENT % metric)
    sweep_id = write_sweep(desk, [Made(lr=0.03, value=0.9)])
    found = sweep_confirming.confirm_sweep(desk, sweep_id, 3, SweepHow(jobs=1, trust=True))
    (short,) = (row for row in found.rows if row.metric == metric)
    assert (found.exit_code, short.n, short.not_finite) == (6, 2, 0)

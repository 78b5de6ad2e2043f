"""What speaks against the curves stands beside them."""

from pathlib import Path

import pytest
from support.bench import BenchApp, begun, finish, measure, seen, until, watched_report
from support.recipe_maker import write_recipe

from researchdesk.domain.watching import Certainty, WatchFinding
from researchdesk.services.desk import Desk
from researchdesk.services.watching import findings_on, keep_report
from researchdesk.tui.widgets.bench_findings import findings_words

WIDE = (200, 60)


@pytest.fixture
def desk(bare_desk: Desk) -> Desk:
    return bare_desk


async def test_failed_checks_and_watched_scripts_stand_below_the_curves(
    desk: Desk, bundled: Path
) -> None:
    write_recipe(bundled)
    run = begun(desk)
    told = {"name": "one batch learnt by heart", "ok": False, "message": "accuracy [b]0.31[/b]"}
    run.record("check", data=told)
    for seed in range(3):
        measure(run, seed)
    keep_report(desk, watched_report("2001.00001"))
    keep_report(desk, watched_report("2001.00009"))
    finish(run)
    app = BenchApp(desk)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "✗ one batch learnt by heart: accuracy [b]0.31[/b]" in seen(app))
        assert seen(app).count("? softmax-before-cross-entropy train.py:7") == 1
        assert "W tells why" in seen(app)


def test_many_are_counted_and_passed_checks_take_a_line() -> None:
    assert not findings_words({}, ()).plain
    some = {"a": (True, ""), "b": (None, ""), "c": (True, "")}
    assert findings_words(some, ()).plain.startswith("✓ 2 checks passed, 1 not run")
    failing: dict[str, tuple[bool | None, str]] = {str(n): (False, "why") for n in range(5)}
    lines = findings_words(failing, ()).plain.splitlines()
    assert lines[:3] == ["✗ 0: why", "✗ 1: why", "✗ 2: why"]
    assert "2 more" in lines[3]


def test_an_unsure_finding_is_no_reason_to_doubt_the_curves(desk: Desk) -> None:
    unsure = WatchFinding("output-without-bias", Certainty.LOOK, "No bias.")
    keep_report(desk, watched_report("r", unsure))
    assert not findings_on(desk, "r")

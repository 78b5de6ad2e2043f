"""The dialogs before and after a look at the test of a sweep."""

from support.bench import seen
from support.sweep_maker import Made, chosen_by, write_sweep

from researchdesk.services.desk import Desk
from researchdesk.services.sweep_reading import sweep_page
from researchdesk.services.sweep_testing import look_at_test
from researchdesk.tui.dialogs.look_at_test import TestLookDialog, may_look


async def test_a_trial_that_the_test_chose_is_never_said_to_be_of_validation(
    desk: Desk, make_app, until
) -> None:
    sweep_id = write_sweep(desk, [Made(metrics={"test_score": 0.5, "test_loss": 0.25})])
    by_validation = sweep_page(desk, sweep_id)
    chosen_by(desk, sweep_id, "test_score")
    page = sweep_page(desk, sweep_id)
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        app.push_screen(may_look(by_validation, by_validation.best, by_validation.best))
        await until(pilot, lambda: "Trial 0, chosen on validation:" in seen(app))
        assert "The test was not looked at yet." in seen(app)
        await pilot.press("n")
        app.push_screen(may_look(page, page.best, page.best))
        await until(pilot, lambda: "Trial 0, chosen by test_score, which may be" in seen(app))
        assert "not looked at yet." not in seen(app)
        await pilot.press("n")
        app.push_screen(TestLookDialog(look_at_test(desk, sweep_id)))
        await until(pilot, lambda: "Chosen by test_score, which may be of the test" in seen(app))
        assert "(validation)" not in seen(app)

from dataclasses import replace

from researchdesk.services.desk import open_desk
from researchdesk.tui.app import ResearchDeskApp
from researchdesk.tui.synced_warning import synced_warning


async def test_a_desk_in_a_synced_folder_is_warned_about_once(settings, tmp_path, until):
    folder = tmp_path / "Dropbox" / "desk"
    desk = open_desk(replace(settings, desk=folder, offline=True))
    app = ResearchDeskApp(desk)
    async with app.run_test() as pilot:
        await until(pilot, lambda: any("Dropbox" in n.message for n in app._notifications))
    assert synced_warning(desk) == ""
    desk.close()


def test_another_desk_is_not(desk):
    assert synced_warning(desk) == ""

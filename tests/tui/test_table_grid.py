"""The cells of a table: how wide its columns are, and cells that span them."""

from textual.app import App, ComposeResult

from researchdesk.tui.widgets.table_grid import TableGrid

LONG = "positional embedding instead of sinusoids"


class Shown(App[None]):
    def compose(self) -> ComposeResult:
        yield TableGrid()


async def test_a_cell_over_several_columns_is_shown_once_and_widens_none():
    app = Shown()
    async with app.run_test(size=(80, 10)) as pilot:
        grid = app.query_one(TableGrid)
        grid.show([["", *"abcdefgh", "PPL"], ["(E)", *[LONG] * 8, "4.92"], ["x", *"1" * 8, "5"]])
        await pilot.pause()
        lines = grid.text.splitlines()
        assert lines[1].split()[0] == "(E)"
        assert "positional embeddin" in lines[1]
        assert lines[1].count("positional") == 1
        assert lines[1].rstrip().endswith("4.92")
        assert lines[2].count("1") == 8
        assert not grid.wide


async def test_what_is_cut_ends_with_an_ellipsis_and_is_whole_where_there_is_room():
    rows = [["model", *["score"] * 2], ["Vinyals & Kaiser et al. (2014) [37]", LONG, "91.0"]]
    app = Shown()
    async with app.run_test(size=(120, 10)) as pilot:
        grid = app.query_one(TableGrid)
        grid.show(rows)
        await pilot.pause()
        assert "[37]" in grid.text
        assert LONG in grid.text
        grid.show([[*rows[0], *["more"] * 9], [*rows[1], *[f"{LONG} {n}" for n in range(9)]]])
        await pilot.pause()
        assert "[37]" not in grid.text
        assert "…" in grid.text
        assert grid.wide

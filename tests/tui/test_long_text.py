"""The fields for long texts."""

from textual.app import App, ComposeResult

from researchdesk.tui.widgets.long_text import LongText


class OneText(App[None]):
    def compose(self) -> ComposeResult:
        yield LongText(" ".join(["secondedit"] * 34), soft_wrap=True)


async def test_the_cursor_is_seen_where_the_last_key_began_a_line_by_wrapping() -> None:
    app = OneText()
    async with app.run_test(size=(60, 5)) as pilot:
        text = app.query_one(LongText)
        text.move_cursor(text.document.end)
        lines = text.wrapped_document.height
        while text.wrapped_document.height == lines:
            await pilot.press("x")
        await pilot.pause()
        assert text.scroll_offset.y == text.max_scroll_y

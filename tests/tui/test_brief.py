"""A text of a million signs is drawn as far as it is read."""

from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import OptionList

from researchdesk.tui.widgets.brief import MOST, MOST_OF_OPTION, Option, Static

LONG = "word [b] " * 110_000


class _Told(App[None]):
    def compose(self) -> ComposeResult:
        yield Static(LONG, id="text", markup=False)
        yield OptionList(Option(Content(LONG), id="one"))


async def test_only_the_beginning_of_a_long_text_is_laid_out() -> None:
    app = _Told()
    async with app.run_test(size=(80, 24)) as pilot:
        text = app.query_one("#text", Static)
        for long in (None, LONG, Content.assemble(("head", "bold"), LONG)):
            if long is not None:
                text.update(long)
                await pilot.pause()
            assert isinstance(text.visual, Content)
            assert len(text.visual) == MOST
            assert text.visual.plain.endswith("…")
        options = app.query_one(OptionList)
        for prompt in (options.get_option("one").prompt, LONG):
            options.replace_option_prompt("one", prompt)
            shown = options.get_option("one").prompt
            assert len(str(shown)) == MOST_OF_OPTION
        text.update("short")
        assert str(text.visual) == "short"

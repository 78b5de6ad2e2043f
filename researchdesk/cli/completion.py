"""``completion``: prints what a shell needs to complete the words of researchdesk."""

import sys

import click

from researchdesk import assets
from researchdesk.cli import diagnostics, output

_INSTALL = {
    "bash": 'Put this line into ~/.bashrc: eval "$(researchdesk completion bash)"',
    "zsh": 'Put this line into ~/.zshrc, behind compinit: eval "$(researchdesk completion zsh)"',
    "fish": "Keep it where fish looks for it: "
    "researchdesk completion fish > ~/.config/fish/completions/researchdesk.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(list(_INSTALL)))
def completion(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    ~/.bashrc:  eval "$(researchdesk completion bash)"
    ~/.zshrc:   eval "$(researchdesk completion zsh)"     behind compinit
    fish:       researchdesk completion fish > ~/.config/fish/completions/researchdesk.fish

    Commands and options are completed, and of the desk: ids of papers, tags, collections, kept
    searches, reading lists, recipes, runs, and the words of a search.
    """
    script = assets.folder("data") / "completion" / f"researchdesk.{shell}"
    output.write(script.read_text(encoding="utf-8").rstrip("\n"))
    if sys.stdout.isatty():
        diagnostics.say(_INSTALL[shell])

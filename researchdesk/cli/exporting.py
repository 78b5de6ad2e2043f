"""Export: notes into a vault, papers as bibliographies."""

import click

from researchdesk.cli.lazy import LazyGroup

COMMANDS = {
    "notes": (
        "researchdesk.cli.vaults:notes",
        "Write papers with their notes as pages of a plain folder, Obsidian or Logseq.",
    ),
    "bibtex": ("researchdesk.cli.bibliographies:bibtex", "Write papers as BibTeX."),
    "csl": (
        "researchdesk.cli.bibliographies:csl",
        "Write papers as CSL-JSON, which Zotero and pandoc read.",
    ),
    "ris": (
        "researchdesk.cli.bibliographies:ris",
        "Write papers as RIS, which EndNote and Mendeley read.",
    ),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def export() -> None:
    """Write what is on the desk out to files."""

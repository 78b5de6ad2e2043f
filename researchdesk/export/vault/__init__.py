"""Notes as pages of a vault: a plain folder, Obsidian, Logseq; one class for each."""

from researchdesk.export.vault.dialect import Dialect
from researchdesk.export.vault.logseq import Logseq
from researchdesk.export.vault.obsidian import Obsidian
from researchdesk.export.vault.plain import Plain

DIALECTS: dict[str, Dialect] = {one.name: one for one in (Plain(), Obsidian(), Logseq())}
"""By the names that --vault and the setting know; each is told by a folder of its own."""

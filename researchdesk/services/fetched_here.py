"""Whether a folder of code was fetched on this machine, or came with the desk.

What comes with a desk may say of itself to be any commit. A word that nobody can guess is kept
both in the folder and in the state of the person who fetched it.
"""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from researchdesk import files
from researchdesk.errors import BadInputError

_FILE = ".fetched-here"


@dataclass(frozen=True, slots=True)
class FetchedHere:
    """``home``: the folder that the code is in, ``state`` the person's own."""

    home: Path
    state: Path

    def holds(self) -> bool:
        """Whether the folder has the word that is kept for it."""
        try:
            said, kept = files.read_text(self.home / _FILE), files.read_text(self._kept)
        except BadInputError:
            return False
        return bool(kept) and secrets.compare_digest(said.encode(), kept.encode())

    def keep(self) -> None:
        """Give the folder a new word. Raises BadInputError where it cannot be written."""
        word = secrets.token_hex(16)
        files.write_text(self._kept, word, mode=0o600)
        files.write_text(self.home / _FILE, word)

    @property
    def _kept(self) -> Path:
        name = hashlib.sha256(os.fsencode(self.home.absolute())).hexdigest()[:32]
        return self.state / "checkouts" / name

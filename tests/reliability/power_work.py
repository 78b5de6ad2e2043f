"""Run as a file: works at a desk by a seed, and tells the file ``told`` beside it what it was told.

python power_work.py FOLDER SEED ACTIONS
"""

import hashlib
import json
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

from researchdesk import files
from researchdesk.config import Settings
from researchdesk.domain.papers import Metadata, Paper
from researchdesk.services import keeping, labels, library, notes, stories, surprises
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.importing import import_library
from researchdesk.tui.dialogs.note import NoteForm
from researchdesk.tui.drafts import Drafts


class Worker:
    """Does something at random, and tells what was acknowledged, and which files are meant."""

    def __init__(self, folder: Path, seed: str) -> None:
        self.folder, self.dice, self.number = folder, random.Random(seed), 0
        self.settings = Settings(desk=folder / "desk", state=folder / "state", offline=True)
        self._told = os.open(folder / "told", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.desk = self._open()
        self.story = stories.new_story(self.desk, "A story").slug
        self.typed = ""

    def tell(self, kind: str, words: str, about: str = "") -> None:
        line = json.dumps({"kind": kind, "words": words, "about": about})
        os.write(self._told, line.encode() + b"\n")

    def word(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    def long(self, word: str) -> str:
        return f"{word} " + "x" * self.dice.choice((0, 200, 5000))

    def paper(self) -> Paper:
        return self.dice.choice(library.list_papers(self.desk)).paper

    def _open(self) -> Desk:
        desk = open_desk(self.settings)
        # the log goes into the database after a few changes, as it does after many
        desk.database.raw.execute("PRAGMA wal_autocheckpoint=40")
        return desk

    def again(self) -> None:
        self.desk.close()
        self.desk = self._open()

    def note(self) -> None:
        paper = self.paper()
        text = self.long(self.word("note")).strip()
        self.tell("kept", notes.add_note(self.desk, paper, 1, text).text)

    def edit(self) -> None:
        if found := notes.notes_of(self.desk):
            note, text = self.dice.choice(found), self.long(self.word("edit")).strip()
            self.tell("kept", notes.edit_note(self.desk, note.id, text=text).text)

    def tag(self) -> None:
        paper, name = self.paper(), self.word("tag")
        labels.tag(self.desk, [paper.id], [name])
        self.tell("tag", name)

    def surprise(self) -> None:
        self.tell("surprise", surprises.add_surprise(self.desk, self.word("funny"), "a", "b").text)

    def type(self) -> None:
        """Keys, each written at once; half a second later they are flushed."""
        for _ in range(self.dice.randint(1, 8)):
            before, self.typed = self.typed, f"{self.typed} {self.word('typed')}"
            stories.autosave(self.desk, self.story, 1, self.typed, over=before)
        if self.dice.random() < 0.6:
            self.desk.database.flush()
            self.tell("typed", self.typed.split()[-1])

    def pause(self) -> None:
        self.typed = stories.save_draft(self.desk, self.story, self.typed, 1).text
        if self.typed:
            self.tell("typed", self.typed.split()[-1])

    def begin_note(self) -> None:
        """What the dialog of a note keeps while one writes."""
        name, text = f"paper-{self.dice.randint(1, 3)}", self.long(self.word("begun"))
        self.tell("means", text, f"desk/drafts/{name}")
        if not Drafts(self.desk.root / "drafts").keep(name, NoteForm(text)):
            self.tell("begun", text, name)

    def export(self) -> None:
        name, text = f"out/{self.dice.randint(1, 3)}.md", self.long(self.word("page"))
        self._file(name, text, lambda path: files.write_text(path, text))

    def bring(self) -> None:
        name, text = f"desk/papers/{self.number}.pdf", self.long(self.word("pdf"))
        source = self.folder / "source"
        source.write_text(text, "utf-8")
        self._file(name, text, lambda path: files.copy_in(source, path))

    def _file(self, name: str, text: str, write: Callable[[Path], object]) -> None:
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.tell("means", digest, name)
        write(self.folder / name)
        self.tell("file", digest, name)

    def import_(self) -> None:
        key, file = self.word("key"), self.folder / "some.bib"
        file.write_text(
            f"@article{{{key}, title={{{key}}}, author={{A B}}, year={{2020}}}}", "utf-8"
        )
        import_library(self.desk, [file])
        self.tell("paper", key)

    def backup(self) -> None:
        made = keeping.backup(self.settings, self.desk.clock, lambda *rest: None, newest=3)
        for path in made.removed:
            self.tell("removed", str(path.relative_to(self.folder)))
        self.tell("backup", str(made.path.relative_to(self.folder)), str(made.counts["notes"]))

    def act(self) -> None:
        ways = (
            [self.note] * 4 + [self.edit] * 3 + [self.tag] * 2 + [self.type] * 4 + [self.pause]
            + [self.begin_note] * 2 + [self.export] * 2 + [self.bring, self.surprise, self.import_]
            + [self.backup, self.again]
        )  # fmt: skip
        self.dice.choice(ways)()


def main(folder: Path, seed: str, actions: int) -> None:
    worker = Worker(folder, seed)
    for number in range(3):
        words = Metadata(f"Paper {number}", ("A. B",), "Words.", (), arxiv_id=f"2001.{number:05d}")
        library.file_metadata(worker.desk, words)
    for _ in range(actions):
        worker.act()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))

"""Two people at the terminal app, each with papers of their own and some that both work on."""

import random
from collections.abc import Callable, Collection

from reliability.together_oracle import Fact, Ledger
from reliability.together_screen import FrozenError, Screen

COMMON, SHARED = "heron", "garnet"
"""The words of the titles of a paper that both write notes on, and of one with a note of both."""
MODES = {"F1": "Home", "F4": "Bench", "F5": "urprise", "F7": "nvestigation", "F8": "dea"}


class Person:
    """Does something at random until it is told to stop; ``own`` are words of titles with the ids
    of papers that nobody else touches, ``only`` names of what to do, where not all."""

    def __init__(
        self,
        screen: Screen,
        ledger: Ledger,
        own: dict[str, str],
        seed: str,
        only: Collection[str] = (),
    ) -> None:
        self.screen, self.ledger, self.own = screen, ledger, own
        self.dice = random.Random(seed)
        self.only = only
        self.number = 0
        self.stars = dict.fromkeys(own, 0)
        self.told = 0

    def begin(self) -> None:
        self.screen.until("F2 Library")
        self.screen.press("F2", r"\d\d papers")

    def act(self) -> None:
        """One thing, and what is told of it kept."""
        ways: list[tuple[str, int, Callable[[], None]]] = [
            ("note", 4, self.note),
            ("note and undo", 2, self.note_undone),
            ("note of both", 3, self.edit_shared),
            ("tag", 3, self.tag),
            ("tag and undo", 2, self.tag_undone),
            ("stars", 3, self.give_stars),
            ("surprise", 2, self.surprise),
            ("story of both", 3, self.story),
            ("search", 2, self.search),
            ("screens", 2, self.walk),
        ]
        ways = [way for way in ways if not self.only or way[0] in self.only]
        name, _, way = self.dice.choices(ways, [weight for _, weight, _ in ways])[0]
        way()
        self.ledger.actions[name] += 1

    def _word(self, kind: str) -> str:
        self.number += 1
        return f"{self.ledger.name}{kind}{self.number}"

    def _find(self, word: str) -> None:
        """The library with one paper, under the cursor."""
        self.screen.press("F2", "Search")
        self.screen.press("Escape", r"\d\d papers")
        self.screen.press("/", "To the list")
        self.screen.press("C-u", "words, or")
        self.screen.type(word)
        self.screen.until(r"\b1 paper\b")
        self.screen.press("Enter", "Read  space Mark")

    def _read(self, word: str) -> None:
        self._find(word)
        self.screen.press("Enter", r"\d of \d  \w")

    # Notes

    def _write_note(self) -> str:
        text = self._word("note")
        self.screen.press("n", "Your words")
        self.screen.type(text)
        self.screen.press("C-s", "Your words", gone=True)
        self.screen.until(rf"{text}\b")
        return text

    def note(self) -> None:
        self._read(self.dice.choice([*self.own, COMMON]))
        self.ledger.keep("note", self._write_note())

    def note_undone(self) -> None:
        self._read(COMMON)
        text = self._write_note()
        fact = Fact("note", text)
        self.ledger.keep(*("note", text))
        self.screen.press("C-z", "is taken back")
        self.ledger.take(fact, "gone")

    def edit_shared(self) -> None:
        """The one note of this paper; what the other wrote meanwhile is among its states."""
        self._read(SHARED)
        self._to_notes()
        self.screen.press("e", r"─ Note \d+")
        word = self._word("edit")
        self.screen.type(f" {word}")
        self.screen.press("C-s", "Your words", gone=True)
        self.ledger.keep("edit", word)

    def _to_notes(self) -> None:
        for _ in range(6):
            if self.screen.has("e Edit"):
                return
            self.screen.tab()
        raise FrozenError(f"no way to the notes:\n{self.screen.see()}")

    # What is put on papers

    def _put_tag(self) -> Fact:
        word = self.dice.choice(list(self.own))
        fact = Fact("tag", self._word("tag"), self.own[word])
        self._find(word)
        self.screen.press("t", "Type a name|puts|takes")
        self.screen.type(fact.words)
        self.screen.press("Enter", f"agged {fact.words}")
        self.ledger.keep("tag", fact.words, fact.about)
        return fact

    def tag(self) -> None:
        self._put_tag()

    def tag_undone(self) -> None:
        fact = self._put_tag()
        self.screen.press("C-z", rf"Taken back(?:.*\n){{1,3}}.*agged {fact.words}\b")
        self.ledger.take(fact, "untagged")

    def give_stars(self) -> None:
        word = self.dice.choice(list(self.own))
        # another number than what was told last, which may still be read
        others = [n for n in range(1, 6) if n not in (self.stars[word], self.told)]
        self.told = stars = self.dice.choice(others)
        self._find(word)
        told = rf"Stars(?:.*\n){{1,3}}.*iven {stars} star"
        self.screen.press(str(stars), told)
        self.stars[word] = stars
        self.ledger.instead("stars", str(stars), self.own[word])

    # Surprises, stories, and the ways between

    def surprise(self) -> None:
        text = self._word("funny")
        self.screen.press("F2", "Search")
        self.screen.press("Escape", r"\d\d papers")
        self.screen.press("!", "What is funny")
        self.screen.type(text)
        self.screen.press("Enter", text)
        self.screen.type(self._word("expected"))
        self.screen.press("Enter", text)
        self.screen.type(self._word("observed"))
        self.screen.press("C-s", "What is funny", gone=True)
        self.screen.until(r"Surprise \d+; F5 shows it")
        self.ledger.keep("surprise", text)

    def story(self) -> None:
        self.screen.press("F6", r"draft \d")
        self.screen.press("Enter", r"draft \d")
        word = self._word("story")
        self.screen.press("C-End", r"draft \d")
        self.screen.type(f" {word}")
        self.screen.until(r"· (kept|written down)")
        self.ledger.keep("story", word)
        self.screen.press("Escape", r"draft \d")

    def search(self) -> None:
        self._find(self.dice.choice([*self.own, COMMON, SHARED]))

    def walk(self) -> None:
        for key in self.dice.sample(sorted(MODES), 3):
            self.screen.press(key, MODES[key])

"""Posts of a thread: text cut into pieces of so many characters, numbered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COMMENT = re.compile(r"(?:(?<!\s)(\s+))?(<!--(?:.*?-->|.*\Z))", re.S)
_BLANK = re.compile(r"\n[ \t]*\n")
_PLACES = "\U000f0000-\U000ffffd"
_PLACE = re.compile(f"[{_PLACES}]")
_SENTENCE = re.compile(rf"(?<=[.!?…{_PLACES}])\s+")

_WITH_NUMBER = re.compile(rf"(?<=[.!?…{_PLACES}])\s+(?!Measured: )")


@dataclass(frozen=True, slots=True)
class Post:
    """``text`` with its number is what is posted; ``comments`` are for the writer."""

    text: str
    comments: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """How many characters it has, each counted as one."""
        return len(self.text)


def posts_of(text: str, limit: int) -> list[Post]:
    """Every paragraph of ``text`` as one post of at most ``limit`` characters, or as several.

    A paragraph is cut between sentences, a sentence that is too long between words, a word that is
    too long anywhere. Comments go with the post in which they stand, those of a paragraph that is
    nothing else with the post before. Each begins with its number: ``2/7``. Needs ``limit`` of 40
    and more.
    """
    comments: list[str] = []

    def place(match: re.Match[str]) -> str:
        comments.append(match[2])
        before = match[1] or ""
        own = before if _BLANK.search(before) else ""
        return f"{own}{chr(0xF0000 + len(comments) - 1)} "

    marked = _COMMENT.sub(place, _PLACE.sub("", text))
    found: list[str] = []
    for block in _BLANK.split(marked):
        pieces = cut(" ".join(block.split()), limit - len("000/000 "))
        for piece in pieces:
            if _bare(piece).strip() or not found:
                found.append(piece)
            else:
                found[-1] += piece
    said = [piece for piece in found if _bare(piece).strip()]
    lost = "".join(piece for piece in found if not _bare(piece).strip())
    said[:1] = [lost + piece for piece in said[:1]]
    return [
        Post(
            f"{number}/{len(said)} {_bare(piece).strip()}",
            tuple(comments[ord(sign) - 0xF0000] for sign in _PLACE.findall(piece)),
        )
        for number, piece in enumerate(said, start=1)
    ]


def cut(text: str, room: int) -> list[str]:
    """``text`` in pieces of at most ``room`` characters; no word is lost."""
    pieces: list[str] = []
    for part in _fitting(text, room):
        if pieces and len(_bare(pieces[-1])) + 1 + len(_bare(part)) <= room:
            pieces[-1] += f" {part}"
        else:
            pieces.append(part)
    return pieces


def _fitting(text: str, room: int) -> Iterator[str]:
    """Sentences that fit; words of those that do not; pieces of words that do not."""
    for sentence in _sentences(text, room):
        if len(_bare(sentence)) <= room:
            yield sentence
            continue
        for word in sentence.split():
            bare, signs = _bare(word), "".join(_PLACE.findall(word))
            parts = [bare[at : at + room] for at in range(0, len(bare), room)] or [""]
            yield from parts[:-1]
            yield parts[-1] + signs


def _sentences(text: str, room: int) -> Iterator[str]:
    """Sentences, each with the number that was measured of it where both fit into one piece."""
    for whole in filter(None, _WITH_NUMBER.split(text)):
        yield from [whole] if len(_bare(whole)) <= room else filter(None, _SENTENCE.split(whole))


def _bare(text: str) -> str:
    """Without the places of comments, which take no room."""
    return _PLACE.sub("", text)

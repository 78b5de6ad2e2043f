"""What can be answered of a talk's slides by reading them. Pure functions, one a question."""

import re
from collections.abc import Iterable, Mapping, Sequence

from researchdesk.domain.checklist_facts import graded, not_known
from researchdesk.domain.checklists import Evidence, Found
from researchdesk.domain.run_checks import count_of
from researchdesk.domain.slides import (
    LONGEST_S,
    BlockKind,
    Deck,
    Slide,
    most_slides,
    write_time,
)
from researchdesk.domain.talk_notes import goals_of

_MOST_WORDS, _LONG, _LINES, _FORMULAS = 40, 16, 10, 2
_SENTENCE, _NAMED = 3, 8
_THEMES = ("default", "gaia", "uncover")
_LEAST_PX, _LEAST_PART = 24.0, 0.85
_WRITTEN = (BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.RAW, BlockKind.ITEM)
_SIZE = re.compile(r"font-size\s*:\s*([\d.]+)\s*(px|pt|em|rem|%|vw)?", re.I)
_UPPER = re.compile(r"(?:text-transform\s*:\s*uppercase|font-variant[\w-]*\s*:\s*[\w-]*small-caps)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_THANKS = re.compile(
    r"\b(?:thanks?|thank you|questions?|q\s*&\s*a|acknowledge?ments?|references|bibliography"
    r"|contact|merci|danke|gracias|obrigad[oa]|grazie|fragen)\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"\b(?:backup|back-up|appendix|extra slides?|spare)\b", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:conclusions?|summary|take-?aways?|in short)\b", re.IGNORECASE)


def talk_slides(deck: Deck) -> tuple[Slide, ...]:
    """The slides that are shown: those from one called backup or appendix on are left out."""
    for at, slide in enumerate(deck.slides):
        if at and _BEHIND.search(slide.title):
            return deck.slides[:at]
    return deck.slides


def readable_font(deck: Deck) -> Found:
    """No letters made smaller, no more lines than fit."""
    small = [found[0] for found in _SIZE.finditer(deck.styles) if _is_small(found[1], found[2])]
    lacks = [f"the style makes letters small: {', '.join(sorted(set(small)))}"] if small else []
    full = {slide.number: str(_lines(slide)) for slide in deck.slides if _lines(slide) > _LINES}
    lacks += [f"more than {_LINES} lines on {_named(full)}"] if full else []
    most = max(deck.slides, key=_lines)
    theme = deck.front.get("theme", deck.directives.get("theme", "default"))
    good = [] if small else [f"the size is that of the theme “{theme}”"]
    if not full:
        lines = count_of(range(_lines(most)), "line")
        good.append(f"at most {lines}, on slide {most.number}")
    if theme not in _THEMES:
        lacks.append(f"the theme “{theme}” is none of Marp's own; its size is not known here")
    return _told(good, lacks + _unseen(deck, "the size of letters"))


def goals_said(deck: Deck) -> Found:
    """What the listener should leave with stands in the notes; what serves it no rule can tell."""
    said = goals_of(deck.slides)
    if not said:
        return not_known(lacks="The notes do not say what the listener should leave with.")
    lacks = ["whether each slide serves that, only you can say"]
    return graded([Evidence(f"the notes say it: {'; '.join(said)}")], lacks)


def few_words(deck: Deck) -> Found:
    """Not more words on a slide than are read at a glance or two."""
    over = {one.number: str(one.words) for one in deck.slides if one.words > _MOST_WORDS}
    lacks = [f"over {_MOST_WORDS} words on {_named(over, 'words')}"] if over else []
    most = max(deck.slides, key=lambda slide: slide.words)
    rest = len(deck.slides) - len(over)
    good = [f"at most {count_of(range(most.words), 'word')}, on slide {most.number}"]
    return _told([_of(rest, deck, "few words")] if over else good, lacks, rest)


def no_paragraphs(deck: Deck) -> Found:
    """Nothing on a slide goes over two lines."""
    long = {
        slide.number: f"{max(found)} words in one piece"
        for slide in deck.slides
        if (found := [b.words for b in slide.blocks if b.kind in _WRITTEN and b.words > _LONG])
    }
    lacks = [f"paragraphs on {_named(long)}"] if long else []
    rest = len(deck.slides) - len(long)
    return _told([_of(rest, deck, "no piece longer than a line or two")], lacks, rest)


def no_capitals(deck: Deck) -> Found:
    """No words in capitals but abbreviations, and none made so by the style."""
    every = [word for slide in deck.slides for word in _words(slide)]
    small = {word.lower() for word in every if not word.isupper()}
    loud = {one.number: ", ".join(found) for one in deck.slides if (found := _loud(one, small))}
    lacks = [f"capitals on {_named(loud)}"] if loud else []
    if _UPPER.search(deck.styles):
        lacks.append("the style sets words in capitals")
    rest = len(deck.slides) - len(loud)
    return _told([_of(rest, deck, "no words in capitals")], lacks, rest)


def one_language(deck: Deck, small_words: Mapping[str, Iterable[str]]) -> Found:
    """The same language on all slides, as far as their small words tell it."""
    spoken: dict[str, list[int]] = {}
    for slide in deck.slides:
        name = _language(_words(slide), small_words)
        if name:
            spoken.setdefault(name, []).append(slide.number)
    if not spoken:
        return not_known(lacks="There are too few words to tell the language by.")
    main, *others = sorted(spoken, key=lambda name: -len(spoken[name]))
    good = [f"{main} on {_numbers(spoken[main])}"]
    lacks = [f"{name} on {_numbers(spoken[name])}" for name in others]
    return _told(good, lacks + _unseen(deck, "the language"))


def messages(deck: Deck) -> Found:
    """Each slide has a title, and one."""
    bad: dict[int, str] = {}
    for slide in deck.slides:
        tops = [one for one in slide.blocks if one.kind is BlockKind.HEADING and one.depth < 3]
        if not slide.title:
            bad[slide.number] = "no title"
        elif len(tops) > 1:
            bad[slide.number] = f"{len(tops)} titles"
    topics = {
        slide.number: f"“{slide.title}”"
        for slide in deck.slides[1:]
        if slide.number not in bad and len(slide.title.split()) < _SENTENCE
    }
    lacks = [f"not one message on {_named(bad)}"] if bad else []
    lacks += [f"a topic, not a message, on {_named(topics)}"] if topics else []
    rest = len(deck.slides) - len(bad) - len(topics)
    return _told([_of(rest, deck, "one title")], lacks, rest)


def in_time(deck: Deck) -> Found:
    """Not more slides than the time allows, each with one to two minutes."""
    slides = talk_slides(deck)
    planned = deck.planned()[: len(slides)]
    whole = sum(planned)
    minutes = deck.minutes or whole / 60
    lacks: list[str] = []
    if len(slides) > most_slides(minutes):
        lacks.append(
            f"{len(slides)} slides for {minutes:g} minutes; {most_slides(minutes)} are the most"
        )
    if whole > 60 * minutes + 1:
        lacks.append(f"{write_time(whole)} are planned for {minutes:g} minutes")
    long = {one.number: write_time(s) for one, s in _each(slides, planned) if s > LONGEST_S}
    short = {one.number: write_time(s) for one, s in _each(slides[1:], planned[1:]) if s < 45}
    lacks += [f"over two minutes: {_named(long)}"] if long else []
    lacks += [f"much under a minute: {_named(short)}"] if short else []
    unsaid = {one.number: "" for one in slides if one.planned_s is None}
    lacks += [f"no time is said on {_named(unsaid)}"] if unsaid else []
    good = f"{count_of(slides, 'slide')}, {write_time(whole)} planned of {minutes:g} minutes"
    rest = len(slides) - len(long) - len(short)
    return _told([good], lacks, rest)


def ends_on_conclusion(deck: Deck) -> Found:
    """The last slide says something, and neither thanks nor asks."""
    last = talk_slides(deck)[-1]
    good = f"slide {last.number} is the last: “{last.title}”"
    if not last.title:
        return _told([], [f"slide {last.number} is the last and has no title"])
    if _THANKS.search(last.title) and len(last.title.split()) < 6:
        return _told([], [f"slide {last.number} is the last: “{last.title}”"])
    goal = last.title.rstrip(".!").casefold()
    if _ENDS.search(last.title):
        return _told([good], [])
    if len(last.title.split()) < _SENTENCE + 1:
        return _told([good], ["its title is no sentence that one could take home"])
    if goal in " ".join(deck.slides[0].notes.split()).casefold() and len(deck.slides) > 1:
        return _told([good, "that is what the listener should leave with, by slide 1"], [])
    return _told([good], ["whether that is the conclusion, only you can say"])


def nothing_left(deck: Deck) -> Found:
    """No TODO in the speaker's notes."""
    left = {one.number: "; ".join(one.todo) for one in deck.slides if one.todo}
    lacks = [f"slide {number}: {words}" for number, words in left.items()]
    rest = len(deck.slides) - len(left)
    return _told([_of(rest, deck, "nothing to do")], lacks, rest)


def _told(good: Sequence[str], lacks: Sequence[str], rest: int = 1) -> Found:
    """``rest`` is how many slides are good; where none is, what is good is none."""
    return graded([Evidence(words) for words in good] if rest else [], list(lacks))


def _unseen(deck: Deck, what: str) -> list[str]:
    """What lacks where slides have pictures: nothing in them is looked at."""
    with_some = {slide.number: "" for slide in deck.slides
                 if any(block.kind is BlockKind.PICTURE for block in slide.blocks)}  # fmt: skip
    return [f"{what} in pictures only you can see: {_named(with_some)}"] if with_some else []


def _of(good: int, deck: Deck, what: str) -> str:
    count = len(deck.slides)
    if good < count:
        return f"{what} on {good} of {count_of(deck.slides, 'slide')}"
    return f"{what} on all {count} slides" if count > 1 else f"{what} on the one slide"


def _named(slides: Mapping[int, str], unit: str = "") -> str:
    """``slide 3 (52 words), 4 (48)``."""
    said = [
        f"{number} ({words}{f' {unit}' if unit and not at else ''})" if words else str(number)
        for at, (number, words) in enumerate(slides.items())
    ]
    if len(said) > _NAMED:
        return f"slides {', '.join(said[:_NAMED])} and {len(said) - _NAMED} more"
    return f"slide {', '.join(said)}" if len(said) == 1 else f"slides {', '.join(said)}"


def _numbers(numbers: Sequence[int]) -> str:
    return _named(dict.fromkeys(numbers, ""))


def _each(slides: Sequence[Slide], planned: Sequence[float]) -> Iterable[tuple[Slide, float]]:
    return zip(slides, planned, strict=True)


def _lines(slide: Slide) -> int:
    """How many lines it takes, at about eight words to a line."""
    lines = 0
    for block in slide.blocks:
        if block.kind is BlockKind.CODE:
            lines += block.shown.rstrip("\n").count("\n") + 1
        elif block.kind is not BlockKind.PICTURE:
            lines += 1 + max(0, len(block.shown.split()) - 1) // 8
    return lines


def _is_small(number: str, unit: str | None) -> bool:
    try:
        size = float(number)
    except ValueError:
        return False
    part = {"em": 1.0, "rem": 1.0, "%": 0.01, None: 0.0}.get(unit.lower() if unit else None)
    if part is not None:
        return 0 < size * part < _LEAST_PART
    scale = {"px": 1.0, "pt": 4 / 3, "vw": 12.8}[unit.lower() if unit else "px"]
    return size * scale < _LEAST_PX


def _words(slide: Slide) -> list[str]:
    unread = (BlockKind.CODE, BlockKind.PICTURE)
    shown = " ".join(block.text for block in slide.blocks if block.kind not in unread)
    return _WORD.findall(shown)


def _loud(slide: Slide, small: set[str]) -> list[str]:
    """Words in capitals that are no abbreviations: their small form stands elsewhere, the next word
    is in capitals too, or they are long."""
    words = _words(slide)
    loud = [len(word) > 3 and word.isupper() for word in words]
    found = []
    for at, word in enumerate(words):
        beside = any(loud[max(0, at - 1) : at] + loud[at + 1 : at + 2])
        if loud[at] and (word.lower() in small or beside or len(word) > 8):
            found.append(word)
    return list(dict.fromkeys(found))


def _language(words: Sequence[str], small_words: Mapping[str, Iterable[str]]) -> str:
    """The language that most of the small words are of; ``""`` where that is not clear."""
    said = [word.casefold() for word in words]
    counted = {
        name: sum(word in known for word in said)
        for name, known in ((name, set(found)) for name, found in small_words.items())
    }
    first, second, *_ = (*sorted(counted.values(), reverse=True), 0, 0)
    if first < 2 or first - second < 2:
        return ""
    return max(counted, key=lambda name: counted[name])

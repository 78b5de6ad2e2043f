"""Paragraphs and sentences of a paper's LaTeX, and how the parsed text keeps them.

The corpus's LaTeX has its formulas cut out; what is left of them are gaps: two blanks, a blank
before a comma. Citations, footnotes and macros without words are gaps too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus_print import Print, Text, bare

from researchdesk.domain.documents import BlockKind, Document

GAP, ITEM, HEAD, BREAK, UNKNOWN = "\x01", "\x02", "\x03", "\x04", "\x05"
SHORTEST, OPENING, WIDEST, NAMED = 70, 24, 60, 40
_ENVIRONMENT = (
    r"\\begin\{(?P<name>(?:%s)\*?)\}.*?\\end\{(?P=name)\}[ \t]*\n?"  # ends with its own line
)
_FLOATS = "figure|table|algorithm2?e?|wrapfigure|wraptable|sidewaystable|teaserfigure"
_DISPLAYS = (
    "equation|align|gather|multline|eqnarray|displaymath|tabularx?|array|verbatim|lstlisting"
    "|tikzpicture|thebibliography|algorithmic|minipage|subfigure|CCSXML"
)
_NOTES = re.compile(r"\\(?:footnote|footnotetext|thanks|caption|title|author|date|address|eat)\b")
_GAPS = (
    r"~?\\(?:\w*cite\w*|\w*ref|secref|figref|url|href|footnotemark|ensuremath|num|SI|texttt)\*?"
    r"(?:\[[^\]]*\])*(?:\{[^{}]*\})+"
)
_QUIET = (
    r"\\(?:\w*label|vspace|hspace|vskip|pagestyle|thispagestyle|input|include|bibliography\w*"
    r"|setlength|addtolength|setcounter|addcontentsline|includegraphics)\*?"
    r"(?:\[[^\]]*\])?(?:\{[^{}]*\})*"
    r"|\\(?:em|bf|it|sl|sc|tt|rm|small|normalsize|footnotesize|large|Large|bfseries|itshape|upshape"
    r"|noindent|centering|newpage|clearpage|maketitle|appendix|protect|xspace|/|\s)(?![a-zA-Z])"
)
_RUN_IN = (
    r"\\(?:sub)?paragraph\*?\{([^{}]*)\}"
    r"|(?:(?<=\n\n)|\\noindent)\s*(?:\\textbf\{([^{}]*)\}|\{\\(?:bf|em|it|bfseries) ([^{}]*)\})"
)
_STEPS: tuple[tuple[str, str], ...] = (
    (r"(?m)^[ \t]*%.*\n", ""),
    (r"(?<!\\)%.*", ""),
    (_ENVIRONMENT % _FLOATS, ""),
    (_ENVIRONMENT % _DISPLAYS, f"\n{GAP}\n"),
    (r"(?s)\$\$.*?\$\$|\\\[.*?\\\]|(?<!\\)\$[^$]*\$|\\\(.*?\\\)", GAP),
    (_RUN_IN, rf"\n\n\1\2\3{HEAD}"),
    (_QUIET, " "),
    (r"\\(?:['`^\"~=.]|[cvuHk](?=\{))\{?\\?([a-zA-Z])\}?", r"\1"),
    (r"\\(?:emph|text(?:bf|it|sc|sl|rm|up)?|underline|mbox)\{([^{}]*)\}", r"\1"),
    (r"\\(?:emph|text(?:bf|it|sc|sl|rm|up)?|underline|mbox)\{([^{}]*)\}", r"\1"),
    (r"\\(?:sub)*(?:section|chapter|part)\*?(?:\[[^\]]*\])?\{[^{}]*\}", HEAD),
    (r"\\item(?![a-z])(?:\[[^\]]*\])?", ITEM),
    (r"\\par(?![a-z])", "\n\n"),
    (r"\\(?:begin|end)\{[^{}]*\}(?:\[[^\]]*\])?|\\\\(?:\[[^\]]*\])?", BREAK),
    (r"\\([%&_#$ ])", r"\1"),
    (r"\\[a-zA-Z]+\*?\{(?!\})", UNKNOWN),
    (r"\\[a-zA-Z]+\*?(?:\{\})?|\\.", GAP),
    (r"``|''|[{}]", ""),
    (r"~", " "),
    (r"[ \t]*\n[ \t]*", "\n"),
    (r"(?<=\S) {2,}(?=\S)| (?=[,.;:)'])|(?<=\() |\(\)| (?=-\w)", GAP),
)
_PARTS = re.compile(f"(\n\\s*\n|{ITEM}|{HEAD}|{BREAK})")
_SENTENCE = re.compile(rf"(?<=[.?!])[\s{GAP}]+(?=[A-Z])")
_ENDED = re.compile(r"[.?!][)\"']*$")


@dataclass(frozen=True)
class Passage:
    """A paragraph of the LaTeX. ``fresh``: a paragraph or item of a list must start in print too;
    not so after a heading, a formula or an environment."""

    text: str
    fresh: bool


@dataclass
class Kept:
    """Of the printed sentences, how many stand whole in one block; of the paragraphs that start in
    print, how many start a block; of the blocks that the LaTeX knows, how many start within one of
    its sentences."""

    printed: int = 0
    whole: int = 0
    paragraphs: int = 0
    started: int = 0
    blocks: int = 0
    inside: int = 0
    faults: list[str] = field(default_factory=list)


def kept(source: Path, printed: Print, document: Document) -> Kept:
    """Sentences and paragraphs of this LaTeX in this document."""
    text, count = Text(document), Kept()
    passages = list(passages_of(source.read_text(encoding="utf-8", errors="replace")))
    flat, starts = "", set()
    for passage in passages:
        if passage.fresh:
            _paragraph(passage.text, printed, text, count)
        flat += BREAK
        starts.add(len(flat))
        for sentence in _SENTENCE.split(passage.text):
            starts.add(len(flat))
            for number, parts in enumerate(shown := _shown(sentence, printed)):
                if number:
                    starts.add(len(flat))
                flat += "".join(parts)
            if UNKNOWN not in sentence and _ENDED.search(sentence.strip()):
                _sentence(sentence, shown, printed, text, count)
    _blocks(document, text, flat, starts, count)
    return count


def passages_of(source: str) -> Iterator[Passage]:
    """The paragraphs and items of a LaTeX file, in order."""
    body = source.partition(r"\begin{document}")[2] or source
    for at, (pattern, by) in enumerate(_STEPS):
        body = re.sub(pattern, by, body, flags=re.DOTALL if "begin" in pattern else 0)
        if at == 1:
            body = re.sub(_GAPS, _wide, _without_notes(body))
    before, mark = "", HEAD
    for part in _PARTS.split(body):
        if _PARTS.fullmatch(part):
            mark = part if mark.isspace() or part in (ITEM, HEAD) else mark
        elif words := part.strip():
            follows = mark.isspace() and bool(_ENDED.search(before))
            yield Passage(words, (follows or mark == ITEM) and words[0].isupper())
            before, mark = words, "\n\n"


def _wide(cited: re.Match[str]) -> str:
    """A gap for each work that is cited."""
    return GAP * (1 + cited[0].count(","))


def _without_notes(body: str) -> str:
    """Without footnotes, captions and front matter, whose braces may hold braces."""
    kept, at = [], 0
    while note := _NOTES.search(body, at):
        open_ = body.find("{", note.end())
        if open_ < 0:
            break
        depth, end = 1, open_ + 1
        while depth and end < len(body):
            depth += {"{": 1, "}": -1}.get(body[end], 0) * (body[end - 1] != "\\")
            end += 1
        kept += [body[at : note.start()], GAP]
        at = end
    return "".join([*kept, body[at:]])


def _shown(sentence: str, printed: Print) -> list[list[str]]:
    """The pieces between its gaps, parted again where the print sets a formula apart.

    A formula that was cut out at a line's end shows in print only.
    """
    shown: list[list[str]] = [[]]
    mark = GAP
    for part in re.split(rf"([{GAP}{UNKNOWN}\n]+)", sentence):
        if part and part[0] in f"{GAP}{UNKNOWN}\n":
            mark = part
        elif piece := bare(part):
            last = shown[-1]
            if last and mark == "\n" and printed.joined(last[-1], piece):
                last[-1] += piece
            elif last and printed.displayed(last[-1], piece):
                shown.append([piece])
            else:
                last.append(piece)
    return shown


def _sentence(
    sentence: str, shown: list[list[str]], printed: Print, text: Text, count: Kept
) -> None:
    pieces = [[piece for piece in part if len(piece) > 5] for part in shown]
    pieces = [part for part in pieces if part]
    every = [piece for part in pieces for piece in part]
    if sum(map(len, every)) < SHORTEST or not printed.holds(every):
        return
    count.printed += 1
    widest = WIDEST + NAMED * (len(max(re.findall(f"{GAP}+", sentence), default="", key=len)))
    if all(any(_together(part, block, widest) for block in text.parts) for part in pieces):
        count.whole += 1
    else:
        count.faults.append(f"sentence: {_readable(sentence)}")


def _together(pieces: Sequence[str], block: str, widest: int) -> bool:
    """Whether the pieces are in this block, in order, with no more than a formula between."""
    first = block.find(pieces[0])
    while first >= 0:
        at = first + len(pieces[0])
        for piece in pieces[1:]:
            found = block.find(piece, at, at + widest + len(piece))
            if found < 0:
                break
            at = found + len(piece)
        else:
            return True
        first = block.find(pieces[0], first + 1)
    return False


def _paragraph(words: str, printed: Print, text: Text, count: Kept) -> None:
    opening = bare(re.split(rf"[{GAP}{UNKNOWN}]", words)[0])[:OPENING]
    if len(opening) < OPENING or not printed.starts_line(opening):
        return
    count.paragraphs += 1
    if text.starts_block(opening):
        count.started += 1
    else:
        count.faults.append(f"lost break before: {_readable(words)}")


def _blocks(document: Document, text: Text, flat: str, starts: set[int], count: Kept) -> None:
    for block, part in zip(document.blocks, text.parts, strict=True):
        if block.kind is not BlockKind.TEXT or len(part) < OPENING:
            continue
        at = flat.find(part[:OPENING])
        if at < 0 or flat.find(part[:OPENING], at + 1) >= 0:
            continue
        count.blocks += 1
        if at not in starts:
            count.inside += 1
            count.faults.append(f"page {block.page}, block within a sentence: {block.text[:90]}")


def _readable(words: str) -> str:
    return " ".join(re.sub(rf"[{GAP}{UNKNOWN}]+", " _ ", words).split())[:160]

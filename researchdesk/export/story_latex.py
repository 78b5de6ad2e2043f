"""A storyline as the introduction of a paper in LaTeX, with ``\\cite`` of what it cites."""

import re
from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from researchdesk.domain.evidence import Standing
from researchdesk.domain.links import Link, links_in
from researchdesk.export.bibtex import bibtex, cite_key
from researchdesk.export.formulas import FORMULA, harmless
from researchdesk.export.latex import codes_note, is_plain, latex
from researchdesk.export.story_marks import marked
from researchdesk.export.story_text import Source, StoryTold, cleaned

_NEEDS = (
    r"% Needs: \usepackage[T1]{fontenc}, \usepackage{amsmath}, \usepackage{amssymb}, "
    r"\usepackage{hyperref}."
)
_HEADS = {2: "subsection", 3: "subsubsection", 4: "paragraph", 5: "paragraph", 6: "paragraph"}
_PAIRS = {
    "bullet_list": (r"\begin{itemize}", r"\end{itemize}"),
    "ordered_list": (r"\begin{enumerate}", r"\end{enumerate}"),
    "blockquote": (r"\begin{quote}", r"\end{quote}"),
}
_INLINE = {
    "em_open": r"\emph{", "em_close": "}", "strong_open": r"\textbf{", "strong_close": "}",
    "softbreak": "\n", "hardbreak": "\\\\\n", "link_close": "}",
}  # fmt: skip
_IN_ADDRESS = {
    "%": r"\%", "#": r"\#", "&": r"\&", "_": r"\_", "{": r"\{", "}": r"\}", "~": r"\~{}",
    "^": r"\%5E", "$": r"\%24",
}  # fmt: skip
_QUOTE = re.compile(r"(^|[\s(\[–—-])\"(?=\S)")


def entries(cited: Sequence[Source]) -> str:
    """What is known of the papers, as BibTeX."""
    return bibtex([(source.key, source.words) for source in cited])


def story_latex(
    story: StoryTold, written: Callable[[Sequence[Source]], str] = entries
) -> tuple[str, str]:
    """The draft as the text of a ``.tex`` file, to be put into a document, and its ``.bib`` file,
    with what ``written`` makes of the papers cited.

    A heading of the first level is the paper's title and left out; those below are subsections of
    the introduction. Papers become ``\\cite``, other evidence footnotes. Formulas between dollars
    stay as far as they are mathematics and no more; everything else is escaped.
    """
    body = "\n\n".join(_Writer(story).blocks())
    cited = story.cited()
    note = codes_note(body)
    head = [_NEEDS, *([f"% {note}"] if note else []), r"\section{Introduction}"]
    tex = "\n".join([*head, "", body, ""])
    bib = f"\n{written(cited)}" if cited else ""
    return (
        marked(story.slug, story.draft, tex, tex=True),
        marked(story.slug, story.draft, bib, tex=True),
    )


class _Writer:
    """Goes over the tokens of the draft's markdown."""

    def __init__(self, story: StoryTold) -> None:
        self._story = story
        self._tokens = _parser().parse(cleaned(story.text))

    def blocks(self) -> list[str]:
        """Paragraphs, headings, whole lists."""
        found: list[str] = []
        depth = 0
        lines: list[str] = []
        for place, token in enumerate(self._tokens):
            said = self._said(token, self._tokens[place - 1] if place else None)
            if said:
                lines.append(said)
            depth += token.nesting
            if depth == 0 and lines:
                found.append("\n".join(lines))
                lines = []
        return found

    def _said(self, token: Token, before: Token | None) -> str:
        name, _, end = token.type.rpartition("_")
        if name in _PAIRS:
            return _PAIRS[name][end == "close"]
        match token.type:
            case "list_item_open":
                return r"\item"
            case "fence" | "code_block":
                return _verbatim(token.content)
            case "inline":
                if before is not None and before.type == "heading_open":
                    words = self._inline(token.children or [], notes=False).strip()
                    return _heading(int(before.tag[1:]), words)
                return self._inline(token.children or [])
        return ""

    def _inline(self, tokens: Sequence[Token], *, notes: bool = True) -> str:
        """``notes``: evidence may become a footnote, which a heading cannot have."""
        done = ""
        for token in tokens:
            if token.type == "desk_link":
                done = self._linked(done, token.content, notes)
            else:
                done += _INLINE.get(token.type) or _written(token, done)
        return done

    def _linked(self, done: str, written: str, notes: bool) -> str:
        """What stands so far, with what a link becomes behind it."""
        (link,) = links_in(written)
        source = self._story.sources.get(link.ref)
        if source is not None:
            cite = rf"\cite{{{cite_key(source.key)}}}"
            return f"{done}{latex(link.label)}~{cite}" if link.label else _tied(done) + cite
        note = self._footnote(link) if notes else ""
        return f"{done}{latex(link.label)}{note}" if link.label else done.rstrip(" ") + note

    def _footnote(self, link: Link) -> str:
        state = self._story.states.get(link.ref)
        if state is None or state.standing is Standing.GONE:
            return rf"\footnote{{{latex(link.ref)}}}"
        return rf"\footnote{{{latex(f'{state.title}: {state.said}')} ({latex(link.ref)})}}"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.disable(["image", "html_inline", "html_block"])
    parser.inline.ruler.before("escape", "desk_math", _rule("math", _formula))
    parser.inline.ruler.before("link", "desk_link", _rule("desk_link", _desk_link))
    return parser


_DESK_LINK = re.compile(r"\[\[[^\[\]\n]{1,400}\]\]")
_Match = Callable[[str, int], re.Match[str] | None]


def _formula(text: str, at: int) -> re.Match[str] | None:
    """A formula between dollars; one that does more than mathematics is text."""
    match = FORMULA.match(text, at)
    return match if match and harmless(match[0].strip("$")) is not None else None


def _desk_link(text: str, at: int) -> re.Match[str] | None:
    match = _DESK_LINK.match(text, at)
    return match if match and len(links_in(match[0])) == 1 else None


def _rule(kind: str, match: _Match) -> Callable[[StateInline, bool], bool]:
    """An inline rule that takes what ``match`` finds as one token of this kind."""

    def rule(state: StateInline, silent: bool) -> bool:
        found = match(state.src, state.pos)
        if found is None:
            return False
        if not silent:
            state.push(kind, "", 0).content = found[0]
        state.pos = found.end()
        return True

    return rule


def _written(token: Token, done: str) -> str:
    match token.type:
        case "math":
            return _mathematics(token.content)
        case "code_inline":
            return rf"\texttt{{{_escaped(token.content)}}}"
        case "link_open":
            return rf"\href{{{_address(str(token.attrGet('href') or ''))}}}{{"
        case "text" | "text_special":
            return _prose(token.content, done)
    return _escaped(token.content)


def _mathematics(formula: str) -> str:
    dollars = "$$" if formula.startswith("$$") else "$"
    return f"{dollars}{harmless(formula.strip('$'))}{dollars}"


def _prose(text: str, done: str) -> str:
    """Escaped, with straight double quotes as LaTeX opens and closes them."""
    last = done[-1:]
    opened = _QUOTE.sub(r"\1``", last + text)[len(last) :]
    parts = [_escaped(part) for part in re.split(r"(``)", opened)]
    return "".join("``" if part == "``" else part for part in parts).replace(_STRAIGHT, "''")


_STRAIGHT = latex('"')


def _escaped(text: str) -> str:
    """``text`` escaped, a blank at each end kept."""
    if not text.strip():
        return " " if text else ""
    before = " " if text[0].isspace() else ""
    after = " " if text[-1].isspace() else ""
    return f"{before}{latex(text)}{after}"


def _tied(done: str) -> str:
    """What stands before a citation, with a blank that no line is broken at."""
    return f"{done[:-1]}~" if done.endswith(" ") else done


def _heading(level: int, words: str) -> str:
    name = _HEADS.get(level)
    return rf"\{name}{{{words}}}" if name else ""


def _verbatim(code: str) -> str:
    """Code as it stands; where ``verbatim`` would end early or stop at a letter, line by line."""
    inside = code.rstrip("\n")
    if is_plain(inside) and r"\end{verbatim}" not in inside:
        return f"\\begin{{verbatim}}\n{inside}\n\\end{{verbatim}}"
    lines = [_code_line(line) or r"\mbox{}" for line in inside.split("\n")]
    return "\n".join([r"\begin{flushleft}\ttfamily", "\\\\\n".join(lines), r"\end{flushleft}"])


def _code_line(line: str) -> str:
    """A line of code with each of its blanks, and no two signs drawn as one."""
    words = [latex(word) for word in line.replace("\t", "    ").split(" ")]
    return r"\ ".join(words).replace("--", "-{}-").replace("''", "'{}'").replace("``", "`{}`")


def _address(url: str) -> str:
    return "".join(_IN_ADDRESS.get(sign, sign) for sign in url.replace("\\", "/"))

"""Papers as BibTeX entries, in the form that arXiv itself gives."""

import re
from collections.abc import Sequence

from researchdesk.domain.papers import Metadata
from researchdesk.domain.text import clean, one_line
from researchdesk.export.formulas import harmless
from researchdesk.export.latex import marks_written_out

_KEY = re.compile(r"[^A-Za-z0-9:._+/-]+")
_NO_CITE = re.compile(r"[^\w:.+/'@!?*;-]+")
_MATH = re.compile(
    r"\$(?!\s)((?:[\w\s^+\-=(),.;:/*'|!]|\\[a-zA-Z]+|[{}])+)(?<!\s)\$(?!\d)", re.ASCII
)
_BRACES = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}


def bibtex_key(key: str) -> str:
    """``key`` as it can stand in an entry and in ``\\cite``; ``"paper"`` where nothing is left."""
    return _KEY.sub("", key) or "paper"


def cite_key(key: str) -> str:
    """``key`` as ``\\cite`` takes it, letters beyond ASCII and all; ``"paper"`` where nothing is
    left."""
    return _NO_CITE.sub("", key) or "paper"


def bibtex(papers: Sequence[tuple[str, Metadata]]) -> str:
    """An entry for each key and paper, in their order; one file."""
    return "\n".join(entry(key, words) for key, words in papers)


def entry(key: str, words: Metadata) -> str:
    """One ``@misc`` entry. Its braces are balanced, whatever the paper's words hold."""
    fields = {
        "title": f"{{{tex(words.title)}}}",
        "author": " and ".join(map(_name, filter(str.strip, words.authors))),
        "year": str(words.year or ""),
        "eprint": _raw(words.arxiv_id or ""),
        "archivePrefix": "arXiv" if words.arxiv_id else "",
        "primaryClass": _raw(words.categories[0]) if words.arxiv_id and words.categories else "",
        "doi": _raw(words.doi),
        "note": tex(words.journal_ref),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{bibtex_key(key)},", *lines, "}"]) + "\n"


def tex(text: str) -> str:
    """``text`` as LaTeX: simple formulas between dollars stay, everything else is written out.

    Formulas that do more than mathematics count as text. Braces are balanced.
    """
    text, done, end = one_line(text), "", 0
    for match in _MATH.finditer(text):
        if harmless(match[1]) is not None:
            done += _escaped(text[end : match.start()]) + match[0]
            end = match.end()
    return " ".join((done + _escaped(text[end:])).split())


def _escaped(text: str) -> str:
    """Written out: BibTeX counts braces behind backslashes too, so there are none."""
    return "".join(_BRACES.get(part) or _part(part) for part in re.split(r"([{}])", text))


def _part(text: str) -> str:
    before = " " if text[:1].isspace() and text.strip() else ""
    after = " " if text[-1:].isspace() else ""
    return f"{before}{marks_written_out(text)}{after}"


def _name(author: str) -> str:
    """A name; one that holds the word BibTeX parts names by is in braces."""
    said = tex(author)
    return f"{{{said}}}" if re.search(r"\sand\s", f" {said} ", re.I) else said


def _raw(text: str) -> str:
    """An identifier: as it is, but for what would end the field or, as ``^^``, hide a command."""
    return re.sub(r"[{}\\^\s]", "", clean(text))

"""Entries of BibTeX: those that were imported as they came, others made of a reference."""

import re
from collections.abc import Mapping, Sequence

from researchdesk.domain.marks import fields_of
from researchdesk.domain.references import Name, Reference
from researchdesk.domain.text import clean
from researchdesk.export.bibtex import bibtex_key, entry, tex

_KIND = re.compile(r"[^a-z]")
_VENUE = {"inproceedings": "booktitle", "incollection": "booktitle", "phdthesis": "school"}
_VENUE |= {"mastersthesis": "school", "techreport": "institution", "inbook": "booktitle"}
_VERBATIM = frozenset(("url", "doi", "eprint", "file"))
_APART = "\ue000"
_DASHES = re.compile(r"[-–—]{2,}|'{2,}|`{2,}")


def raw_entry(kind: str, key: str, fields: Sequence[tuple[str, str]]) -> str:
    """An entry whose values are BibTeX already, delimiters and all."""
    lines = [f"  {name} = {value}," for name, value in fields]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"]) + "\n"


def abbreviation(name: str, raw: str) -> str:
    """The definition of an abbreviation."""
    return f"@string{{{name} = {raw}}}\n"


def reference_entry(key: str, reference: Reference) -> str:
    """An entry made of a reference: the published record with its arXiv id beside it.

    A paper that is on arXiv only is told in the form that arXiv itself gives.
    """
    words = reference.words
    bare = not (reference.more or reference.tags or reference.marks)
    if reference.kind == "misc" and words.arxiv_id and bare:
        return entry(key, words)
    kind = _KIND.sub("", reference.kind.lower()) or "misc"
    values: dict[str, str] = {
        "title": f"{{{text(words.title)}}}",
        "author": " and ".join(map(_person, reference.names)),
        _VENUE.get(kind, "journal"): text(words.venue),
        "year": str(words.year or ""),
        **{name: _value(name, said) for name, said in reference.more.items()},
        "doi": _bare(words.doi),
        "eprint": _bare(words.arxiv_id or ""),
        "archivePrefix": "arXiv" if words.arxiv_id else "",
        "primaryClass": _bare(words.categories[0]) if words.arxiv_id and words.categories else "",
        "abstract": text(words.abstract),
        "keywords": ", ".join(map(text, reference.tags)),
        **{name: text(said) for name, said in fields_of(reference.marks).items()},
    }
    fields = [(name, f"{{{value}}}") for name, value in values.items() if value]
    return raw_entry(kind, bibtex_key(key), fields)


def with_eprint(
    fields: Sequence[tuple[str, str]], base: str, category: str
) -> Sequence[tuple[str, str]]:
    """Fields with the arXiv id behind them, where they have no ``eprint``."""
    names = {name.lower() for name, _ in fields}
    if "eprint" in names:
        return fields
    more: Mapping[str, str] = {"eprint": base, "archivePrefix": "arXiv", "primaryClass": category}
    fresh = [(n, f"{{{_bare(v)}}}") for n, v in more.items() if v and n.lower() not in names]
    return [*fields, *fresh]


def text(words: str) -> str:
    """Text that BibTeX and LaTeX print as it stands: rows of dashes and quotes do not join."""
    apart = _DASHES.sub(lambda match: _APART.join(match[0]), words.replace(_APART, ""))
    return tex(apart).replace(_APART, "{}")


def _person(name: Name) -> str:
    family, given = text(name.family), text(name.given)
    if given:
        joined = re.search(r"\sand\s|,", f" {family} {given} ", re.IGNORECASE)
        return f"{{{given} {family}}}" if joined else f"{family}, {given}"
    return f"{{{family}}}"


def _value(name: str, said: str) -> str:
    if name in _VERBATIM:
        return _bare(said)
    return said if name == "month" and said.isdigit() else text(said)


def _bare(words: str) -> str:
    """An identifier or address: as it is, but for what would end the field or hide a command."""
    return re.sub(r"[{}\\^\s]", "", clean(words))

"""Questions to arXiv's search, in its query language.

https://info.arxiv.org/help/api/user-manual.html#query_details
"""

import re
from datetime import date

from researchdesk.domain.identifiers import category_parts
from researchdesk.domain.queries import FindQuery
from researchdesk.errors import UsageProblemError

FURTHEST = 30_000
_LONGEST = 3000
_PHRASES = re.compile(r'"([^"]*)"|([^\s"]+)')
_OUTSIDE_WORDS = re.compile(r"[^\w.'-]+")
_OPERATORS = {"AND", "OR", "ANDNOT", "NOT", "TO"}
_DIVIDED = {"cs", "econ", "eess", "math", "nlin", "physics", "q-bio", "q-fin", "stat"}
_ONCE_WHOLE = {"astro-ph", "cond-mat"}
_FIRST_DAY = date(1991, 1, 1)


def expression(query: FindQuery, today: date) -> str:
    """``query`` in arXiv's language, not yet encoded for an address.

    Whatever a person typed ends up as words to look for, never as an operator. In ``words``,
    ``title`` and ``abstract`` every word must occur, quoted ones together; ``author`` is a name, or
    several divided by commas; a category is one like ``cs.LG``, or an archive like ``cs`` for all
    of it. Raises UsageProblemError where nothing is asked, or it cannot be asked.
    """
    _check_page(query)
    terms = [
        *_words("all", query.words),
        *_words("ti", query.title),
        *_phrases("au", query.author),
        *_words("abs", query.abstract),
        *_categories(query.categories),
        *_dates(query.since, query.until, today),
    ]
    if not terms:
        raise UsageProblemError(
            "There is nothing to look for.",
            "Give words with letters or digits, a title, an author, a category or a date.",
        )
    text = " AND ".join(terms)
    if len(text) > _LONGEST:
        raise UsageProblemError("That is too long for a query to arXiv.", "Give fewer words.")
    return text


def _check_page(query: FindQuery) -> None:
    if query.limit < 1 or query.start < 0:
        raise UsageProblemError(
            "A page of results needs a limit of 1 or more and a start of 0 or more.",
            "Give --limit 1 or more.",
        )
    if query.start + query.limit > FURTHEST:
        raise UsageProblemError(
            f"arXiv shows no more than the first {FURTHEST} papers of a query.",
            "Narrow it, by dates for example.",
        )


def _words(prefix: str, text: str) -> list[str]:
    found = (_term(prefix, phrase or word) for phrase, word in _PHRASES.findall(text))
    return [term for term in found if term]


def _phrases(prefix: str, text: str) -> list[str]:
    found = (_term(prefix, name.replace("_", " ")) for name in text.split(","))
    return [term for term in found if term]


def _term(prefix: str, text: str) -> str:
    """One prefixed word or quoted phrase; empty where no letter or digit is left."""
    parts = (part.strip("._'-") for part in _OUTSIDE_WORDS.split(text))
    phrase = " ".join(part for part in parts if part)
    if not phrase:
        return ""
    bare = phrase.isascii() and phrase.isalnum() and phrase.upper() not in _OPERATORS
    return f"{prefix}:{phrase}" if bare else f'{prefix}:"{phrase}"'


def _categories(categories: tuple[str, ...]) -> list[str]:
    terms = [f"cat:{_category(name.strip())}" for name in categories]
    return [f"({' OR '.join(terms)})"] if len(terms) > 1 else terms


def _category(name: str) -> str:
    archive, subject = category_parts(name, wild=True)
    if subject in {"", "*"}:
        return archive + (".*" if archive in _DIVIDED else "*" if archive in _ONCE_WHOLE else "")
    return f"{archive}.{subject}"


def _dates(since: date | None, until: date | None, today: date) -> list[str]:
    if since is None and until is None:
        return []
    first, last = since or _FIRST_DAY, until or max(today, since or today)
    if first > last:
        raise UsageProblemError(
            f"The first day, {first}, is after the last, {last}.", "Exchange the two."
        )
    return [f"submittedDate:[{first:%Y%m%d}0000 TO {last:%Y%m%d}2359]"]

"""A search of the library as the database is asked for it."""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from researchdesk.domain.search_query import SearchQuery, Term, base_id, parse_query
from researchdesk.domain.search_values import Filter
from researchdesk.services.desk import Desk
from researchdesk.storage import library_search, search_filters
from researchdesk.storage import smart_lists as kept
from researchdesk.storage.library_match import Condition, Wanted, of_category


@dataclass(frozen=True, slots=True)
class Understood:
    """What is wanted of the database, with the terms of smart lists. ``elsewhere`` is where what
    is said of a paper has the words. ``problems`` are sentences on what was not understood."""

    wanted: Wanted
    elsewhere: Mapping[int, tuple[str, str]]
    problems: tuple[str, ...] = ()


def understand(desk: Desk, query: SearchQuery) -> Understood:
    """The query with its smart lists taken apart and its names looked up."""
    problems: list[str] = []
    whole = _without_lists(desk, query, problems, ())
    categories = tuple(f.value for f in whole.filters if f.name == "cat" and not f.excluded)
    conditions = [
        _condition(desk, item, problems)
        for item in whole.filters
        if item.name != "cat" or item.excluded
    ]
    elsewhere = _elsewhere(desk, whole.terms) if whole.terms and not categories else {}
    also = tuple(elsewhere)
    wanted = Wanted(whole.terms, categories, tuple(conditions), whole.sort, also)
    return Understood(wanted, elsewhere, tuple(dict.fromkeys((*query.problems, *problems))))


def _elsewhere(desk: Desk, terms: Sequence[Term]) -> Mapping[int, tuple[str, str]]:
    found: Mapping[int, tuple[str, str]] = importlib.import_module(
        "researchdesk.services.library_elsewhere"
    ).found_elsewhere(desk.database.raw, terms)
    return found


def _without_lists(
    desk: Desk, query: SearchQuery, problems: list[str], inside: tuple[str, ...]
) -> SearchQuery:
    """The query with what its smart lists ask for in place of their names.

    One that is excluded stays; one that is in itself is no filter.
    """
    found = replace(query, filters=())
    for item in query.filters:
        if item.name != "list":
            found = found.and_also(item)
            continue
        known = kept.find(desk.database.raw, item.value)
        if known is None:
            names = [one.name for one in kept.all_lists(desk.database.raw)]
            problems.append(f"There is no smart list {item.value}.{_meant(item.value, names)}")
        if item.excluded:
            found = found.and_also(item)
        elif known is None:
            found = found.and_also(replace(item, excluded=True, value=""))
        elif known.name not in inside:
            more = parse_query(known.query)
            problems += more.problems
            more = _without_lists(desk, more, problems, (*inside, known.name))
            found = SearchQuery(
                tuple(dict.fromkeys((*found.terms, *more.terms))),
                tuple(dict.fromkeys((*found.filters, *more.filters))),
                found.sort or more.sort,
            )
    return found


def _condition(desk: Desk, item: Filter, problems: list[str]) -> Condition:
    if item.name == "cat":
        return of_category(item.value, excluded=True)
    if item.name == "list":
        return search_filters.one_of(_of_list(desk, item.value), bool(item.value))
    if item.name == "in":
        problems += _collection_problems(desk, item.value)
    if item.name == "cites":
        return _cites(desk, item, problems)
    if item.name == "venue":
        venues = importlib.import_module("researchdesk.storage.library_venues")
        found: Condition = venues.published_at(desk.database.raw, item.value, item.excluded)
        return found
    if (item.name, item.value) == ("is", "due"):
        today = Filter("due", desk.today().isoformat(), item.excluded)
        return search_filters.condition(today)
    if (item.name, item.value) == ("has", "run"):
        papers = importlib.import_module("researchdesk.services.runs").papers_run(desk)
        return search_filters.of_arxiv(papers, item.excluded)
    return search_filters.condition(item)


def _collection_problems(desk: Desk, name: str) -> list[str]:
    names = search_filters.collections(desk.database.raw)
    if any(one.casefold() == name.casefold() for one in names):
        return []
    return [f"There is no collection {name}.{_meant(name, names)}"]


def _meant(name: str, names: Sequence[str]) -> str:
    folded = {one.casefold(): one for one in names}
    near = importlib.import_module("difflib").get_close_matches(name.casefold(), folded, 1)
    return f" Is {folded[near[0]]} meant?" if near else ""


def _of_list(desk: Desk, name: str) -> list[int]:
    """The papers of a list that is excluded; those of no list are none."""
    known = kept.find(desk.database.raw, name) if name else None
    if known is None:
        return []
    query = parse_query(known.query)
    plain = replace(query, filters=tuple(f for f in query.filters if f.name != "list"))
    return library_search.find_all(desk.database.raw, understand(desk, plain).wanted)


def _cites(desk: Desk, item: Filter, problems: list[str]) -> Condition:
    """Also what a list of references names by its title, and what was merged."""
    matches = importlib.import_module("researchdesk.storage.citation_matches")
    base, raw = base_id(item.value), desk.database.raw
    papers = importlib.import_module("researchdesk.storage.library_papers")
    paper = papers.paper_called(raw, base, item.value)
    doi_of = importlib.import_module("researchdesk.domain.citations").doi_of
    if paper is None and not base and not doi_of(item.value):
        problems.append(
            f"cites: waits for an arXiv id, a DOI or a key of the desk, not {item.value!r}."
        )
    return search_filters.one_of(matches.papers_citing(raw, item.value), item.excluded)

"""How well a ranking finds the papers of a reading list among real ones: AUC by cross-validation.

The papers are those of ``shared/corpus``: title and abstract of each PDF's first page, and the
entries with abstracts of a real library. A list is liked papers: four fifths of it are said to be
liked, the last fifth lies unmarked among all the others, as on a desk, and has to come out above
them. So it is done for each fifth, ten times over. Most lists are short: differences below 0.02
say nothing.
"""

import csv
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.metrics import roc_auc_score

from researchdesk.domain.recommending import Basis, Method, PaperText
from researchdesk.services import ranking_model
from researchdesk.services.ranking_terms import learn, names_of, plain, stop_words

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
LISTS = Path(__file__).parents[2] / "data" / "reading_lists"
FEWEST, ROUNDS, FOLDS = 5, 10, 5


@dataclass(frozen=True)
class Library:
    """Papers, and lists of them by their places."""

    name: str
    texts: tuple[PaperText, ...]
    lists: dict[str, frozenset[int]]


def libraries() -> list[Library]:
    """What there is to measure on; empty where the corpus is absent."""
    return [_pdfs(), _records()] if CORPUS.is_dir() else []


def _pdfs() -> Library:
    lines = (CORPUS / "pdf" / "manifest.tsv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(lines, delimiter="\t"))
    texts = [PaperText(row["title"], (), _abstract(CORPUS / "pdf" / row["file"])) for row in rows]
    wanted: dict[str, set[int]] = {}
    for at, row in enumerate(rows):
        wanted.setdefault(f"category {row['category']}", set()).add(at)
        wanted.setdefault(f"list {row['source_repo'].split('/')[0]}", set()).add(at)
        folder = row["source_path"].split("/")[0]
        if "/" in row["source_path"]:
            wanted.setdefault(f"list {folder}", set()).add(at)
    bases = {row["arxiv_id"].split("v")[0]: at for at, row in enumerate(rows)}
    for path in sorted(LISTS.glob("*.toml")):
        found = set(re.findall(r"\b\d{4}\.\d{4,5}\b", path.read_text(encoding="utf-8")))
        tomllib.loads(path.read_text(encoding="utf-8"))
        wanted[f"reading list {path.stem}"] = {bases[base] for base in found if base in bases}
    return Library("58 PDFs", tuple(texts), _long_enough(wanted, len(texts)))


def _abstract(path: Path) -> str:
    """The abstract by its heading, else the first 250 words."""
    with pymupdf.open(path) as document:
        text = document[0].get_text()
    found = re.search(r"abstract\W(.{200,3000}?)\n\W*(?:1|I)?\W*introduction", text, re.I | re.S)
    return found[1] if found else " ".join(text.split()[:250])


def _records() -> Library:
    folder = CORPUS / "bib"
    entries = json.loads((folder / "ajaygunalan__My_Library.json").read_text(encoding="utf-8"))
    source = (folder / "ajaygunalan__My_Library.bib").read_text(encoding="utf-8")
    keywords = {}
    for entry in source.split("\n@"):
        key = re.match(r"\w+\{([^,]+),", entry)
        said = re.search(r"^\s*keywords = \{(.*)\},?$", entry, re.M)
        if key and said:
            keywords[key[1]] = [word.strip(" {}").lower() for word in said[1].split(",")]
    entries = [entry for entry in entries if entry.get("abstract")]
    wanted: dict[str, set[int]] = {}
    for at, entry in enumerate(entries):
        for word in keywords.get(entry["id"], ()):
            wanted.setdefault(f"keyword {word}", set()).add(at)
    texts = tuple(PaperText(e["title"], tuple(_people(e)), e["abstract"]) for e in entries)
    return Library("a library", texts, _long_enough(wanted, len(texts)))


def _people(entry: dict[str, Any]) -> Iterator[str]:
    for person in entry.get("author", ()):
        yield f"{person.get('given', '')} {person.get('family', '')}".strip()


def _long_enough(wanted: dict[str, set[int]], papers: int) -> dict[str, frozenset[int]]:
    return {
        name: frozenset(found)
        for name, found in sorted(wanted.items())
        if FEWEST <= len(found) <= papers - FEWEST
    }


# Features

Rows = csr_matrix
Features = Callable[[Sequence[PaperText]], Rows]


def _whole(text: PaperText, authors: str) -> str:
    words = plain(f"{text.title} {text.abstract}").decode()
    if authors == "words":
        return f"{words} {plain(' '.join(text.authors)).decode()}"
    if authors == "names":
        return f"{words} {' '.join(n.decode().replace(' ', '_') for n in names_of(text))}"
    return words


def tfidf(authors: str = "names", pairs: bool = False, stop: bool = True) -> Features:
    def made(texts: Sequence[PaperText]) -> Rows:
        vectorizer = TfidfVectorizer(
            sublinear_tf=True,
            max_features=20_000,
            ngram_range=(1, 2 if pairs else 1),
            stop_words=sorted(w.decode() for w in stop_words()) if stop else None,
            min_df=2 if len(texts) >= 50 else 1,
            max_df=0.5,
            dtype=np.float32,
        )
        return vectorizer.fit_transform(_whole(text, authors) for text in texts)

    return made


def hashed(texts: Sequence[PaperText]) -> Rows:
    words = sorted(w.decode() for w in stop_words())
    vectorizer = HashingVectorizer(
        n_features=20_000, alternate_sign=False, stop_words=words, norm=None, dtype=np.float32
    )
    counts = vectorizer.transform(_whole(text, "names") for text in texts)
    return TfidfTransformer(sublinear_tf=True).fit_transform(counts)


def ours(texts: Sequence[PaperText]) -> Rows:
    return learn(texts)[1]


def without_authors(texts: Sequence[PaperText]) -> Rows:
    return learn([PaperText(text.title, (), text.abstract) for text in texts])[1]


def title_twice(texts: Sequence[PaperText]) -> Rows:
    return learn([PaperText(f"{t.title} {t.title}", t.authors, t.abstract) for t in texts])[1]


FEATURES: dict[str, Features] = {
    "words, authors as names (the desk's)": ours,
    "words, no authors": without_authors,
    "words, authors as words": tfidf("words"),
    "words and pairs, authors as names": tfidf(pairs=True),
    "words with stop words": tfidf(stop=False),
    "title twice": title_twice,
    "hashed into 20,000": hashed,
}


# Ranking

Fit = Callable[[Rows, Rows], np.ndarray]


def svm(liked: Rows, background: Rows) -> np.ndarray:
    return ranking_model.fit(liked, np.ones(liked.shape[0]), background).weights


def centroid(liked: Rows, background: Rows) -> np.ndarray:
    basis = Basis(Method.CENTROID, liked.shape[0], 0, background.shape[0])
    return ranking_model.centroid(liked, np.ones(liked.shape[0]), basis).weights


def area(rows: Rows, wanted: frozenset[int], fit: Fit, seed: int = 0) -> float:
    """The mean area under the ROC curve over folds and rounds."""
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(ROUNDS):
        members = chance.permutation(sorted(wanted))
        for hidden in np.array_split(members, min(FOLDS, len(members))):
            liked = np.setdiff1d(members, hidden)
            others = np.setdiff1d(np.arange(rows.shape[0]), liked)
            scores = rows[others] @ fit(rows[liked], rows[others])
            found.append(roc_auc_score(np.isin(others, hidden), scores))
    return float(np.mean(found))


def table(choices: dict[str, Features], fit: Fit = svm) -> dict[str, dict[str, list[float]]]:
    """The areas of each list, by features and library."""
    return {
        name: {
            library.name: [area(rows, wanted, fit) for wanted in library.lists.values()]
            for library in libraries()
            for rows in [vstack([features(library.texts)], format="csr")]
        }
        for name, features in choices.items()
    }

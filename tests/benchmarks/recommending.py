"""How long it takes to rank a desk, in how much memory, and how good the ranking is.

    python tests/benchmarks/recommending.py [--papers 100000] [--pairs] [--keep DIR]
                                            [--quality | --times]

A desk of made-up papers (``many_papers.py``) on which forty have stars and forty were left is
ranked by processes of their own: the first time; again; after ten new papers; after one more was
liked. Beside them, in the same run, scikit-learn alone as arxiv-sanity-lite uses it: all texts in a
list, TfidfVectorizer, LinearSVC over all papers. Then the longest stall of a TUI while it waits for
the first ranking. Last the quality, on real papers (``recommending_quality.py``).

``--pairs`` ranks by pairs of words too, which takes minutes and gigabytes; ``--keep`` makes the
desk in DIR or takes the one that is there; ``--quality`` and ``--times`` do that
alone. Ends with 1 where a limit is passed.
"""

import argparse
import asyncio
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean
from typing import Any

import many_papers
from many_papers import TOPICS, Papers

WANTED, DROPPED = 5, 6
FIRST_S, FIRST_MIB, AFTER_TEN_S = 30.0, 1024.0, 1.0
_TICK_S = 0.005


def main() -> None:
    options = _options()
    if options.child:
        print(json.dumps(globals()[f"child_{options.child}"](Path(options.keep))))
        return
    passed = True
    if not options.quality:
        with tempfile.TemporaryDirectory() as folder:
            passed = times(Path(options.keep or folder), options.papers, options.pairs)
    if not options.times:
        quality()
    sys.exit(0 if passed else 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--keep", default="")
    parser.add_argument("--quality", action="store_true")
    parser.add_argument("--times", action="store_true")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


# Time and memory


def times(folder: Path, papers: int, pairs: bool) -> bool:
    """The table of times; False where a limit is passed."""
    _fill(folder, papers)
    print(f"{papers:,} papers of {TOPICS} topics; 40 have stars, 40 were left\n")
    print(f"{'':52}{'in it':>8} {'process':>8} {'CPU':>8} {'peak':>10}  first 50 of the topic")
    first = _row("ranked the first time", _child("rank", folder))
    _row("ranked again", _child("rank", folder))
    _add_ten(folder, papers)
    ten = _row("ranked after ten new papers", _child("rank", folder))
    _like_one(folder)
    _row("ranked after one more was liked", _child("rank", folder))
    _row("similar to one", _child("alike", folder))
    plain = _row("scikit-learn alone, words", _child("plain", folder))
    if pairs:
        _row("scikit-learn alone, words and pairs", _child("pairs", folder))
    print(
        f"\nfirst: {first['process'] / plain['process']:.2f} of the time and "
        f"{first['peak'] / plain['peak']:.2f} of the memory of scikit-learn alone"
    )
    shutil.rmtree(folder / "desk" / "cache")
    stalls = _child("stall", folder)
    print(
        f"a TUI that waits {stalls['waited']:.1f} s for the first ranking: longest stall "
        f"{1000 * stalls['worst']:.0f} ms; in as long without it: {1000 * stalls['idle']:.0f} ms\n"
    )
    return bool(
        first["process"] <= FIRST_S and first["peak"] <= FIRST_MIB and ten["in it"] <= AFTER_TEN_S
    )


def _fill(folder: Path, papers: int) -> None:
    shutil.rmtree(folder / "desk" / "cache", ignore_errors=True)
    if (folder / "desk" / "desk.db").exists():
        return
    desk = many_papers.open_at(folder)
    many_papers.add(desk, Papers(), papers)
    many_papers.mark(desk, WANTED, DROPPED, papers)
    desk.close()


def _add_ten(folder: Path, papers: int) -> None:
    desk = many_papers.open_at(folder)
    count = desk.database.connection.table("papers").count
    many_papers.add(desk, Papers(seed=1), 10, first=max(papers, count))
    desk.close()


def _like_one(folder: Path) -> None:
    desk = many_papers.open_at(folder)
    with desk.database.writing() as db:
        db.execute(
            "UPDATE papers SET stars = 5 WHERE id = "
            "(SELECT MIN(id) FROM papers WHERE stars = 0 AND id % ? = ?)",
            [TOPICS, WANTED + 1],
        )
    desk.close()


def _row(name: str, done: dict[str, Any]) -> dict[str, Any]:
    times = "".join(f"{done[key]:7.2f}s " for key in ("in it", "process", "cpu"))
    print(f"{name:52}{times}{done['peak']:6.0f} MiB  {done['said']}")
    return done


def _child(what: str, folder: Path) -> dict[str, Any]:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--child", what, "--keep", str(folder)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return {**json.loads(done.stdout), "process": time.perf_counter() - began}


def _taken(began: float, said: str) -> dict[str, Any]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "in it": time.perf_counter() - began,
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss / 1024,
        "said": said,
    }


def child_rank(folder: Path) -> dict[str, Any]:
    from researchdesk.services import ranking_model, recommending

    desk = many_papers.open_at(folder)
    assert ranking_model.COST
    began = time.perf_counter()
    found = recommending.recommend(desk, limit=50)
    ids = [item.paper_id or 0 for item in found.suggestions]
    return _taken(began, str(sum((key - 1) % TOPICS == WANTED for key in ids)))


def child_alike(folder: Path) -> dict[str, Any]:
    from researchdesk.services import ranking_matrix, recommending

    desk = many_papers.open_at(folder)
    assert ranking_matrix.SMALL
    began = time.perf_counter()
    found = recommending.similar(desk, WANTED + 1, limit=50)
    ids = [item.paper_id or 0 for item in found.suggestions]
    return _taken(began, str(sum((key - 1) % TOPICS == WANTED for key in ids)))


def child_plain(folder: Path, pairs: bool = False) -> dict[str, Any]:
    """As arxiv-sanity-lite does: its settings, everything in memory at once."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    desk = many_papers.open_at(folder)
    began = time.perf_counter()
    sql = "SELECT id, title || ' ' || authors || ' ' || abstract, stars FROM papers"
    rows = list(desk.database.connection.conn.execute(sql))
    vectorizer = TfidfVectorizer(
        strip_accents="unicode",
        stop_words="english",
        max_features=20_000,
        max_df=0.1,
        min_df=5,
        ngram_range=(1, 2 if pairs else 1),
        sublinear_tf=True,
        dtype=np.float32,
    )
    features = vectorizer.fit_transform([text for _, text, _ in rows])
    labels = np.array([stars > 0 for _, _, stars in rows])
    machine = LinearSVC(class_weight="balanced", max_iter=10_000, tol=1e-6, C=0.01, dual=True)
    machine.fit(features, labels)
    order = np.argsort(-machine.decision_function(features))
    best = [rows[at][0] for at in order if not labels[at]][:50]
    return _taken(began, str(sum((key - 1) % TOPICS == WANTED for key in best)))


def child_pairs(folder: Path) -> dict[str, Any]:
    return child_plain(folder, pairs=True)


def child_stall(folder: Path) -> dict[str, Any]:
    return asyncio.run(_stall(folder))


async def _stall(folder: Path) -> dict[str, Any]:
    """The longest time in which the loop of a TUI did not come round, ranking and idle."""
    from researchdesk.tui.app import ResearchDeskApp
    from researchdesk.tui.screens.recommended import RecommendedScreen
    from researchdesk.tui.widgets.recommended_list import RecommendedList

    app = ResearchDeskApp(many_papers.open_at(folder))
    app.animation_level = "none"
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.pause(1.0)
        screen = RecommendedScreen(app.desk)
        await app.push_screen(screen)
        await pilot.pause(0.1)
        began = time.perf_counter()
        worst = 0.0
        shown = screen.query_one(RecommendedList)
        while not shown.items:
            worst = max(worst, await _tick())
        waited = time.perf_counter() - began
        worst = max([worst, *[await _tick() for _ in range(20)]])
        idle = 0.0
        until = time.perf_counter() + min(waited, 10.0)
        while time.perf_counter() < until:
            idle = max(idle, await _tick())
    return {"waited": waited, "worst": worst, "idle": idle}


async def _tick() -> float:
    """How much longer than asked for the loop slept, in seconds."""
    began = time.perf_counter()
    await asyncio.sleep(_TICK_S)
    return time.perf_counter() - began - _TICK_S


# Quality


def quality() -> None:
    """The table of areas under the ROC curve."""
    import recommending_quality as measured

    libraries = measured.libraries()
    if not libraries:
        print("No quality: the corpus is not here.")
        return
    for library in libraries:
        sizes = ", ".join(f"{name} ({len(ids)})" for name, ids in library.lists.items())
        print(f"{library.name}, {len(library.texts)} papers: {sizes}")
    names = [library.name for library in libraries]
    print(
        f"\n{'area under the ROC curve, mean of the lists':44}" + "".join(f"{n:>14}" for n in names)
    )
    rows = {f"SVM: {name}": areas for name, areas in measured.table(measured.FEATURES).items()}
    ours = next(iter(measured.FEATURES.items()))
    only = measured.table(dict([ours]), measured.centroid)
    rows |= {f"centroid: {name}": areas for name, areas in only.items()}
    for name, areas in rows.items():
        print(f"{name:44}" + "".join(f"{mean(areas[key]):14.3f}" for key in names))
    areas = rows[f"SVM: {ours[0]}"]
    print("\nof each list, by the first of these:")
    for library in libraries:
        for name, area in zip(library.lists, areas[library.name], strict=True):
            print(f"  {name:42}{area:6.3f}")


if __name__ == "__main__":
    main()

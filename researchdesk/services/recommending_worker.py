"""The process that recommends for another one: a question on stdin, answers on stdout."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from researchdesk.config import Settings
from researchdesk.errors import DeskError
from researchdesk.services import recommending
from researchdesk.services.desk import Desk, open_desk
from researchdesk.services.recommending_apart import encoded


def main() -> None:
    """Answer the question, and end."""
    question = json.loads(sys.stdin.readline())
    try:
        desk = open_desk(Settings(desk=Path(question["desk"]), offline=True))
        try:
            answer = _scored(desk, question) if "texts" in question else _found(desk, question)
        finally:
            desk.close()
    except DeskError as error:
        failure = {"message": error.message, "hint": error.hint, "exit_code": error.exit_code}
        _say({"failure": failure})
    else:
        _say(answer)


def _found(desk: Desk, question: dict[str, Any]) -> dict[str, Any]:
    limit, like = int(question["limit"]), question["like"]
    if like is not None:
        found = recommending.similar(desk, int(like), limit, _progress)
    else:
        found = recommending.recommend(
            desk,
            tag=question["tag"],
            limit=limit,
            everything=question["everything"],
            progress=_progress,
        )
    return {"found": encoded(found)}


def _scored(desk: Desk, question: dict[str, Any]) -> dict[str, Any]:
    texts = question["texts"]
    scores = recommending.rank_new(desk, texts)
    if scores is None:
        return {"scored": None}
    best = sorted(range(len(texts)), key=lambda at: -scores[at])[: int(question["explained"])]
    words = recommending.explain_new(desk, [texts[at] for at in best]) if best else []
    said = {
        at: [[asdict(word) for word in side] for side in both]
        for at, both in zip(best, words or [], strict=True)
    }
    return {"scored": {"scores": scores, "words": said}}


def _progress(words: str) -> None:
    _say({"progress": words})


def _say(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)  # noqa: T201 - stdout is where it answers


if __name__ == "__main__":
    main()

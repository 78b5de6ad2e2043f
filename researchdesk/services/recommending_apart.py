"""Recommending in a process of its own, so that who asks goes on without a stall.

A question is a line of JSON to its stdin; it answers with lines of JSON: ``progress`` in words,
then ``found`` or ``failure``.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from researchdesk.domain.recommending import Basis, Method, Recommended, Suggestion, Word
from researchdesk.errors import DeskError
from researchdesk.services.desk import Desk

_LONGEST_S = 900.0
_WORKER = "researchdesk.services.recommending_worker"
_ROOT = Path(__file__).parents[2]
_LONGEST_LINE = 1 << 24


@dataclass(frozen=True, slots=True)
class Question:
    """What to read next, by a tag where one is named, with ``everything`` also what was read or
    judged; or, for a paper ``like``, what is like it."""

    tag: str = ""
    like: int | None = None
    limit: int = 50
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """The score of each text, higher is better; and of the best ones the words for and against,
    by their place among the texts."""

    scores: tuple[float, ...]
    words: dict[int, tuple[tuple[Word, ...], tuple[Word, ...]]]


def score_new(
    desk: Desk, texts: Sequence[tuple[str, Sequence[str], str]], explained: int = 0
) -> Scored | None:
    """What ``rank_new`` and, of the ``explained`` best, ``explain_new`` give; for a thread.

    Found by another process, so that nothing heavy is loaded into this one. None where the desk
    says nothing yet. Raises DeskError where the process ended without an answer.
    """
    question = {"desk": str(desk.root), "texts": list(texts), "explained": explained}
    try:
        done = _answered(question)
    except subprocess.TimeoutExpired as error:
        raise _unanswered() from error
    for answer in done.stdout.splitlines():
        said = json.loads(answer)
        if "failure" in said:
            raise _failure(said["failure"])
        if "scored" in said:
            return None if said["scored"] is None else _scored(said["scored"])
    raise _unanswered()


def _answered(question: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", _WORKER],
        input=json.dumps(question) + "\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        encoding="utf-8",
        check=False,
        timeout=_LONGEST_S,
    )


async def ask(desk: Desk, question: Question, progress: Callable[[str], None]) -> Recommended:
    """What ``recommend`` or ``similar`` give, found by another process.

    It ends with the task that waits for it. Raises what they raise, as DeskError, and DeskError
    where the process ended without an answer.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        _WORKER,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_ROOT,
        limit=_LONGEST_LINE,
        start_new_session=True,
    )
    try:
        return await _answer(process, desk, question, progress)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _answer(
    process: asyncio.subprocess.Process,
    desk: Desk,
    question: Question,
    progress: Callable[[str], None],
) -> Recommended:
    asked, answers = process.stdin, process.stdout
    if asked is None or answers is None:
        raise _unanswered()
    line = json.dumps({"desk": str(desk.root), **asdict(question)})
    with contextlib.suppress(ConnectionError):
        asked.write(line.encode() + b"\n")
        await asked.drain()
        asked.close()
    async for answer in answers:
        said = json.loads(answer)
        if "found" in said:
            return decoded(said["found"])
        if "failure" in said:
            raise _failure(said["failure"])
        progress(str(said["progress"]))
    raise _unanswered()


def encoded(found: Recommended) -> dict[str, Any]:
    """What JSON takes."""
    return asdict(found)


def decoded(data: dict[str, Any]) -> Recommended:
    """Undo ``encoded``."""
    basis = data["basis"]
    return Recommended(
        tuple(_suggestion(item) for item in data["suggestions"]),
        Basis(**{**basis, "method": Method(basis["method"])}) if basis else None,
        data["why_none"],
        data["tag"],
        data["left_out"],
    )


def _suggestion(data: dict[str, Any]) -> Suggestion:
    words = {side: _words(data[side]) for side in ("words_for", "words_against")}
    return Suggestion(**{**data, **words, "authors": tuple(data["authors"])})


def _words(data: Sequence[dict[str, Any]]) -> tuple[Word, ...]:
    return tuple(Word(word["text"], word["share"]) for word in data)


def _scored(data: dict[str, Any]) -> Scored:
    words = {int(at): (_words(both[0]), _words(both[1])) for at, both in data["words"].items()}
    return Scored(tuple(data["scores"]), words)


def _failure(data: dict[str, Any]) -> DeskError:
    return DeskError(data["message"], data["hint"], exit_code=data["exit_code"])


def _unanswered() -> DeskError:
    return DeskError(
        "The process that ranks papers ended without an answer. Nothing was changed.",
        "Try again; is there memory left?",
    )

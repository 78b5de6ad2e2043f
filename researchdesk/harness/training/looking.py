"""A look at an experiment's data before anything is trained on it."""

import math
from dataclasses import asdict
from typing import Any

import numpy as np

from researchdesk.domain.looking import DataLook, Place, Sample, SplitLook
from researchdesk.harness.training.alike import NEAR_RULE, duplicates, near_duplicates
from researchdesk.harness.training.experiment import CLASSIFICATION, Split
from researchdesk.harness.training.features import feature_looks
from researchdesk.harness.training.findings import findings_of
from researchdesk.harness.training.neighbours import LABEL_RULE, suspects
from researchdesk.harness.training.tables import (
    Array,
    Part,
    Tables,
    picture_of,
    picture_record,
    plain_record,
    tables_of,
)

_SHOWN = 200
_GROUP = 6
_SAMPLES = 600
_EACH = 24
_VALUES = 64
_CHUNK = 4_096


def look(split: Split, task: str = "", seed: int = 0) -> dict[str, Any]:
    """What is in the data, as the record of a DataLook that JSON can hold.

    Sizes, ranges, missing values, classes and their balance, some examples of each, equal rows
    within and across splits, near-duplicates, suspicious labels, features that give the label away,
    and what of all that wants a person's eye. Long data is drawn from by ``seed``, and ``notes``
    say so, so that time and memory are bounded. Raises ValueError where the split is no table of
    examples.
    """
    tables = tables_of(split, task)
    rng = np.random.default_rng(seed)
    notes: list[str] = []
    groups = duplicates(tables)
    near, count_near = near_duplicates(tables, rng, notes.append)
    doubtful = suspects(tables, rng, notes.append)
    features, constant = feature_looks(tables, rng, notes.append)
    splits = tuple(_split_look(part, tables) for part in tables.parts)
    found = DataLook(
        tables.task,
        tables.classes,
        splits,
        features=features,
        constant=constant,
        duplicates=tuple(groups[:_SHOWN]),
        near=tuple(near[:_SHOWN]),
        suspects=tuple(doubtful[:_SHOWN]),
        totals={"duplicates": len(groups), "near": count_near, "suspects": len(doubtful)},
        rules={"near": NEAR_RULE, "suspects": LABEL_RULE},
        notes=tuple(dict.fromkeys(notes)),
    )
    findings = findings_of(found, groups)
    samples = _samples(found, tables)
    record = {**asdict(found), "samples": samples, "findings": [asdict(f) for f in findings]}
    return plain_record(record)


def _split_look(part: Part, tables: Tables) -> SplitLook:
    moments = _moments(part.x)
    classified = tables.task == CLASSIFICATION
    counts = np.bincount(part.y, minlength=len(tables.classes)).tolist() if classified else []
    return SplitLook(
        part.name,
        len(part.x),
        tuple(part.shape),
        part.dtype,
        counts=tuple(counts),
        target=() if classified else _moments(part.y)[:4],
        missing=int(moments[4]),
        infinite=int(moments[5]),
        low=moments[0],
        high=moments[1],
        mean=moments[2],
        sd=moments[3],
        outside=0.0 if part is tables.train else _outside(part.x, tables.train.x),
    )


def _moments(x: Array) -> tuple[float, float, float, float, float, float]:
    """Least, greatest, mean, sd of the finite values; how many are missing, how many infinite."""
    low, high, total, squares, count, missing = math.inf, -math.inf, 0.0, 0.0, 0, 0
    anchor = 0.0
    for at in range(0, len(x), _CHUNK):
        chunk = np.asarray(x[at : at + _CHUNK], dtype=np.float64)
        missing += int(np.isnan(chunk).sum())
        chunk = chunk[np.isfinite(chunk)]
        if not chunk.size:
            continue
        anchor = anchor if count else float(chunk.mean())
        low, high = min(low, float(chunk.min())), max(high, float(chunk.max()))
        total += float((chunk - anchor).sum())
        squares += float(((chunk - anchor) ** 2).sum())
        count += chunk.size
    if not count:
        return (math.nan,) * 4 + (float(missing), float(x.size - missing))
    mean = total / count
    spread = math.sqrt(max(squares / count - mean**2, 0.0))
    return low, high, anchor + mean, spread, float(missing), float(x.size - missing - count)


def _outside(x: Array, train: Array) -> float:
    """The share of values beyond the least and the greatest of their feature in training."""
    low, high = np.full(x.shape[1], np.inf), np.full(x.shape[1], -np.inf)
    for at in range(0, len(train), _CHUNK):
        chunk = np.where(np.isfinite(train[at : at + _CHUNK]), train[at : at + _CHUNK], np.nan)
        low, high = np.fmin(low, np.fmin.reduce(chunk)), np.fmax(high, np.fmax.reduce(chunk))
    beyond = sum(
        int(((chunk < low) | (chunk > high)).sum())
        for chunk in (x[at : at + _CHUNK] for at in range(0, len(x), _CHUNK))
    )
    return beyond / x.size if x.size else 0.0


def _samples(found: DataLook, tables: Tables) -> list[dict[str, Any]]:
    """Some rows of each class and split, and every row that a finding names."""
    wanted: dict[Place, None] = {}
    groups = max(1, len(tables.classes)) * len(tables.parts)
    each = max(1, min(_EACH, _SAMPLES // groups))
    for part in tables.parts:
        classes = range(len(tables.classes)) if tables.classes else [None]
        for label in classes:
            rows = np.arange(len(part.y)) if label is None else np.flatnonzero(part.y == label)
            wanted |= {Place(part.name, int(row)): None for row in rows[:each]}
    for alike in (*found.duplicates, *found.near):
        wanted |= dict.fromkeys(alike.places[:_GROUP])
    wanted |= {suspect.place: None for suspect in found.suspects}
    parts = {part.name: part for part in tables.parts}
    train = found.splits[0]
    return [
        _sample(place, parts[place.split], tables, (train.low or 0.0, train.high or 1.0))
        for place in wanted
    ]


def _sample(place: Place, part: Part, tables: Tables, ends: tuple[float, float]) -> dict[str, Any]:
    row, label = part.x[place.row], tables.label(part, place.row)
    if tables.picture is None:
        return asdict(Sample(place, label, tuple(float(value) for value in row[:_VALUES])))
    picture = picture_of(row, tables.picture, *ends)
    return asdict(Sample(place, label)) | {"picture": picture_record(picture)}

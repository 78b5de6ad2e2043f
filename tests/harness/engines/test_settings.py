"""Engines as the settings name them."""

import pytest

from researchdesk.domain.engines import EngineKind, Needs
from researchdesk.errors import BadInputError, NotOnDeskError
from researchdesk.harness.engines.keys import keys_of, options_of_kind
from researchdesk.harness.engines.ray_tickets import Manner
from researchdesk.harness.engines.settings import engine_named, engine_names
from researchdesk.harness.engines.slurm_options import Options


def test_the_kinds_are_there_without_a_table_and_others_by_their_names() -> None:
    tables = {
        "cluster": {"kind": "slurm", "partition": "gpu", "gpus": 1, "minutes": 90, "retries": 5},
        "ray": {"address": "ray://head:10001", "at_once": 8},
    }
    assert engine_names(tables) == ("local", "ray", "slurm", "cluster")
    local, cluster, ray = (engine_named(tables, name) for name in ("local", "cluster", "ray"))
    assert (local.kind, local.retries, local.outlives) == (EngineKind.LOCAL, 2, False)
    assert (cluster.kind, cluster.retries, cluster.outlives) == (EngineKind.SLURM, 5, True)
    assert cluster.needs == Needs(1, 1, 0, 90)
    assert cluster.options == {"partition": "gpu"}
    assert (ray.at_once, ray.options) == (8, {"address": "ray://head:10001"})


def test_an_engine_that_is_not_there_is_answered_with_a_near_one() -> None:
    with pytest.raises(NotOnDeskError) as caught:
        engine_named({}, "slrum")
    assert caught.value.hint == "Did you mean slurm?"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"kind": "pbs"}, "none of local, ray, slurm"),
        ({}, "its `kind` is missing, which is one of local, ray, slurm"),
        ({"kind": "local", "jobs": 4}, "there is no 'jobs', but there are kind, retries, at_once"),
        ({"kind": "slurm", "partitoin": "x"}, "there is no 'partitoin', but partition"),
        ({"kind": "ray", "retries": "many"}, "retries is 'many', which is no number"),
        ({"kind": "ray", "cpus": 0}, "cpus is 0, and it is from 1"),
        ({"kind": "ray", "checkpoint_mb": "x"}, "checkpoint_mb is 'x', which is no number"),
        ({"kind": "ray", "runtime_env": "abc"}, "runtime_env is 'abc', which is no table"),
    ],
)
def test_a_table_that_cannot_be_used_is_told_with_its_place(
    table: dict[str, object], words: str
) -> None:
    with pytest.raises(BadInputError, match=words) as caught:
        engine_named({"mine": table}, "mine")
    assert "[engines.mine]" in caught.value.hint


def test_what_is_told_of_a_key_that_is_left_out_is_what_the_engines_do() -> None:
    for kind in EngineKind:
        told = {key.name: key.usual for key in keys_of(kind)}
        assert all(key.meaning and key.default for key in keys_of(kind))
        bare = engine_named({}, str(kind))
        assert (bare.retries, bare.at_once) == (told["retries"], told["at_once"])
        assert bare.seeds_per_trial == told["seeds_per_trial"]
        needs = (told[name] for name in ("cpus", "gpus", "memory_gb", "minutes"))
        assert bare.needs == Needs(*needs)
    slurm, ray = Options(), Manner("x")
    told = {key.name: key.usual for key in options_of_kind(EngineKind.SLURM)}
    assert {name: getattr(slurm, name) for name in Options.__dataclass_fields__} == told
    told = {key.name: key.usual for key in options_of_kind(EngineKind.RAY)}
    assert (
        told.items()
        >= {
            name: getattr(ray, name) for name in ("runtime_env", "checkpoint_mb", "keep_days")
        }.items()
    )

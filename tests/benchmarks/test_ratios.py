"""What ``all.py --check`` calls not good: what got worse, and what it could not see get worse."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from parts import ratios
from parts.rows import Row

SEED = Row("a seed", 30.0, "ms", "a plain loop", 10.0)
KEY = Row("keys: home", 8.0, "ms", "a field", 1.0)
BARE = Row("without a base", 8.0, "ms")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Ratios kept of two groups."""
    ratios.keep({"seeds": [SEED, BARE], "keys": [KEY]}, tmp_path / "ratios.toml")
    return tmp_path / "ratios.toml"


def test_a_group_that_is_kept_again_leaves_the_others_and_forgets_its_own(file: Path) -> None:
    assert ratios.read(file) == {"seeds": {"a seed": 3.0}, "keys": {"keys: home": 8.0}}
    ratios.keep({"keys": [Row("keys: bench", 4.0, "ms", "a field", 1.0)]}, file)
    assert ratios.read(file) == {"seeds": {"a seed": 3.0}, "keys": {"keys: bench": 4.0}}


def test_a_row_without_a_kept_ratio_and_a_ratio_without_a_row_are_told(file: Path) -> None:
    kept = ratios.read(file)
    assert list(ratios.unmatched({"seeds": [SEED, BARE], "keys": [KEY]}, kept)) == []
    assert list(ratios.unmatched({"keys": [KEY]}, kept)) == []  # the other did not run
    (new,) = ratios.unmatched({"seeds": [SEED], "keys": [KEY, SEED]}, kept)
    assert new == "a seed: no ratio is kept for it; `all.py --only keys --keep` keeps one."
    (gone,) = ratios.unmatched({"seeds": [BARE]}, kept)
    assert gone.startswith("a seed: a ratio is kept, and nothing was measured;")
    assert len(list(ratios.unmatched({"log": [KEY, SEED]}, {}))) == 2


@pytest.mark.slow
def test_check_ends_with_1_where_one_is_missing_or_worse(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import all as benchmarks

    groups = {"seeds": [SEED], "keys": [KEY]}
    kept = ratios.read(file)
    monkeypatch.setattr(ratios, "read", lambda: kept)

    def checked(**changed: list[Row]) -> int:
        made = {name: lambda place, rows=rows: rows for name, rows in (groups | changed).items()}
        monkeypatch.setattr(benchmarks, "GROUPS", made)
        monkeypatch.setattr(sys, "argv", ["all.py", "--check", "--folder", str(file.parent)])
        return benchmarks.main()

    assert checked() == 0
    assert checked(seeds=[Row("a seed", 60.0, "ms", "a plain loop", 10.0)]) == 1
    assert checked(keys=[KEY, Row("keys: new", 1.0, "ms", "a field", 1.0)]) == 1
    assert "keys: new: no ratio is kept for it" in capsys.readouterr().out
    assert checked(keys=[]) == 1
    assert "keys: home: a ratio is kept, and nothing was measured" in capsys.readouterr().out

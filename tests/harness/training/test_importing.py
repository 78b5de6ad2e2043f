"""What is imported from a recipe's folder: its sources, whatever lies beside them."""

import importlib
import importlib.util
import py_compile
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from researchdesk.harness.training.importing import import_from

_MODULES = ("rd_beside", "rd_inner", "rd_inner.deep", "rd_linked", "rd_hollow", "rd_hollow.away")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    made = tmp_path / "recipe"
    (made / "rd_inner").mkdir(parents=True)
    (made / "rd_beside.py").write_text("SAID = 'source'\n")
    (made / "rd_inner" / "__init__.py").write_text("SAID = 'source'\n")
    (made / "rd_inner" / "deep.py").write_text("SAID = 'source'\n")
    for name in ("path", "path_hooks"):
        monkeypatch.setattr(sys, name, list(getattr(sys, name)))
    import_from(made)
    yield made
    for name in _MODULES:
        sys.modules.pop(name, None)


def said(name: str) -> object:
    return importlib.import_module(name).SAID


def test_a_compiled_file_is_never_run_in_place_of_its_source(folder: Path) -> None:
    for source in (folder / "rd_beside.py", folder / "rd_inner" / "deep.py"):
        other = folder.parent / "other.py"
        other.write_text("SAID = 'compiled'\n")
        py_compile.compile(
            str(other),
            cfile=importlib.util.cache_from_source(str(source)),
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    assert [said("rd_beside"), said("rd_inner"), said("rd_inner.deep")] == ["source"] * 3


def test_what_a_link_leads_to_is_not_of_the_recipe(folder: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    for name in ("__init__.py", "away.py"):
        (away / name).write_text("SAID = 'elsewhere'\n")
    (folder / "rd_linked").symlink_to(away)
    (tmp_path / "hollow").mkdir()
    (tmp_path / "hollow" / "away.py").write_text("SAID = 'elsewhere'\n")
    (folder / "rd_hollow").symlink_to(tmp_path / "hollow")
    for name in ("rd_linked", "rd_hollow.away"):
        with pytest.raises(ImportError):
            importlib.import_module(name)

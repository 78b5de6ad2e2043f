import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "researchdesk"
MODULES = sorted(PACKAGE.rglob("*.py"))


def test_imports_run_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("researchdesk.domain.recipes", {"torch", "textual", "pymupdf", "httpx", "sqlite_utils"}),
        (
            "researchdesk.services.library",
            {"torch", "textual", "pymupdf", "httpx", "arxiv", "numpy", "pandas"},
        ),
        ("researchdesk.cli.recipe_listing", {"torch", "sklearn", "numpy", "pandas", "scipy"}),
        ("researchdesk.cli.run_listing", {"torch", "sklearn", "numpy", "pandas", "scipy"}),
        (
            "researchdesk.cli.sweep_listing, researchdesk.cli.sweep_showing",
            {"torch", "sklearn", "numpy", "pandas", "scipy", "httpx", "ray", "optuna"},
        ),
        ("researchdesk.services.reproduction", {"torch", "textual", "pymupdf", "sklearn"}),
        ("researchdesk.services.acquire", {"torch", "textual", "pymupdf", "scipy", "numpy"}),
        ("researchdesk.tui.screens.reader, researchdesk.tui.screens.bench", {"torch", "pymupdf"}),
    ],
)
def test_a_fresh_process_imports_no_more_than_it_should(module: str, forbidden: set[str]) -> None:
    script = f"import sys, {module}; print(*sorted({forbidden!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_and_functions_stay_small_and_are_imported_one_way(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(source.splitlines()) < 300
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, node.name
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"


def test_no_file_names_a_place_of_the_machine_it_stands_on() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("what git keeps is asked of git")
    command = ["git", "-c", "safe.directory=*", "ls-files"]
    files = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    for name in files:
        path = ROOT / name
        if path.suffix in {".py", ".toml", ".md", ".tcss", ".svg"} and path.is_file():
            text = path.read_text("utf-8")
            assert str(ROOT) not in text, name
            assert str(Path(sys.prefix)) not in text, name

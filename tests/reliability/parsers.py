"""Which functions of the package take text apart, and which of them need no fuzzing, and why.

Those that read text from outside are named by a target of ``fuzz.py`` in its ``covers``.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import researchdesk

_NAMES = {
    *("loads", "parse_json", "parse_yaml", "safe_load", "fromisoformat", "strptime"),
    *("fromstring", "XMLParser", "parsedate_to_datetime", "urlsplit", "literal_eval", "unquote"),
    *("parse_string", "frombuffer", "raw_decode", "ParserCreate"),
}
_MODULES = {
    **{"ast": "parse", "shlex": "split", "pymupdf": "open", "_mupdf": "open"},
    **dict.fromkeys(("yaml", "json", "np", "torch", "pickle", "tomllib"), "load"),
}
OUR_OWN = {
    "storage.": "what the desk's database keeps was written by the desk",
    "harness.engines.ray_": "one process of ours tells another, with Ray in between",
    "harness.engines.hosting:_commands": "the order that this process wrote",
    "harness.engines.slurm_handing:": "what our own process at the cluster answers",
    "harness.engines.slurm_submit:": "the order that our own process wrote",
    "harness.engines.slurm_python:": "the settings, which options_of has looked at",
    "harness.engines.slurm_trial:_Mail.say": "lines that our own worker wrote",
    "harness.training.": "what the process that started it told it; checkpoints are fuzzed",
    "document.worker:": "a PDF: see pdfs.py; and the question of the process that started it",
    "document.html_worker:": "the question of the process that started it",
    "document.process:": "what our own worker answers: whatever it is, it is an error with words",
    "export.plots.": "the pictures that we drew",
    "export.vault.notes:_code": "an address that parse_repository has looked at",
    "services.bug_report:_settings": "the settings once more, which are fuzzed",
    "services.recommending": "what our own worker answers",
    "services.ranking_": "arrays that are read by ranking_cache, which is fuzzed",
    "services.import_matching:": "what the desk's database keeps",
    "services.citation_keys:_words": "what the desk's database keeps",
    "services.experiment_recipes:_tables": "a recipe that load_recipe has looked at",
    "services.sweep_confirming:_tables": "a recipe that load_recipe has looked at",
    "services.release_contents:command": "a command that we made",
    "sources.oai:_pages": "the days of the desk's own feeds",
    "sources.semantic_scholar:": "an address of the settings",
    **dict.fromkeys(
        (
            *("domain.venues:read_venues", "services.arxiv_categories:", "services.finding_pages:"),
            *("services.merge_proposing:", "services.shipped:", "services.story_denials:"),
            *("services.story_parts:", "services.talk_checks:", "services.withdrawals:"),
            *("services.writing_templates:source_of", "cli.completion_values:_categories"),
        ),
        "a file of the package",
    ),
}
"""Why what they read need not be fuzzed, by the beginning of their names."""
_OF_MODULES = (rf"{module}\.{name}" for module, name in _MODULES.items())
_CALLED = re.compile(rf"\b(?:{'|'.join((*_NAMES, *_OF_MODULES))})\(")
_PACKAGE = Path(researchdesk.__file__).parent


def calls_that_parse() -> set[str]:
    """The functions of the package that call a parser of the standard library or of another, as
    ``module:function``."""
    found: set[str] = set()
    for path in sorted(_PACKAGE.rglob("*.py")):
        module, text = ".".join(path.relative_to(_PACKAGE).with_suffix("").parts), path.read_text()
        if _CALLED.search(text):
            found |= {f"{module}:{name}" for name in _parsing(ast.parse(text), "")}
    return found


def _parsing(node: ast.AST, within: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        inside = within
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inside = f"{within}.{child.name}" if within else child.name
        if isinstance(child, ast.Call) and _parses(child.func):
            yield inside
        yield from _parsing(child, inside)


def _parses(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id in _NAMES
    if not isinstance(called, ast.Attribute):
        return False
    of = called.value.id if isinstance(called.value, ast.Name) else ""
    return called.attr in _NAMES or _MODULES.get(of) == called.attr

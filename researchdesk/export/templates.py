"""Texts filled in from templates: shipped ones, and the user's own of the same name."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from traceback import extract_tb
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from researchdesk.assets import folder
from researchdesk.domain.text import clean
from researchdesk.errors import BadInputError
from researchdesk.export.escaping import escape
from researchdesk.export.latex import latex

_HTML = (".html.j2", ".svg.j2")
_OF_TEMPLATES = (ArithmeticError, LookupError, TypeError, ValueError, RecursionError)
"""What an expression of a template can raise, beside Jinja's own."""


def fill(name: str, values: Mapping[str, Any], own: Path | None = None) -> str:
    """The template ``name`` (``report/page.html.j2``) with ``values`` filled in.

    A file of that name in the folder ``own`` takes the place of the shipped one; it is data, and is
    rendered where it can call nothing of Python. Values become HTML as text only (``.html.j2``);
    markdown has the filter ``md`` and LaTeX the filter ``tex`` for words from outside. Raises
    BadInputError where a template cannot be read or names a value that is not there.
    """
    try:
        return _environment(own).get_template(name).render(values)
    except (TemplateError, *_OF_TEMPLATES) as error:
        at = _own_place(error, own) or _own_file(name, error, own)
        if not at and not isinstance(error, TemplateError):
            raise
        raise BadInputError(
            f"The template {name} cannot be used: {str(error).rstrip('.')}. Nothing was written.",
            f"Mend {at}, or move it away." if at else "Install researchdesk again: it is its own.",
        ) from error


def _own_file(name: str, error: Exception, own: Path | None) -> str:
    """The user's template of this name, where an error before it was filled in tells no line."""
    unread = isinstance(error, TemplateSyntaxError | RecursionError)
    return str(own / name) if unread and own is not None and (own / name).is_file() else ""


def _own_place(error: Exception, own: Path | None) -> str:
    """The line of the user's template that an error comes from; empty where from none of them."""
    if own is None:
        return ""
    if isinstance(error, UnicodeDecodeError):
        return f"the template in {own} that is not UTF-8"
    places = [(frame.filename, frame.lineno) for frame in extract_tb(error.__traceback__)]
    if isinstance(error, TemplateSyntaxError):
        places.append((error.filename or "", error.lineno))
    of_own = [f"{name}, line {line}" for name, line in places if Path(name).is_relative_to(own)]
    return of_own[-1] if of_own else ""


def _finished(value: Any) -> Any:
    """What an expression gave, without what acts, hides or turns; markup of our own stays."""
    return clean(value) if type(value) is str else value


@cache
def _environment(own: Path | None) -> ImmutableSandboxedEnvironment:
    places = [folder("data") / "templates"]
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([own, *places] if own else places),
        autoescape=lambda name: name is not None and name.endswith(_HTML),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=0,
        finalize=_finished,
    )
    filters: dict[str, Callable[..., Any]] = {"md": escape, "tex": latex}
    environment.filters.update(filters)
    return environment

"""Texts filled in from templates: shipped ones, and the user's own of the same name."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from researchdesk.assets import folder
from researchdesk.errors import BadInputError
from researchdesk.export.escaping import escape
from researchdesk.export.latex import latex

_HTML = (".html.j2", ".svg.j2")


def fill(name: str, values: Mapping[str, Any], own: Path | None = None) -> str:
    """The template ``name`` (``report/page.html.j2``) with ``values`` filled in.

    A file of that name in the folder ``own`` takes the place of the shipped one; it is data, and is
    rendered where it can call nothing of Python. Values become HTML as text only (``.html.j2``);
    markdown has the filter ``md`` and LaTeX the filter ``tex`` for words from outside. Raises
    BadInputError where a template cannot be read or names a value that is not there.
    """
    try:
        return _environment(own).get_template(name).render(values)
    except TemplateError as error:
        raise BadInputError(
            f"The template {name} cannot be used: {error}. Nothing was written.",
            f"Mend {own / name}, or move it away." if own and (own / name).is_file() else "",
        ) from error


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
    )
    filters: dict[str, Callable[..., Any]] = {"md": escape, "tex": latex}
    environment.filters.update(filters)
    return environment

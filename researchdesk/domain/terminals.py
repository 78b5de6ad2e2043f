"""Whether a terminal has signs other than those of ASCII."""

from collections.abc import Mapping

_FEW_SIGNS = {"dumb", "linux", "cons25", "vt52", "vt100", "vt102", "vt220"}
"""Terminals, by TERM, that have letters and little else; ``linux`` is the console without X."""
_PLAIN_LOCALES = {"C", "POSIX"}
_COERCED = {"C.UTF-8", "C.utf8", "UTF-8"}


def wants_ascii(said: bool | None, environ: Mapping[str, str]) -> bool:
    """Whether a terminal should be shown ASCII: as it was said, else where it has no more."""
    return has_ascii_only(environ) if said is None else said


def has_ascii_only(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is one of few signs, or the locale named is not one of UTF-8.

    Where no locale is named nothing is known, and terminals of today have them all. Python writes
    an LC_CTYPE of its own over a locale C (PEP 538): of the two LANG is the user's.
    """
    if environ.get("TERM") in _FEW_SIGNS:
        return True
    named = [environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    if not named[0] and named[2] in _PLAIN_LOCALES and named[1] in _COERCED:
        named[1] = ""
    locale = next(filter(None, named), "")
    encoding = locale.partition(".")[2].partition("@")[0] or locale
    return bool(locale) and encoding.lower().replace("-", "") != "utf8"

"""Names of keys, as a person may write them and as Textual knows them."""

from textual.keys import Keys, _character_to_key, key_to_character

_SHORT = {
    "esc": "escape",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "return": "enter",
    "control": "ctrl",
    "option": "alt",
}
_NAMED = {
    key.value
    for key in Keys
    if key.value.isascii() and key.value[0].isalpha() and "-" not in key.value
}
_SIGNS = {"plus": "+", "minus": "-", "slash": "/", "at": "@", "backslash": "\\", "underscore": "_"}
"""Those that Textual names otherwise than Unicode does, and does not know the sign of."""
_MODIFIERS = ("ctrl", "alt", "shift")
_WITH_ANY = {
    "left",
    "right",
    "up",
    "down",
    "home",
    "end",
    "insert",
    "delete",
    "pageup",
    "pagedown",
}
_AS_OTHERS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+h": "backspace"}
_CONTROLS = {"at", "backslash", "right_square_bracket", "circumflex_accent", "slash", "underscore"}


def parse_key(text: str) -> str:
    """The key as Textual names it: ``^d`` is ``ctrl+d``, ``?`` is ``question_mark``.

    Raises ValueError where there is no such key, or where few terminals can send it.
    """
    said = text.strip()
    if len(said) == 2 and said[0] == "^":
        said = f"ctrl+{said[1]}"
    *modifiers, last = said.rsplit("+", 1) if said not in ("+", "") else (said,)
    found = [_SHORT.get(part, part) for part in "+".join(modifiers).lower().split("+") if part]
    if unknown := [part for part in found if part not in _MODIFIERS]:
        raise ValueError(f"there is no {unknown[0]!r} to hold; there are {', '.join(_MODIFIERS)}")
    name = _name(last.lower() if "ctrl" in found else last)
    key = "+".join([*(one for one in _MODIFIERS if one in found), name])
    if problem := _not_sent(found, name, key):
        raise ValueError(problem)
    return key


def is_typed(key: str) -> bool:
    """Whether a text field takes it for a letter."""
    sign = _sign_of(key)
    return key == "space" or (sign != "" and sign.isprintable())


def _sign_of(key: str) -> str:
    """What the key writes, or ``""``."""
    return "" if "+" in key else _SIGNS.get(key) or key_to_character(key) or ""


def _name(text: str) -> str:
    if len(text) == 1:
        return _character_to_key(text)
    name = _SHORT.get(text.lower(), text.lower())
    if name not in _NAMED and not _sign_of(name):
        raise ValueError(f"there is no key {text!r}")
    return name


def _not_sent(modifiers: list[str], name: str, key: str) -> str:
    """Why a terminal cannot send it, or ``""``."""
    if key in _AS_OTHERS:
        return f"a terminal sends {key} as {_AS_OTHERS[key]}"
    always = name in _WITH_ANY or (name[:1] == "f" and name[1:].isdigit())
    if "shift" in modifiers and is_typed(name):
        sign = name.upper() if len(name) == 1 else "the sign itself"
        return f"a terminal sends what is typed with shift: write {sign}"
    if "shift" in modifiers and not always and name != "tab":
        return f"few terminals can send {key}"
    letter = len(name) == 1 and name.isascii() and name.isalpha()
    if "ctrl" in modifiers and not (letter or always or name in _CONTROLS):
        return f"few terminals can send {key}"
    return ""

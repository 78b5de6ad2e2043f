"""Titles in one form, so that two spellings of one title are found equal by an index."""

LEAST = 13
"""Letters that a title needs to say by itself which paper it is."""

_SIGNS = " -:,.;'’\"“”?!(){}$\\/_–—"


def title_key(column: str) -> str:
    """The SQL of a title without blanks and signs, in lower case.

    Indexes of the schema are made of it: it stays as it is.
    """
    text = column
    for sign in _SIGNS:
        text = f"replace({text}, '{sign * 2 if sign == chr(39) else sign}', '')"
    return f"lower({text})"

"""What was begun in a dialog and not kept."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def changes(before: "DataclassInstance", form: "DataclassInstance") -> dict[str, Any]:
    """What ``form`` says otherwise than ``before``, by field, whether it was saved or not.

    Kept and written so, what was begun goes over nothing that another program changed since.
    """
    said, was = asdict(form), asdict(before)
    return {name: said[name] for name in was if name != "saved" and said[name] != was[name]}

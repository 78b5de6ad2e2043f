"""Everything that can be killed."""

from reliability.killing import (
    everyday,
    exports,
    keeping,
    libraries,
    making,
    outside,
    running,
    typed,
)

OPERATIONS = (
    *everyday.OPERATIONS,
    *libraries.OPERATIONS,
    *exports.OPERATIONS,
    *keeping.OPERATIONS,
    *making.OPERATIONS,
    *outside.OPERATIONS,
    *running.OPERATIONS,
    *typed.OPERATIONS,
)


def names() -> str:
    return "; ".join(one.name for one in OPERATIONS)

"""Becomes another command that ends when the process that started it does.

Run as ``python -m researchdesk.harness.training.leashed PARENT_PID COMMAND...``.
"""

import os
import sys

from researchdesk.harness.training.leash import die_with_parent


def main(arguments: list[str]) -> None:
    """Ask for the end with the parent, which outlives what comes, then become the command."""
    die_with_parent(int(arguments[0]))
    try:
        os.execvp(arguments[1], arguments[1:])  # noqa: S606 - no shell is meant
    except OSError as error:
        sys.exit(f"{arguments[1]} cannot be run: {error.strerror}.")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Every failure that a person is told about: what happened, and what to do next."""

OUR_FAULT = 70
"""EX_SOFTWARE of sysexits.h: a failure that nobody foresaw. Never 1, which is a verdict."""


class DeskError(Exception):
    """A failure with words for the user.

    ``message`` says what happened and what was not harmed, ``hint`` what to do, ``exit_code`` is
    what the command line ends with.
    """

    exit_code = 5

    def __init__(self, message: str, hint: str = "", *, exit_code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if exit_code is not None:
            self.exit_code = exit_code


class UsageProblemError(DeskError):
    """The command or id was not of the accepted form."""

    exit_code = 2


class NotOnDeskError(DeskError):
    """No such paper, run, recipe, note, story."""

    exit_code = 3


class SourceError(DeskError):
    """A source of the outside world failed: network, rate limit, arXiv, disk while fetching."""

    exit_code = 4


class EngineError(SourceError):
    """An engine could not be reached, or took no trial; what it has already goes on."""


class BadInputError(DeskError):
    """A file was not what it should be; nothing was changed."""

    exit_code = 5


class BusyError(DeskError):
    """Another process owns the thing; nothing was changed."""

    exit_code = 6


def offline(what: str) -> SourceError:
    """What to raise where the setting forbids the network; ``what`` did not happen for it."""
    return SourceError(
        f"The desk is offline: {what}.",
        "Leave out --offline (or RESEARCHDESK_OFFLINE) to let the desk use the network.",
    )

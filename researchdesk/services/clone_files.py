"""What stands in a clone: its files, their text, and words looked for. None of it is ever run.

All but ``place_of`` reads git's own objects, so that neither links nor changes made by hand matter.
"""

from collections.abc import Iterator
from pathlib import Path

from researchdesk.domain.code import Clone, CodeFile, CodeHit
from researchdesk.domain.sizes import megabytes
from researchdesk.domain.text import clean, one_line
from researchdesk.errors import BadInputError, DeskError, NotOnDeskError
from researchdesk.files import leads_out
from researchdesk.sources import git

READ_LIMIT = 2 << 20
"""Bytes of a file that are shown at the most."""

_HITS = 500
_HIT_CHARACTERS = 400
_SNIFFED = 8192
_LINK, _MODULE = "120000", "160000"
_NO_BREAKS = {ord(c): " " for c in "\u2028\u2029"}


def files_of(held: Clone, commit: str = "") -> tuple[CodeFile, ...]:
    """The files at the clone's commit, or an earlier one, in the order of their paths.

    Links and submodules are left out. Raises DeskError where the clone cannot be read.
    """
    commit = _known(held, commit)
    listed = git.read(["ls-tree", "-r", "-l", "-z", "--full-tree", commit], held.folder)
    texts = _texts(held, commit)
    return tuple(CodeFile(path, size, not size or path in texts) for path, size in _entries(listed))


def read_file(held: Clone, path: str, commit: str = "") -> str:
    """A file's text at the clone's commit, or at an earlier one that a note is pinned to.

    Lines are as git counts them. Raises NotOnDeskError where there is no such file or commit,
    BadInputError where it holds no text or more than ``READ_LIMIT`` bytes.
    """
    place = f"{_known(held, commit)}:{path}"
    try:
        size = int(git.read(["cat-file", "-s", place], held.folder))
        if git.read(["cat-file", "-t", place], held.folder).strip() != b"blob":
            raise NotOnDeskError(
                f"{one_line(path)} is a folder, not a file.",
                "List what is in it: researchdesk code list ID --files",
            )
    except NotOnDeskError:
        raise
    except DeskError as error:
        raise NotOnDeskError(
            f"There is no {one_line(path)} in {held.name}.",
            "List what there is: researchdesk code list ID --files",
        ) from error
    if size > READ_LIMIT:
        raise BadInputError(
            f"{one_line(path)} has {megabytes(size)}, too much to show here.",
            "Open it in your editor.",
        )
    data = git.read(["cat-file", "blob", place], held.folder)
    if b"\0" in data[:_SNIFFED]:
        raise BadInputError(
            f"{one_line(path)} holds no text that can be shown.",
            "Look at it in the clone's folder.",
        )
    return clean(data.decode("utf-8", "replace").translate(_NO_BREAKS))


def find_words(held: Clone, words: str, commit: str = "", most: int = _HITS) -> tuple[CodeHit, ...]:
    """The lines with these words, as they stand; capitals count only where ``words`` has some.

    ``most`` lines at the most. Raises DeskError where the clone cannot be read.
    """
    if not words.strip():
        return ()
    case = [] if words != words.lower() else ["-i"]
    found = git.read(
        ["grep", "-n", "-I", "-F", "-z", "--full-name", *case, "-e", words.strip(),
         _known(held, commit), "--"],
        held.folder, may_fail=True, most=most * 1000,
    )  # fmt: skip
    hits = [hit for line in found.split(b"\n") if (hit := _hit(line))]
    return tuple(hits[:most])


def place_of(held: Clone, path: str) -> Path:
    """Where a file of the clone lies, to be opened in an editor.

    Raises NotOnDeskError where it is not there, or lies outside of the clone.
    """
    place = held.folder / path
    outside = leads_out(place, held.folder)
    if outside or ".git" in Path(path).parts or place.is_symlink() or not place.is_file():
        raise NotOnDeskError(
            f"There is no file {one_line(path)} in {held.folder}.",
            "List what there is: researchdesk code list ID --files",
        )
    return place


def _known(held: Clone, commit: str) -> str:
    """The commit, if the clone has it."""
    wanted = commit or held.commit
    try:
        if not all(c in "0123456789abcdef" for c in wanted):
            raise DeskError(wanted)
        git.read(["cat-file", "-e", f"{wanted}^{{commit}}"], held.folder)
    except DeskError as error:
        raise NotOnDeskError(
            f"The clone of {held.name} does not hold commit {wanted[:12]}.",
            "It was cloned anew since, or changed by hand; the newest commit can be read.",
        ) from error
    return wanted


def _entries(listed: bytes) -> Iterator[tuple[str, int]]:
    for entry in listed.split(b"\0"):
        head, _, path = entry.decode("utf-8", "surrogateescape").partition("\t")
        mode, *_, size = head.split() or ("", "")
        if size.isdigit() and mode not in {_LINK, _MODULE}:
            yield path, int(size)


def _texts(held: Clone, commit: str) -> set[str]:
    found = git.read(
        ["grep", "-I", "-l", "-z", "--full-name", "-e", "", commit, "--"],
        held.folder, may_fail=True,
    )  # fmt: skip
    names = found.decode("utf-8", "surrogateescape").split("\0")
    return {name.split(":", 1)[1] for name in names if ":" in name}


def _hit(line: bytes) -> CodeHit | None:
    place, _, rest = line.decode("utf-8", "surrogateescape").partition("\0")
    number, _, text = rest.partition("\0")
    if not number.isdigit() or ":" not in place:
        return None
    shown = clean(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    return CodeHit(place.split(":", 1)[1], int(number), shown.rstrip()[:_HIT_CHARACTERS])

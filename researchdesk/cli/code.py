"""A paper's code: its links, clones on the desk, and what stands in them."""

import click

from researchdesk.cli import diagnostics, output
from researchdesk.cli.context import Session, json_option, pass_session
from researchdesk.cli.kinds import NUMBER
from researchdesk.domain.code import Clone, parse_repository
from researchdesk.domain.papers import Paper
from researchdesk.domain.text import one_line
from researchdesk.errors import NotOnDeskError, UsageProblemError
from researchdesk.services import clone_files, library
from researchdesk.services import code as codes

_of = click.option("--of", "url", default="", metavar="URL", help="Of this repository's clone.")


@click.group()
def code() -> None:
    """Look into a paper's code. Nothing of it is ever run."""


@code.command()
@click.argument("ref", metavar="ID")
@json_option
@pass_session
def links(session: Session, ref: str, as_json: bool) -> None:
    """List the links to code in a paper's text, those of its authors first."""
    paper = library.get_paper(session.desk, ref)
    found = codes.code_links(session.desk, paper)
    if as_json:
        output.emit_json({"paper": paper.name, "links": found})
        return
    if not found:
        diagnostics.say(
            f"The text of {paper.name} names no code. With an address of your own: "
            f"researchdesk code clone {paper.name} URL"
        )
        return
    rows = [
        (str(link.page or ""), "yes" if link.own else "", link.url, one_line(link.quote))
        for link in found
    ]
    output.emit_table(("page", "own", "address", "sentence"), rows)


@code.command()
@click.argument("ref", metavar="ID")
@click.argument("url", required=False, default="")
@click.option("--update", is_flag=True, help="Bring the newest commit; older ones stay readable.")
@json_option
@pass_session
def clone(session: Session, ref: str, url: str, update: bool, as_json: bool) -> None:
    """Clone a repository to the desk, over https: URL, else the one the paper calls its own.

    Prints the folder.
    """
    desk = session.desk
    paper = library.get_paper(desk, ref)
    url = url or _own_link(session, paper)
    held = codes.find_clone(desk, paper, parse_repository(url).url)
    if held is None:
        made = codes.clone(desk, paper, url, diagnostics.show_progress)
    else:
        made = codes.update(desk, paper, held, diagnostics.show_progress) if update else held
    diagnostics.clear_progress()
    if as_json:
        output.emit_json(_record(made))
        return
    output.emit(str(made.folder))
    word = "is at" if made != held else "was on the desk already, at"
    diagnostics.say(f"{made.name} {word} commit {made.commit[:12]}.")


@code.command("list")
@click.argument("ref", metavar="ID")
@click.option("--files", is_flag=True, help="The files in the clones.")
@json_option
@pass_session
def list_(session: Session, ref: str, files: bool, as_json: bool) -> None:
    """List the clones of a paper's code, or their files."""
    paper = library.get_paper(session.desk, ref)
    held = codes.clones_of(session.desk, paper)
    listed = [clone_files.files_of(item) if files else () for item in held]
    if as_json:
        records = [_record(item) for item in held]
        for record, inside in zip(records, listed, strict=True):
            if files:
                record["files"] = inside
        output.emit_json({"paper": paper.name, "clones": records})
    elif not held:
        diagnostics.say(_no_clone(paper))
    elif files:
        inner = [
            (item.name, str(file.size), "text" if file.text else "binary", file.path)
            for item, inside in zip(held, listed, strict=True)
            for file in inside
        ]
        output.emit_table(("clone", "bytes", "kind", "file"), inner)
    else:
        rows = [(item.name, item.commit[:12], str(item.folder)) for item in held]
        output.emit_table(("clone", "commit", "folder"), rows)


@code.command()
@click.argument("ref", metavar="ID")
@click.argument("file", required=False, default="")
@_of
@json_option
@pass_session
def path(session: Session, ref: str, file: str, url: str, as_json: bool) -> None:
    """Print where a clone lies, or a FILE in it."""
    held = _chosen(session, library.get_paper(session.desk, ref), url)
    place = clone_files.place_of(held, file) if file else held.folder
    if as_json:
        output.emit_json({"clone": held.url, "path": place})
    else:
        output.emit(str(place))


@code.command()
@click.argument("ref", metavar="ID")
@click.argument("file")
@click.option("--commit", default="", help="As it was at this commit, of which the desk knows.")
@_of
@json_option
@pass_session
def show(session: Session, ref: str, file: str, commit: str, url: str, as_json: bool) -> None:
    """Print a FILE of a clone."""
    held = _chosen(session, library.get_paper(session.desk, ref), url)
    text = clone_files.read_file(held, file, commit)
    if as_json:
        place = {"clone": held.url, "commit": commit or held.commit, "path": file}
        output.emit_json({**place, "text": text})
    else:
        output.emit(text.removesuffix("\n"))


@code.command()
@click.argument("ref", metavar="ID")
@click.argument("words")
@_of
@click.option("--limit", type=NUMBER, default=200, show_default=True, help="Lines at the most.")
@json_option
@pass_session
def grep(session: Session, ref: str, words: str, url: str, limit: int, as_json: bool) -> None:
    """Find the lines with WORDS, as they stand; capitals count only where WORDS has some."""
    paper = library.get_paper(session.desk, ref)
    held = [_chosen(session, paper, url)] if url else codes.clones_of(session.desk, paper)
    if not held:
        raise NotOnDeskError(_no_clone(paper), f"See: researchdesk code links {paper.name}")
    hits = [(item, hit) for item in held for hit in clone_files.find_words(item, words, most=limit)]
    hits = hits[:limit]
    if as_json:
        records = [
            {"clone": item.url, "commit": item.commit, **output.plain(hit)} for item, hit in hits
        ]
        output.emit_json({"paper": paper.name, "words": words, "hits": records})
        return
    if not hits:
        diagnostics.say(f"No line has {words!r}.")
    for _, hit in hits:
        output.emit(f"{hit.path}:{hit.line}: {hit.text}")


@code.command()
@click.argument("ref", metavar="ID")
@_of
@pass_session
def rm(session: Session, ref: str, url: str) -> None:
    """Take a clone off the disk. Notes on it stay; "code clone" brings it again."""
    paper = library.get_paper(session.desk, ref)
    held = _chosen(session, paper, url)
    codes.remove_clone(session.desk, paper, held)
    diagnostics.say(f"{held.name} is off the disk.")


def _own_link(session: Session, paper: Paper) -> str:
    found = [link for link in codes.code_links(session.desk, paper) if link.cloneable]
    own = [link for link in found if link.own]
    if len(own) == 1 or len(found) == 1:
        return (own or found)[0].url
    several = ", ".join(dict.fromkeys(link.url for link in own or found))
    raise UsageProblemError(
        f"The text of {paper.name} names {'several' if several else 'no'} repositories"
        f"{f': {several}' if several else ' that can be cloned'}.",
        f"Say which: researchdesk code clone {paper.name} URL",
    )


def _chosen(session: Session, paper: Paper, url: str) -> Clone:
    held = codes.clones_of(session.desk, paper)
    if url:
        wanted = parse_repository(url).url
        held = [item for item in held if item.url == wanted]
    if not held:
        raise NotOnDeskError(_no_clone(paper), f"See: researchdesk code links {paper.name}")
    if len(held) > 1:
        names = ", ".join(item.url for item in held)
        raise UsageProblemError(f"There are several clones: {names}.", "Say which with --of URL.")
    return held[0]


def _no_clone(paper: Paper) -> str:
    return (
        f"No code of {paper.name} is on this desk. "
        f"Bring some: researchdesk code clone {paper.name} [URL]"
    )


def _record(held: Clone) -> dict[str, object]:
    return {
        "url": held.url,
        "commit": held.commit,
        "folder": str(held.folder),
        "cloned": output.plain(held.cloned_at),
    }

"""What each command ends with, as scripts rely on it; every refusal says what to do next."""

import shlex
from pathlib import Path

import pytest

NAMES = {"NONE": "2501.99999", "RUN": "20260101-000000-none", "HERE": "1706.02515"}
"""A paper and a run that are not there, and a paper whose metadata come with the program."""

UNKNOWN = """
show NONE · similar NONE · tag add x --to NONE · tag rename nothing x · collection show nothing
· collection drop nothing · collection move nothing HERE --place 1 · mark NONE --stars 3 · lists
show nothing · lists drop nothing · lists rename nothing x · undo 99 · redo 99 · merge show HERE
NONE · merge refuse HERE NONE · merge undo 99 · feed drop 99 · feed show NONE · feed keep NONE ·
feed later NONE · feed no NONE · recommend --tag nothing · cites NONE · reading-list show
nothing · reading-list add nothing · remove NONE · read NONE · pass start NONE --pass 1 · pass
list NONE · pass start HERE --pass 1 --workflow nothing · pass finish NONE --pass 1 · pass drop
NONE --pass 1 --why x · note add NONE x --pass 1 · note edit 99 x · note list NONE · note mark
NONE x · note undo NONE · note redo NONE · note reopen 99 · note resolve 99 x · note restore 99
· note revisions 99 · note rm 99 · note show 99 · claim accept NONE 1 · claim add NONE x · claim
edit 99 x · claim list NONE · claim restore 99 · claim revisions 99 · claim rm 99 · claim
suggest NONE · code clone NONE · code links NONE · code grep NONE x · code list NONE · code path
HERE · code rm NONE · code show HERE x.py · changes NONE · reproduce NONE · check NONE · recipe
show NONE · recipe data NONE · recipe check NONE · recipe trust NONE · engine check nothing ·
runs show RUN · runs compare RUN RUN · runs table RUN · runs figure RUN --to x.svg · runs errors
RUN · runs resume RUN · runs cancel RUN · runs rm RUN · sweep new NONE · sweep start NONE ·
sweep show RUN · sweep trials RUN · sweep resume RUN · sweep extend RUN --trials 9 · sweep
cancel RUN · sweep rm RUN · sweep curve RUN --to x.svg · sweep test RUN · sweep confirm RUN ·
funny apart 99 x · funny evidence 99 x --for trust · funny explain 99 x · funny offers RUN ·
funny show 99 · funny resolve 99 dropped --why x · funny rule-out 99 a --why x · funny undo 99 ·
idea show 99 · idea edit 99 x · idea move 99 --before 98 · idea settle 99 stopped --why x ·
investigate show 99 · investigate answer 99 benchmark x · investigate baseline 99 --recipe NONE
· investigate drop-experiment 9.9 · investigate expect 9.9 'score higher' x · investigate run 99
· investigate settle 99 stopped --why x · investigate table 99 · investigate try 99 x ·
investigate link 9.9 RUN · story show nothing · story missing nothing · story diff nothing ·
story draft nothing · story drafts nothing · story edit nothing x · story export nothing --to
out · story finish nothing · story questions nothing 1 · story reopen nothing · story seen
nothing · story templates nothing · checklist nothing · report NONE --to out · release scaffold
out --of run:RUN · export notes NONE --to out · export bibtex NONE · export csl NONE · export
ris NONE · talk check nothing · talk outline nothing · talk rehearse nothing · write nothing
"""
"""The name of a paper, note, run, list … that is not there."""
USAGE = """
nothing · show · show HERE --nothing · list --status nothing · note nothing · add hep-th/../../x
· completion nothing · recommend --limit 0 · pass start HERE --pass 0 · find · investigate
expect 1.1 'it gets better'
"""
BAD = """
import bad.bib --strict · reading-list add bad.toml · workflow check bad.toml · theme check
bad.toml · add bad.pdf · sweep start bad.toml · restore bad.pdf
"""
"""Files that are none of what they should be."""
NO_NETWORK = """
add NONE · find attention · add https://arxiv.org/abs/2501.99999 · sync HERE
"""
REPORTS = """
doctor · checklist · checklist release · story missing one · config · list · note list · claim
list · runs list · sweep list · recipe list · engine list · funny list · funny offers · idea
list · idea review · investigate list · investigate review · story list · story templates · feed
list · tag list · collection list · lists · merge list · merge propose · reading-list list ·
backup --list · restore · workflow list · workflow check · theme list · theme check · keys ·
keys check · talk rehearsals · write · recommend · search x · similar HERE · show HERE
"""


@pytest.fixture
def _desk(run, tmp_path: Path) -> None:
    """A desk with one paper and one story, and files that are none of what they say."""
    run("--offline", "add", NAMES["HERE"], "--no-pdf")
    run("story", "new", "--title", "one")
    for name in ("bad.bib", "bad.toml", "bad.pdf"):
        (tmp_path / name).write_text("@article{x,\n = [")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "recipe.toml").write_text("title = 3")


def wrong(run, commands: str, code: int, *before: str) -> str:
    """The commands that end otherwise, or without saying what happened and what to do next."""
    found = []
    for command in commands.split("·"):
        words = [
            NAMES.get(word, word)
            for word in shlex.split(
                command.replace("RUN", NAMES["RUN"]).replace("NONE", NAMES["NONE"])
            )
        ]
        done = run(*before, *words)
        told = "rror:" in done.stderr or "warning:" in done.stderr
        said = told and any(w in done.stderr for w in ("hint:", "Try '", ": researchdesk "))
        if done.returncode != code or (code and not said) or "Traceback" in done.stderr:
            found.append(f"{shlex.join(words)}: {done.returncode} {done.stderr[-300:]}")
    return "\n".join(found)


@pytest.mark.slow
@pytest.mark.usefixtures("_desk")
@pytest.mark.parametrize(
    ("commands", "code", "before"),
    [
        (UNKNOWN, 3, ("--offline",)),
        (BAD, 5, ()),
        (NO_NETWORK, 4, ()),
        (NO_NETWORK, 4, ("--offline",)),
        (REPORTS, 0, ()),
    ],
    ids=["unknown", "bad file", "no network", "offline", "reports"],
)
def test_every_command_ends_with_its_code(
    run, commands: str, code: int, before: tuple[str, ...]
) -> None:
    found = wrong(run, commands, code, *before)
    assert not found, found


def test_wrong_usage_ends_with_two(run) -> None:
    found = wrong(run, USAGE, 2)
    assert not found, found

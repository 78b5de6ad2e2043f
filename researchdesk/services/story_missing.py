"""What a storyline lacks, by the rules of a file, and each lack taken up as an investigation."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from researchdesk import files
from researchdesk.assets import folder
from researchdesk.domain.evidence import Standing
from researchdesk.domain.investigation_workflows import Wants
from researchdesk.domain.investigations import Investigation
from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.domain.missing import Missing as Missing
from researchdesk.domain.story_rule_files import read_rules
from researchdesk.domain.story_rules import Rule, missing_in
from researchdesk.domain.text import one_line
from researchdesk.domain.toml_tables import Problem
from researchdesk.errors import BadInputError, DeskError, NotOnDeskError, UsageProblemError
from researchdesk.services import evidence, investigations
from researchdesk.services.desk import Desk
from researchdesk.services.recipes import recipe_for
from researchdesk.services.stories import get_story
from researchdesk.services.story_facts import FactsOf

_FILE = "storyline.toml"


def missing_of(desk: Desk, text: str) -> list[Missing]:
    """What a storyline of this text lacks, in the order of its lines.

    Where the user's own rules are unsound the shipped ones are used: see ``rule_problems``.
    """
    facts = FactsOf(desk)
    found = missing_in(text, rules(desk), lambda sentence: facts(sentence.refs))
    open_ = _open(desk) if found else []
    return [replace(item, investigation=_taken_in(open_, item)) for item in found]


def take_up(desk: Desk, name: str, missing: Missing) -> Investigation:
    """Make a step of an investigation of what is missing: what to run stands in its experiments.

    It is added to the investigation that the sentence links; else one is begun, of the surprise or
    idea that the sentence links, with the recipe and arm as its baseline where they are known. What
    was taken up already is not begun again; investigations that are closed are left alone. Raises
    UsageProblemError where it is to be written and not to be run, NotOnDeskError where there is no
    such story.
    """
    story = get_story(desk, name)
    if not missing.to_run:
        raise UsageProblemError(
            f"“{missing.rule}” is mended by writing, not by a run; nothing was begun.",
            missing.experiment,
        )
    with desk.database.writing():
        found = _linked(desk, missing) or _begun(desk, missing)
        for step in investigations.steps_of(desk, found):
            if step.wants is Wants.EXPERIMENTS:
                said = found.answers.get(step.key, "")
                if not any(map(missing.is_step, said.splitlines())):
                    words = f"{said}\n{missing.step(story.slug)}".strip()
                    found = investigations.answer(desk, found.id, step.key, words)
                break
    return found


def rules(desk: Desk) -> tuple[Rule, ...]:
    """The rules of the desk's own ``checklists/storyline.toml``, else the shipped ones."""
    own = _read_or_tell(own_file(desk))[0]
    return own or _read_or_tell(shipped_file())[0]


def rule_problems(desk: Desk) -> list[str]:
    """What is wrong with the user's own rules, each with the file, the line and the key."""
    path = own_file(desk)
    return [one_line(f"{path}: {problem}") for problem in _read_or_tell(path)[1]]


def own_file(desk: Desk) -> Path:
    """Where the user's own rules stand; it need not exist."""
    return desk.root / "checklists" / _FILE


def shipped_file() -> Path:
    return folder("data") / "checklists" / _FILE


def _read_or_tell(path: Path) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    try:
        told = path.stat()
        return _kept(path, told.st_mtime_ns, told.st_size)
    except FileNotFoundError:
        return (), ()
    except OSError as error:
        return (), (Problem(1, "", f"it cannot be read: {error.strerror}"),)
    except BadInputError as error:
        return (), (Problem(1, "", error.message),)


@lru_cache(maxsize=16)
def _kept(path: Path, _changed: int, _size: int) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    return read_rules(files.read_text(path).removeprefix("\ufeff"))


def _open(desk: Desk) -> list[Investigation]:
    every = investigations.list_investigations(desk, every=True)
    return [item for item in every if not item.state.is_closed]


def _taken_in(open_: Sequence[Investigation], missing: Missing) -> int:
    """The investigation that it was taken up in, by its title or a line of its answers; or 0."""
    if not missing.to_run:
        return 0
    for item in open_:
        lines = (line for said in item.answers.values() for line in said.splitlines())
        if item.title == missing.title or any(map(missing.is_step, lines)):
            return item.id
    return 0


def _linked(desk: Desk, missing: Missing) -> Investigation | None:
    """The investigation that the sentence links itself, or by one of its experiments; none that
    is closed."""
    for ref in missing.refs:
        link = ref_link(ref)
        if link and link.kind in (LinkKind.INVESTIGATION, LinkKind.EXPERIMENT):
            with suppress(NotOnDeskError):
                number = int(link.target.partition(".")[0])
                found = investigations.get_investigation(desk, number)
                if not found.state.is_closed:
                    return found
    return None


def _begun(desk: Desk, missing: Missing) -> Investigation:
    known = next((item for item in _open(desk) if item.title == missing.title), None)
    if known is not None:
        return known
    of = ""
    for ref in missing.refs:
        link = ref_link(ref)
        if link and link.kind in (LinkKind.FUNNY, LinkKind.IDEA) and not of:
            there = evidence.state_of(desk, ref).standing is not Standing.GONE
            of = ref if there else ""
    return investigations.begin(desk, missing.title, of, *_baseline(desk, missing))


def _baseline(desk: Desk, missing: Missing) -> tuple[str, str]:
    """The recipe and arm to begin from, as far as they are on the desk still."""
    try:
        recipe = recipe_for(desk, missing.recipe) if missing.recipe else None
    except DeskError:
        return "", ""
    if recipe is None:
        return "", ""
    return recipe.name, missing.arm if recipe.arm(missing.arm) else ""

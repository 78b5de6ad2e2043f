"""What besides the one change differs between the runs that experiments are judged by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from researchdesk.domain.recipes import SUBSTITUTE, Arm, Recipe
from researchdesk.domain.runs import RunSummary
from researchdesk.domain.settings import ABSENT, Difference
from researchdesk.harness.recipes import code_digest_of
from researchdesk.services.desk import Desk
from researchdesk.services.recent import Recent
from researchdesk.services.runs import store_of

_codes = Recent[str](512)


@dataclass(frozen=True, slots=True)
class Made:
    """How an experiment's results were made: the SHA-256 of the code, what was taken for each data
    need in words, and the device."""

    code: str
    data: Mapping[str, str]
    device: str


def made(desk: Desk, run: RunSummary, recipe: Recipe, arm: str) -> Made:
    """Of the run's arm; ``recipe`` is the run's own copy. Raises NotOnDeskError, BadInputError."""
    found = recipe.arm(arm)
    device = str(store_of(desk).environment(run.id).get("device", run.device))
    return Made(code_in(desk, run.id), _data(recipe, found, run.data), device)


def code_in(desk: Desk, run_id: str) -> str:
    """SHA-256 of the code that the run was made with. Raises NotOnDeskError, BadInputError."""
    folder, _ = store_of(desk).recipe_folder(run_id)
    return _codes.get((desk.settings.runs, run_id), partial(code_digest_of, folder))


def unlike(by_name: Mapping[str, Made]) -> tuple[str, ...]:
    """In words, what is not the same for all of these experiments."""
    codes = _grouped({name: one.code for name, one in by_name.items()})
    data = _grouped({name: _data_words(one) for name, one in by_name.items()})
    devices = _grouped({name: one.device for name, one in by_name.items()})
    found = []
    if len(codes) > 1:
        found.append(f"the recipe's code changed between the runs: {' | '.join(codes.values())}")
    if len(data) > 1:
        told = " | ".join(f"{names} on {words}" for words, names in data.items())
        found.append(f"not all worked on the same data: {told}")
    if len(devices) > 1:
        told = "; ".join(f"{names} on {device}" for device, names in devices.items())
        found.append(f"not all ran on the same device: {told}")
    return tuple(found)


def arm_differences(recipe: Recipe, one: Arm, other_recipe: Recipe, other: Arm) -> list[Difference]:
    """What differs between two arms besides their settings: data, command, whether it is exact."""
    needs = _needs(recipe, one), _needs(other_recipe, other)
    commands = one.command, other.command
    found = []
    if set(needs[0]) != set(needs[1]):
        found.append(Difference("needs", list(needs[0]), list(needs[1])))
    if one.deterministic != other.deterministic:
        found.append(Difference("deterministic", one.deterministic, other.deterministic))
    if commands[0] != commands[1]:
        words = [f"{item.repository} at {item.commit}: {' '.join(item.run)}" if item else ABSENT
                 for item in commands]  # fmt: skip
        found.append(Difference("command", words[0], words[1]))
    return found


def _needs(recipe: Recipe, arm: Arm | None) -> Iterable[str]:
    names = [need.name for need in recipe.data]
    return [name for name in names if not arm or not arm.needs or name in arm.needs]


def _data(recipe: Recipe, arm: Arm | None, taken: Mapping[str, str]) -> dict[str, str]:
    wanted = set(_needs(recipe, arm))
    found = {}
    for need in recipe.data:
        instead = f"{SUBSTITUTE}{need.substitute}" if need.always else need.name
        name = taken.get(need.name, instead)
        if need.name in wanted:
            is_other = name.startswith(SUBSTITUTE)
            words = f"{name.removeprefix(SUBSTITUTE)} in place of {need.source}"
            found[need.name] = words if is_other else need.source
    return found


def _data_words(one: Made) -> str:
    return ", ".join(f"{words} ({name})" for name, words in sorted(one.data.items())) or "no data"


def _grouped(by_name: Mapping[str, str]) -> dict[str, str]:
    """Names, joined, by what they have in common."""
    found: dict[str, list[str]] = {}
    for name, value in by_name.items():
        found.setdefault(value, []).append(name)
    return {value: ", ".join(names) for value, names in found.items()}

"""A recipe as a page of text: what it tests, what it runs, what it needs, and what is chosen."""

from collections.abc import Iterable

from researchdesk.cli import output
from researchdesk.domain.figures import claimed
from researchdesk.domain.recipes import (
    Arm,
    Claim,
    DataNeed,
    HyperRange,
    Limits,
    Recipe,
    ToleranceRule,
)
from researchdesk.services import recipe_quotes, recipes
from researchdesk.services.desk import Desk


def print_recipe(desk: Desk, recipe: Recipe) -> None:
    """The whole recipe on stdout."""
    output.emit(f"{recipe.title}  ({recipe.name})\n{recipe.summary}\n")
    output.emit_table(
        ("arm", "kind", "seeds", "its one change", "description"),
        [_arm_row(recipe, arm) for arm in recipe.arms],
    )
    output.emit()
    absent = recipe_quotes.not_in_the_text(desk, recipe)
    output.emit_table(
        ("claim", "where", "claimed", "tolerance", "quote", "text"),
        [_claim_row(claim, claim in absent) for claim in recipe.claims],
    )
    output.emit()
    for line in _facts(recipe):
        output.emit(line)
    for line in trust_lines(desk, recipe):
        output.emit(line)
    for note in (*_chosen(recipe.claims), *recipe.notes):
        output.emit(f"\nnote: {note}")
    output.emit(f"\nfolder: {recipe.folder}")


def trust_lines(desk: Desk, recipe: Recipe) -> Iterable[str]:
    """Whose code it runs, and whether it may."""
    if recipe.bundled:
        yield "trust: it came with this program"
    else:
        said = "you said yes" if recipes.is_trusted(desk, recipe) else "waits for your yes"
        yield f"trust: code that did not come with this program: {said}"
    for item in recipes.what_would_run(recipe).authors:
        waits = item in recipes.awaiting_yes(desk, recipe).authors
        said = "waits for your yes" if waits else "you said yes"
        yield (
            f"trust: {', '.join(item.arms)}: `{item.run}` in {item.repository} at "
            f"{item.commit[:12]}: {said}"
        )


def _arm_row(recipe: Recipe, arm: Arm) -> tuple[str, ...]:
    seeds = "once" if arm.deterministic else str(arm.seeds or recipe.seeds)
    change = f"{arm.parent}, but {arm.change}" if arm.parent else ""
    if arm.needs_minutes:
        seeds += f", only by --arm ({arm.needs_minutes:g} min each)"
    if arm.needs_gpu:
        seeds += ", on a GPU"
    return arm.name, str(arm.kind), seeds, change, arm.description


def _claim_row(claim: Claim, absent: bool) -> tuple[str, ...]:
    quote = "verified" if claim.verified else "unverified" if claim.quote else "none"
    quote = "NOT FOUND" if absent else quote
    rule = str(claim.tolerance_rule or "")
    return claim.id, claim.where, claimed(claim), rule, quote, claim.text


def _chosen(claims: Iterable[Claim]) -> Iterable[str]:
    for claim in claims:
        if claim.tolerance_rule is ToleranceRule.CHOSEN:
            yield f"the tolerance of {claim.id} is chosen: {claim.tolerance_reason}"


def _facts(recipe: Recipe) -> Iterable[str]:
    yield f"budget: {recipe.budget or 'not said'}"
    if limits := _limits(recipe.limits):
        yield f"limits of one seed: {limits}"
    yield f"data: {recipe.data_note or ('none' if not recipe.data else 'as below')}"
    yield from (f"data: {_need(need)}" for need in recipe.data)
    if recipe.varies:
        yield f"varies: {', '.join(recipe.varies)}"
    yield from (f"range: {_range(item)}" for item in recipe.ranges)


def _limits(limits: Limits) -> str:
    minutes = f"{limits.minutes:g} minutes" if limits.minutes is not None else ""
    memory = f"{limits.memory_gb:g} GB of memory" if limits.memory_gb is not None else ""
    return ", ".join(filter(None, (minutes, memory)))


def _need(need: DataNeed) -> str:
    if not need.substitute:
        return f"{need.name} from {need.source}"
    when = "always" if need.always else "where it is not to be had"
    why = f": {need.why}" if need.why else ""
    return f"{need.name} from {need.source}; {need.substitute} in its place, {when}{why}"


def _range(item: HyperRange) -> str:
    if item.choices:
        return f"{item.name}: one of {', '.join(map(str, item.choices))}"
    return f"{item.name}: {item.low:g} to {item.high:g}{', by its logarithm' if item.log else ''}"

"""What can be linked with ``[[``, as notes and storylines offer it: the newest of each kind."""

from collections.abc import Iterator
from itertools import chain, islice, zip_longest

from researchdesk.domain.runs import RunSummary
from researchdesk.domain.text import one_line
from researchdesk.services import (
    claims,
    experiment_records,
    ideas,
    investigations,
    library,
    run_summaries,
    surprises,
)
from researchdesk.services.desk import Desk
from researchdesk.tui.widgets.link_offers import Target

_MOST = 2000
_MOST_RUNS = 60
_MOST_EXPERIMENTS = 300


def link_targets(desk: Desk) -> list[Target]:
    """Runs and what they say of their claims, claims, surprises, papers, ideas, investigations and
    their experiments.

    Each kind has its newest first, at most 2000 (60 runs, 300 experiments); they take turns.
    """
    kinds = (
        _claims(desk),
        (Target(item.paper.name, item.paper.title) for item in library.list_papers(desk)),
        chain.from_iterable(map(_of_run, run_summaries.newest_written(desk, _MOST_RUNS))),
        (Target(f"funny:{item.id}", item.text) for item in surprises.list_surprises(desk)),
        _ideas(desk),
        (
            Target(f"investigation:{item.id}", item.title)
            for item in investigations.list_investigations(desk, every=True)
        ),
        (
            Target(item.ref, item.label)
            for item in experiment_records.newest_experiments(desk, _MOST_EXPERIMENTS)
        ),
    )
    turns = zip_longest(*(islice(kind, _MOST) for kind in kinds))
    return [target for turn in turns for target in turn if target is not None]


def _claims(desk: Desk) -> Iterator[Target]:
    for claim in reversed(claims.claims_of(desk)):
        yield Target(f"claim:{claim.slug}", claim.text)


def _of_run(run: RunSummary) -> Iterator[Target]:
    """The run, then what it says of each claim."""
    verdict = run.verdict.value if run.verdict else run.state.value
    yield Target(f"run:{run.id}", f"{run.recipe}: {verdict}")
    for claim in run.claims:
        yield Target(f"run:{run.id}#{claim.claim_id}", f"{run.recipe}: {claim.verdict.value}")


def _ideas(desk: Desk) -> Iterator[Target]:
    for idea in sorted(ideas.list_ideas(desk, every=True), key=lambda item: -item.id):
        yield Target(idea.ref, one_line(idea.text))

"""Real runs for storylines: what was run beside what, on which data, with how many seeds."""

from dataclasses import replace
from datetime import UTC, datetime

from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.domain.papers import Metadata
from researchdesk.services import claims, experiments, investigations
from researchdesk.services.desk import Desk
from researchdesk.services.library import file_metadata
from researchdesk.services.reproduction import ReproduceOptions, reproduce

_NARROW = """
[[arms]]
name = "narrow"
kind = "ablation"
parent = "ours"
[arms.settings]
steps = 3
"""
_BASELINE = ARM.replace('"ours"', '"adam"\nkind = "baseline"')
_COUNT = ARM.replace('"ours"', '"exact"\ndeterministic = true')
_DATA = """
[[data_needs]]
name = "{name}"
source = "made"
"""
_OPTIONS = ReproduceOptions(trust=True, jobs=1)


def story_runs(desk: Desk) -> dict[str, str]:
    """The ids of runs by names: ``both`` (an arm and its ablation), ``narrow`` (the ablation
    alone), ``one`` (a single seed), ``adam`` (other data, with a baseline), ``count`` (an exact
    one), and the slug of a claim that ``both`` tested. Experiment 1.2 was run beside its parent.
    """
    recipes = desk.settings.recipes
    toy, other = _DATA.format(name="toy"), _DATA.format(name="other")
    write_recipe(recipes, seeds=3, toml=toy + ARM + _NARROW + CLAIM)
    write_recipe(
        recipes, seeds=3, toml=other + ARM + _BASELINE + CLAIM, arxiv_id="2002.00002", name="other"
    )
    write_recipe(recipes, seeds=1, toml=_COUNT, arxiv_id="2003.00003", name="count")
    papers = {
        "2001.00001": "A tiny thing",
        "1412.6980": "Adam: A Method for Stochastic Optimization",
    }
    filed = [
        file_metadata(desk, Metadata(title, ("Ada Author",), arxiv_id=base, published=_DAY))
        for base, title in papers.items()
    ]
    claim = claims.add_claim(desk, filed[0], "The score is 0.5")
    one = _run(desk, "2001.00001", replace(_OPTIONS, arms=("ours",), seeds=1))
    both = _run(desk, "2001.00001", _OPTIONS)
    found = investigations.begin(desk, "Is it the width?", recipe="2001.00001", arm="ours")
    second = experiments.add_experiment(desk, found.id, arm="narrow")
    experiments.link_run(desk, f"{found.id}.1", both)
    experiments.link_run(desk, second.name, both)
    return {
        "both": both,
        "narrow": _run(desk, "2001.00001", replace(_OPTIONS, arms=("narrow",))),
        "one": one,
        "adam": _run(desk, "2002.00002", _OPTIONS),
        "count": _run(desk, "2003.00003", _OPTIONS),
        "claim": claim.slug,
    }


_DAY = datetime(2015, 1, 1, tzinfo=UTC)


def _run(desk: Desk, paper: str, options: ReproduceOptions) -> str:
    return reproduce(desk, paper, options).run.id

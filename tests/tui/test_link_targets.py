"""What ``[[`` offers: the newest of each kind, in turns."""

from support.recipe_maker import ARM, CLAIM, write_recipe

from researchdesk.services import claims, library
from researchdesk.services.experiments import add_experiment, drop_experiment
from researchdesk.services.ideas import add_idea
from researchdesk.services.investigations import begin
from researchdesk.services.reproduction import ReproduceOptions, reproduce
from researchdesk.services.surprises import add_surprise
from researchdesk.tui.link_targets import link_targets


def test_every_kind_is_offered_the_newest_first(desk, paper):
    for words in ("older", "newer"):
        add_surprise(desk, f"{words} surprise", "this", "that")
        add_idea(desk, f"{words}\nidea")
        begin(desk, f"{words} investigation")
        claims.add_claim(desk, library.get_paper(desk, "2501.00001"), f"{words} claim")
    found = link_targets(desk)
    first = [target.words.split()[0] for target in found[:5]]
    assert first.count("newer") == 4
    assert {"funny:2", "idea:2", "investigation:2", "2501.00001"} <= {
        target.name for target in found[:5]
    }
    names = [target.name for target in found]
    assert names.index("funny:2") < names.index("funny:1")
    assert next(item.words for item in found if item.name == "idea:1") == "older idea"


def test_experiments_are_offered_with_what_they_change(desk):
    write_recipe(desk.settings.recipes)
    begin(desk, "why", recipe="2001.00001")
    add_experiment(desk, 1, change=["steps=2"], title="colder")
    drop_experiment(desk, add_experiment(desk, 1, change=["steps=3"], title="warmer").name)
    found = [
        (item.name, item.words)
        for item in link_targets(desk)
        if item.name.startswith("experiment:")
    ]
    assert found == [("experiment:1.2", "colder"), ("experiment:1.1", "baseline")]


def test_a_run_is_offered_with_what_it_says_of_each_claim(desk):
    write_recipe(desk.settings.recipes, seeds=3, toml=ARM + CLAIM)
    run = reproduce(desk, "2001.00001", ReproduceOptions(trust=True, jobs=1)).run
    found = {target.name: target.words for target in link_targets(desk)}
    (claim,) = run.claims
    assert found[f"run:{run.id}"] == f"{run.recipe}: {run.verdict.value}"
    assert found[f"run:{run.id}#{claim.claim_id}"] == f"{run.recipe}: {claim.verdict.value}"

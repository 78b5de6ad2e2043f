"""What curves, clock and random numbers tell is named, and sound programs are not accused."""

import pytest
from support.programs.readings import RANDOMNESS, READINGS
from support.watching import Pair, Zygote


@pytest.mark.parametrize("pair", [*RANDOMNESS, *READINGS], ids=lambda pair: pair.name)
def test_a_bug_is_named_and_its_twin_is_not(zygote: Zygote, pair: Pair) -> None:
    bug = zygote.watch_pair(pair)
    assert bug.exit_code == 0, bug.printed


def test_the_report_has_the_figures(zygote: Zygote) -> None:
    readings = zygote.watch(READINGS[0].text("pass")).report["readings"]
    assert readings["ms per step"] > 0
    assert readings["share of time waiting for data"] == 0
    assert readings["training loss at last"] < readings["training loss at first"]


def test_programs_of_two_players_are_not_asked_to_fall(zygote: Zygote) -> None:
    found = zygote.watch("""
        import torch
        from torch import nn
        import torch.nn.functional as F
        torch.manual_seed(0)
        G, D = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
        one = torch.optim.SGD(G.parameters(), lr=0.01)
        two = torch.optim.SGD(D.parameters(), lr=0.01)
        ones, zeros = torch.ones(32, 1), torch.zeros(32, 1)
        bce = F.binary_cross_entropy_with_logits
        for step in range(60):
            fake = G(torch.randn(32, 2))
            two.zero_grad()
            real = torch.randn(32, 2)
            (bce(D(real), ones) + bce(D(fake.detach()), zeros)).backward()
            two.step()
            one.zero_grad()
            bce(D(fake), ones).backward()
            one.step()
        """)
    assert found.exit_code == 0, found.printed
    assert "training-loss-not-falling" not in found.names
    assert "no-better-than-majority" not in found.names

"""Error analysis against models whose errors are known beforehand."""

import json

import pytest
import torch
from torch import Tensor, nn

from researchdesk.document.codec import decode
from researchdesk.domain.error_analysis import ErrorAnalysis
from researchdesk.harness.training.errors import analyse
from researchdesk.harness.training.experiment import Split

NAMES = ["cat", "dog", "owl"]


class Fixed(nn.Module):
    """Gives the first three features as logits."""

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(len(x), -1)[:, :3] * 10


def one_hot(taken: list[int], width: int = 4) -> Tensor:
    return torch.eye(width)[torch.tensor(taken)]


def seen(model: nn.Module, split: Split, **rest: object) -> ErrorAnalysis:
    record = analyse(model, split, **rest)  # type: ignore[arg-type]
    return decode(ErrorAnalysis, json.loads(json.dumps(record, allow_nan=False)))


def test_confusion_precision_and_recall_are_those_counted_by_hand():
    truth = torch.tensor([0, 0, 0, 1, 1, 2])
    x = one_hot([0, 0, 1, 1, 1, 0])
    found = seen(Fixed(), Split((x, truth), (x, truth), classes=NAMES))
    assert found.confusion == ((2, 1, 0), (0, 2, 0), (1, 0, 0))
    assert found.accuracy == pytest.approx(4 / 6)
    cat, dog, owl = found.scores
    assert (cat.support, cat.precision, cat.recall) == (
        3,
        pytest.approx(2 / 3),
        pytest.approx(2 / 3),
    )
    assert (dog.precision, dog.recall, dog.f1) == (pytest.approx(2 / 3), 1.0, pytest.approx(0.8))
    assert (owl.precision, owl.recall, owl.f1) == (None, 0.0, 0.0)
    assert found.mistaken() == (("cat", "dog", 1), ("owl", "cat", 1))


def test_the_worst_row_is_the_one_with_the_highest_loss_and_says_what_it_hangs_on():
    truth = torch.tensor([0, 1, 1])
    x = torch.tensor([[1.0, 0, 0, 0], [0.9, 0.1, 0, 0], [2.0, 0, 0, 0]])
    split = Split((x, truth), (x, truth), feature_names=["meow", "bark", "hoot", "none"])
    found = seen(Fixed(), split)
    worst = found.worst[0]
    assert (worst.row, worst.truth, worst.predicted) == (2, "1", "0")
    assert worst.loss == pytest.approx(20.0, abs=1e-3)
    meow, bark = x.std(dim=0, unbiased=False)[:2].tolist()
    assert [name for name, _, _ in worst.salient[:2]] == ["meow", "bark"]
    assert worst.salient[0][1:] == (2.0, pytest.approx(meow / (meow + bark), abs=1e-3))
    assert [item.row for item in found.worst] == [2, 1, 0]


def test_saliency_of_a_picture_is_bright_where_the_gradient_is():
    x = torch.rand(6, 1, 2, 2, generator=torch.Generator().manual_seed(0))
    truth = torch.tensor([0, 1, 2, 0, 1, 2])
    found = seen(Fixed(), Split((x, truth), (x, truth), image_shape=(2, 2)))
    picture = found.worst[0].saliency
    assert picture is not None
    assert picture.pixels[3] == 0
    assert max(picture.pixels[:3]) == 255
    assert found.mean_saliency is not None


def test_fgsm_takes_a_linear_model_down_just_where_the_margin_says():
    """A linear model with margin m in one feature of range 1 falls once ε exceeds m."""
    x = torch.tensor([[0.5 + m, 0.0] for m in (0.03, 0.07, 0.15, 0.5)])
    x = torch.cat([x, torch.tensor([[0.0, 0.0]])])
    truth = torch.tensor([1, 1, 1, 1, 0])
    linear = nn.Linear(2, 2)
    with torch.no_grad():
        linear.weight.copy_(torch.tensor([[0.0, 0.0], [1.0, 0.0]]))
        linear.bias.copy_(torch.tensor([0.5, 0.0]))
    test = (x[:4], truth[:4])
    found = seen(linear, Split((x, truth), test), epsilons=(0.05, 0.1, 0.2))
    assert [(point.epsilon, point.accuracy) for point in found.fgsm] == [
        (0.0, 1.0),
        (0.05, 0.75),
        (0.1, 0.5),
        (0.2, 0.25),
    ]


def test_calibration_error_is_zero_for_one_that_is_as_sure_as_it_is_right():
    class Sure(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.log(torch.tensor([[0.75, 0.25]])).repeat(len(x), 1) + 0 * x[:, :1]

    x = torch.zeros(8, 2)
    right = torch.tensor([0, 0, 0, 1, 0, 0, 0, 1])
    wrong = 1 - right
    assert seen(Sure(), Split((x, right), (x, right))).calibration_error == pytest.approx(
        0, abs=1e-6
    )
    assert seen(Sure(), Split((x, wrong), (x, wrong))).calibration_error == pytest.approx(0.5)


def test_one_logit_a_row_is_a_model_of_two_classes():
    class Margin(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x[:, 0]

    x = torch.tensor([[-1.0], [2.0], [3.0]])
    truth = torch.tensor([0, 1, 0])
    assert seen(Margin(), Split((x, truth), (x, truth))).confusion == ((1, 1), (0, 1))


def test_inputs_without_gradient_are_told_and_the_rest_is_there():
    tokens = torch.tensor([[0], [1], [2], [1]])
    truth = torch.tensor([0, 1, 2, 2])
    model = nn.Sequential(nn.Embedding.from_pretrained(torch.eye(3)), nn.Flatten())
    found = seen(model, Split((tokens, truth), (tokens, truth)))
    assert found.accuracy == 0.75
    assert found.fgsm == ()
    assert "no gradient" in found.notes[0]


def test_dropout_is_off_and_the_same_model_gives_the_same_analysis():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.9))
    x = torch.randn(20, 4)
    split = Split((x, torch.arange(20) % 3), (x, torch.arange(20) % 3))
    assert analyse(model, split) == analyse(model, split)


def test_what_is_no_classifier_is_refused():
    x = torch.randn(6, 4)
    with pytest.raises(ValueError, match="3 logits, and there is a class 5"):
        analyse(Fixed(), Split((x, torch.arange(6)), (x, torch.arange(6))))
    with pytest.raises(ValueError, match="one row of logits"):
        analyse(nn.Unflatten(1, (2, 2)), Split((x, torch.arange(6) % 2), (x, torch.arange(6) % 2)))
    with pytest.raises(ValueError, match="not one class for each row"):
        analyse(Fixed(), Split((x, torch.rand(6)), (x, torch.rand(6))))

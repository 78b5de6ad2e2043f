"""The CIFAR-10 residual networks of section 4.2 of "Deep Residual Learning", built and counted.

"The first layer is 3×3 convolutions. Then we use a stack of 6n layers with 3×3 convolutions on the
feature maps of sizes {32, 16, 8} respectively, with 2n layers for each feature map size. The
numbers of filters are {16, 32, 64} respectively. The subsampling is performed by convolutions with
a stride of 2. The network ends with a global average pooling, a 10-way fully-connected layer, and
softmax."

Shortcuts are option A of the paper: identities without parameters, padded with zeros where the
number of filters grows. Convolutions have no bias, since batch normalization follows each; its
scale and shift are parameters and are counted, its running averages are not. Each network is built
whole, and one image goes through it.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

FILTERS = (16, 32, 64)
CLASSES = 10


def convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel_size=3, stride=stride, padding=1, bias=False)


class Block(nn.Module):
    """Two 3×3 layers and an identity shortcut around them."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.stride = 1 if inputs == outputs else 2
        self.added = outputs - inputs
        self.first = convolution(inputs, outputs, self.stride)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.second = convolution(outputs, outputs)
        self.second_norm = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.first_norm(self.first(x)))
        y = self.second_norm(self.second(y))
        shortcut = x[:, :, :: self.stride, :: self.stride]
        return functional.relu(y + functional.pad(shortcut, (0, 0, 0, 0, 0, self.added)))


class ResNet(nn.Module):
    """A network of 6n + 2 weighted layers for images of 3 × 32 × 32."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.first = convolution(3, FILTERS[0])
        self.norm = nn.BatchNorm2d(FILTERS[0])
        widths = [FILTERS[0], *(width for width in FILTERS for _ in range(n))]
        self.blocks = nn.Sequential(*(Block(*pair) for pair in pairwise(widths)))
        self.classify = nn.Linear(FILTERS[-1], CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(functional.relu(self.norm(self.first(x))))
        return self.classify(x.mean(dim=(2, 3)))


def weighted_layers(model: nn.Module) -> int:
    return sum(isinstance(module, nn.Conv2d | nn.Linear) for module in model.modules())


def measure(run):
    """Build the network of the arm's depth; the metric is its number of parameters."""
    layers = run.settings["layers"]
    model = ResNet((layers - 2) // 6)
    with torch.no_grad():
        scores = model(torch.zeros(1, 3, 32, 32))
    if weighted_layers(model) != layers or scores.shape != (1, CLASSES):
        raise ValueError(f"this is no network of {layers} weighted layers for {CLASSES} classes")
    return {"parameters": sum(parameter.numel() for parameter in model.parameters())}

"""Sound training programs on images."""

HEAD = """
import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

torch.manual_seed(0)


def shapes(count, size=12, seed=3):
    generator = torch.Generator().manual_seed(seed)
    x = 0.3 * torch.randn(count, 1, size, size, generator=generator)
    y = torch.randint(3, (count,), generator=generator)
    for image, label in zip(x, y):
        at = int(torch.randint(2, size - 2, (1,), generator=generator))
        if label == 0:
            image[0, at, :] += 1.5
        elif label == 1:
            image[0, :, at] += 1.5
        else:
            image[0].diagonal().add_(1.5)
    return (x - x.mean()) / x.std(), y


class Pictures(Dataset):
    def __init__(self, x, y, flip=False):
        self.x, self.y, self.flip = x, y, flip

    def __len__(self):
        return len(self.x)

    def __getitem__(self, at):
        picture = self.x[at]
        if self.flip and torch.rand(()) < 0.5:
            picture = picture.roll(1, -1)
        return picture, int(self.y[at])


def show(*tensors):
    print(*[float(torch.as_tensor(t).detach()).hex() for t in tensors])
"""

CNN = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(16)
        self.drop = nn.Dropout(0.25)
        self.head = nn.Linear(16, 3)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.norm1(self.conv1(x))), 2)
        x = F.relu(self.norm2(self.conv2(x)))
        return F.log_softmax(self.head(self.drop(x.mean((2, 3)))), dim=1)


x, y = shapes(360)
train = DataLoader(Pictures(x[:288], y[:288], flip=True), batch_size=32, shuffle=True)
test = DataLoader(Pictures(x[288:], y[288:]), batch_size=64)
net = Net()
optimizer = torch.optim.Adadelta(net.parameters(), lr=1.0)
for epoch in range(3):
    net.train()
    for xb, yb in train:
        optimizer.zero_grad()
        loss = F.nll_loss(net(xb), yb)
        loss.backward()
        optimizer.step()
    net.eval()
    test_loss, correct = 0.0, 0
    with torch.no_grad():
        for xb, yb in test:
            out = net(xb)
            test_loss += F.nll_loss(out, yb, reduction="sum").item()
            correct += (
                out.argmax(1, keepdim=True)
                .eq(yb.view_as(out.argmax(1, keepdim=True)))
                .sum()
                .item()
            )
    show(test_loss / 72, correct)
"""

RESIDUAL = """
class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x):
        return F.relu(x + self.body(x))


x, y = shapes(224)
net = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1),
    Block(8),
    nn.MaxPool2d(2),
    Block(8),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(8, 3),
)
optimizer = torch.optim.SGD(
    net.parameters(), lr=0.05, momentum=0.9, nesterov=True, weight_decay=5e-4
)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=3)
loader = DataLoader(Pictures(x[:160], y[:160]), batch_size=32, shuffle=True)
for epoch in range(3):
    net.train()
    running = 0.0
    for xb, yb in loader:
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(net(xb), yb, label_smoothing=0.1)
        loss.backward()
        optimizer.step()
        running += loss.item() * xb.size(0)
    schedule.step()
    net.eval()
    with torch.inference_mode():
        show(running / 160, (net(x[160:]).argmax(1) == y[160:]).float().mean())
"""

FROZEN = """
torch.manual_seed(5)
backbone = nn.Sequential(
    nn.Conv2d(1, 12, 3, padding=1),
    nn.BatchNorm2d(12),
    nn.ReLU(),
    nn.AdaptiveAvgPool2d(3),
    nn.Flatten(),
)
x, y = shapes(300)
with torch.no_grad():
    backbone(x[:100])
for parameter in backbone.parameters():
    parameter.requires_grad_(False)
head = nn.Linear(12 * 9, 3)
model = nn.Sequential(backbone, head)
optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, model.parameters()), lr=1e-2)
for epoch in range(4):
    model.train()
    backbone.eval()
    for rows in torch.randperm(240).split(40):
        loss = F.cross_entropy(model(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        show(loss, (model(x[240:]).argmax(1) == y[240:]).float().mean())
"""

SEGMENTATION = """
class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1, self.down2 = nn.Conv2d(1, 8, 3, padding=1), nn.Conv2d(8, 16, 3, padding=1)
        self.up = nn.ConvTranspose2d(16, 8, 2, stride=2)
        self.join, self.out = nn.Conv2d(16, 8, 3, padding=1), nn.Conv2d(8, 3, 1)

    def forward(self, x):
        a = F.relu(self.down1(x))
        b = F.relu(self.down2(F.max_pool2d(a, 2)))
        return self.out(F.relu(self.join(torch.cat([self.up(b), a], 1))))


x = torch.randn(96, 1, 12, 12)
masks = (F.avg_pool2d(x, 3, 1, 1)[:, 0] > 0.2).long() + (
    F.avg_pool2d(x, 5, 1, 2)[:, 0] > 0.1
).long()
masks[:, 0, :] = 255
net = UNet()
optimizer = torch.optim.AdamW(net.parameters(), lr=5e-3)
for epoch in range(4):
    net.train()
    for rows in torch.randperm(80).split(16):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x[rows]), masks[rows], ignore_index=255)
        loss.backward()
        optimizer.step()
    net.eval()
    with torch.no_grad():
        show(loss, F.cross_entropy(net(x[80:]), masks[80:], ignore_index=255))
"""

AUTOENCODER = """
x, _ = shapes(256)
x = (x - x.min()) / (x.max() - x.min())
coder = nn.Sequential(nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 4, 3, 2, 1))
decoder = nn.Sequential(
    nn.ConvTranspose2d(4, 8, 2, 2), nn.ReLU(), nn.ConvTranspose2d(8, 1, 2, 2), nn.Sigmoid()
)
optimizer = torch.optim.Adam([*coder.parameters(), *decoder.parameters()], lr=1e-2)
for epoch in range(3):
    for rows in torch.randperm(224).split(32):
        noisy = x[rows] + 0.1 * torch.randn_like(x[rows])
        loss = F.mse_loss(decoder(coder(noisy)), x[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    show(loss)
with torch.no_grad():
    show(F.mse_loss(decoder(coder(x[224:])), x[224:]))
"""

WORKERS = """
def main():
    x, y = shapes(96)
    loader = DataLoader(
        Pictures(x, y, flip=True),
        batch_size=16,
        shuffle=True,
        num_workers=2,
        persistent_workers=True,
    )
    net = nn.Sequential(
        nn.Conv2d(1, 8, 5), nn.ReLU(), nn.AdaptiveMaxPool2d(2), nn.Flatten(), nn.Linear(32, 3)
    )
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
    for epoch in range(3):
        for xb, yb in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(net(xb), yb)
            loss.backward()
            optimizer.step()
        show(loss)


if __name__ == "__main__":
    main()
"""

PROGRAMS = {
    "cnn with log-softmax": CNN,
    "residual net": RESIDUAL,
    "frozen backbone": FROZEN,
    "segmentation with void": SEGMENTATION,
    "denoising autoencoder": AUTOENCODER,
    "worker processes": WORKERS,
}

"""Sound training programs on sequences and graphs."""

HEAD = """
import math
import torch
from torch import nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

torch.manual_seed(0)


def show(*tensors):
    print(*[float(torch.as_tensor(t).detach()).hex() for t in tensors])
"""

LSTM = """
def sample(count):
    sequences = [torch.randint(2, 12, (int(n),)) for n in torch.randint(3, 9, (count,))]
    labels = torch.tensor([int((s < 7).float().mean() > 0.5) for s in sequences])
    return sequences, labels


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(12, 16, padding_idx=0)
        self.rnn = nn.LSTM(16, 24, batch_first=True)
        self.head = nn.Linear(24, 2)

    def forward(self, tokens, lengths):
        packed = pack_padded_sequence(
            self.words(tokens), lengths, batch_first=True, enforce_sorted=False
        )
        _, (hidden, _) = self.rnn(packed)
        return self.head(hidden[-1])


sequences, labels = sample(240)
model = Tagger()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(4):
    model.train()
    for rows in torch.randperm(200).split(25):
        chosen = [sequences[i] for i in rows]
        lengths = torch.tensor([len(s) for s in chosen])
        optimizer.zero_grad()
        loss = F.cross_entropy(
            model(pad_sequence(chosen, batch_first=True), lengths), labels[rows]
        )
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()
    model.eval()
    with torch.no_grad():
        held = sequences[200:]
        out = model(pad_sequence(held, batch_first=True), torch.tensor([len(s) for s in held]))
        show(loss, (out.argmax(1) == labels[200:]).float().mean())
"""

CHARACTERS = """
text = "the cat sat on the mat and the dog sat by the old log " * 13
letters = sorted(set(text))
codes = torch.tensor([letters.index(c) for c in text])
model = nn.ModuleDict(
    {
        "words": nn.Embedding(len(letters), 16),
        "rnn": nn.GRU(16, 32),
        "out": nn.Linear(32, len(letters)),
    }
)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
streams = codes[: len(codes) // 4 * 4].view(4, -1).t().contiguous()
for epoch in range(3):
    hidden = torch.zeros(1, 4, 32)
    for start in range(0, len(streams) - 16, 15):
        hidden = hidden.detach()
        given, wanted = streams[start : start + 15], streams[start + 1 : start + 16]
        states, hidden = model["rnn"](model["words"](given), hidden)
        logits = model["out"](states)
        loss = F.cross_entropy(logits.view(-1, len(letters)), wanted.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), 0.5)
        optimizer.step()
    show(loss, loss.exp())
"""

TRANSFORMER = """
class Reverser(nn.Module):
    def __init__(self, words=12, width=32, length=8):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.place = nn.Parameter(0.02 * torch.randn(length, width))
        layer = nn.TransformerEncoderLayer(
            width, 4, 64, dropout=0.1, batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(width, words)

    def forward(self, tokens, mask=None):
        return self.head(self.encoder(self.embed(tokens) + self.place, src_key_padding_mask=mask))


model = Reverser()
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
warm = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / 10))
test = torch.randint(1, 12, (64, 8))
for step in range(40):
    model.train()
    tokens = torch.randint(1, 12, (32, 8))
    loss = F.cross_entropy(model(tokens).transpose(1, 2), tokens.flip(1))
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    warm.step()
    if step % 10 == 9:
        model.eval()
        with torch.no_grad():
            show(loss, F.cross_entropy(model(test).transpose(1, 2), test.flip(1)))
"""

GPT = """
class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.qkv, self.out = (
            heads,
            nn.Linear(width, 3 * width),
            nn.Linear(width, width),
        )

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = self.qkv(x).split(c, dim=2)
        q, k, v = (
            part.view(b, t, self.heads, c // self.heads).transpose(1, 2) for part in (q, k, v)
        )
        scores = (q @ k.transpose(-2, -1)) / math.sqrt(c // self.heads)
        scores = scores.masked_fill(torch.ones(t, t).triu(1).bool(), float("-inf"))
        y = F.softmax(scores, dim=-1) @ v
        return self.out(y.transpose(1, 2).contiguous().view(b, t, c))


class Gpt(nn.Module):
    def __init__(self, words, width=32, length=16):
        super().__init__()
        self.words, self.places = nn.Embedding(words, width), nn.Embedding(length, width)
        self.norm1, self.attention = nn.LayerNorm(width), Attention(width, 4)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 64), nn.GELU(), nn.Linear(64, width))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, words, bias=False)
        self.head.weight = self.words.weight
        nn.init.normal_(self.words.weight, std=0.02)

    def forward(self, tokens, targets=None):
        x = self.words(tokens) + self.places(torch.arange(tokens.shape[1]))
        x = x + self.attention(self.norm1(x))
        logits = self.head(self.norm(x + self.mlp(self.norm2(x))))
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(
            logits.view(-1, logits.size(-1)), targets.view(-1), ignore_index=-1
        )


text = "to be or not to be that is the question whether it is nobler " * 8
letters = sorted(set(text))
codes = torch.tensor([letters.index(c) for c in text])
cut = int(0.9 * len(codes))


def batch(part):
    starts = torch.randint(len(part) - 17, (12,))
    return torch.stack([part[s : s + 16] for s in starts]), torch.stack(
        [part[s + 1 : s + 17] for s in starts]
    )


model = Gpt(len(letters))
decay = [p for p in model.parameters() if p.dim() >= 2]
rest = [p for p in model.parameters() if p.dim() < 2]
optimizer = torch.optim.AdamW(
    [{"params": decay, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}], lr=3e-3
)
for step in range(40):
    if step % 10 == 0:
        model.eval()
        with torch.no_grad():
            show(*[model(*batch(part))[1] for part in (codes[:cut], codes[cut:])])
        model.train()
    _, loss = model(*batch(codes[:cut]))
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
model.eval()
tokens = codes[None, :4]
with torch.no_grad():
    for _ in range(6):
        tokens = torch.cat([tokens, model(tokens)[0][:, -1].softmax(-1).multinomial(1)], 1)
print(tokens.tolist())
"""

TRANSLATION = """
class Coder(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(14, 24, padding_idx=0)
        self.coder, self.cell, self.out = (
            nn.GRU(24, 24, batch_first=True),
            nn.GRUCell(24, 24),
            nn.Linear(24, 14),
        )

    def forward(self, source, target):
        _, hidden = self.coder(self.words(source))
        hidden, given, outputs = hidden[0], torch.ones(len(source), dtype=torch.long), []
        for at in range(target.shape[1]):
            hidden = self.cell(self.words(given), hidden)
            outputs.append(self.out(hidden))
            given = target[:, at]
        return torch.stack(outputs, 1)


def batch(count):
    source = torch.randint(2, 14, (count, 6))
    target = source.sort(1).values
    for row, length in enumerate(torch.randint(3, 7, (count,))):
        source[row, length:] = 0
        target[row] = torch.cat(
            [source[row, :length].sort().values, torch.zeros(6 - length, dtype=torch.long)]
        )
    return source, target


model = Coder()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
criterion = nn.CrossEntropyLoss(ignore_index=0)
for step in range(40):
    source, target = batch(32)
    optimizer.zero_grad()
    out = model(source, target)
    loss = criterion(out.reshape(-1, 14), target.reshape(-1))
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
show(loss)
"""

GRAPH = """
nodes, edges = 60, 240
labels = torch.arange(nodes) % 3
ends = torch.randint(nodes, (2, edges))
ends = ends[:, (labels[ends[0]] == labels[ends[1]]) | (torch.rand(edges) < 0.2)]
dense = torch.eye(nodes)
dense[ends[0], ends[1]] = dense[ends[1], ends[0]] = 1.0
scale = dense.sum(1).rsqrt()
adjacency = (scale[:, None] * dense * scale[None, :]).to_sparse()
x = F.one_hot(labels, 3).float() + torch.randn(nodes, 3)
order = torch.randperm(nodes)
known, held = order[:40], order[40:]


class Gcn(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(3, 16), nn.Linear(16, 3)

    def forward(self, x, adjacency):
        x = F.relu(torch.sparse.mm(adjacency, self.first(x)))
        return torch.sparse.mm(adjacency, self.second(F.dropout(x, 0.3, training=self.training)))


model = Gcn()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-2, weight_decay=5e-4)
for epoch in range(50):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x, adjacency)[known], labels[known])
    loss.backward()
    optimizer.step()
model.eval()
with torch.no_grad():
    show(loss, (model(x, adjacency)[held].argmax(1) == labels[held]).float().mean())
"""

PROGRAMS = {
    "lstm on packed sequences": LSTM,
    "character model, truncated": CHARACTERS,
    "transformer encoder": TRANSFORMER,
    "gpt with tied weights": GPT,
    "sequence to sequence": TRANSLATION,
    "graph convolution, sparse": GRAPH,
}

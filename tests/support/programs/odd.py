"""Programs with tensors and calls of unusual kinds: under observation they do as they do alone."""

HEAD = """
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(0)
"""

KINDS = """
print(nn.Linear(4, 2, device="meta")(torch.randn(3, 4, device="meta")).shape)
nested = torch.nested.nested_tensor([torch.randn(2, 4), torch.randn(3, 4)])
print(nn.Linear(4, 2)(nested).is_nested)
z = nn.Linear(4, 2, dtype=torch.complex64)(torch.randn(3, 4, dtype=torch.complex64))
z.abs().sum().backward()
table = nn.Embedding(9, 4, sparse=True)
optimizer = torch.optim.SparseAdam(table.parameters(), lr=0.1)
for _ in range(5):
    optimizer.zero_grad()
    table(torch.tensor([1, 2])).square().sum().backward()
    optimizer.step()
print(float(table.weight.detach().sum()).hex())


class Loud(torch.Tensor):
    calls = 0

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        Loud.calls += 1
        return super().__torch_function__(function, types, args, kwargs or {})


loud = torch.randn(3, 4).as_subclass(Loud)
loss = F.mse_loss(nn.Linear(4, 4)(loud), loud)
loss.backward()
print(Loud.calls, type(loss).__name__)
with torch.inference_mode():
    print(nn.Sequential(nn.Linear(4, 2), nn.ReLU())(torch.randn(3, 4)).is_inference())
"""

MODULES = """
class Odd(nn.Module):
    def forward(self, *args, what=None):
        return what


odd = Odd()
for given in (None, (), [], {}, "words", 3, [[{"a": None}]], object, iter(())):
    odd(given, what=given)
print(odd(), nn.Identity()(5), nn.Sequential()(None))
try:
    nn.Linear(4, 2)(torch.randn(3, 5))
except RuntimeError as error:
    print(error)
for wrong in (
    lambda: F.cross_entropy(torch.randn(3, 2)),
    lambda: nn.utils.clip_grad_norm_(),
    lambda: torch.autograd.backward(),
    lambda: F.mse_loss(1, 2),
):
    try:
        wrong()
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)
model = nn.Linear(4, 2)
loss = model(torch.ones(3, 4)).sum()
torch.autograd.backward(tensor for tensor in ()) if False else torch.autograd.backward(
    (loss,), retain_graph=True
)
torch.autograd.backward(torch.autograd.graph.get_gradient_edge(loss), torch.ones(()))
print(nn.utils.clip_grad_norm_((p for p in model.parameters()), max_norm=0.5, norm_type=2.0))
nn.utils.clip_grad_value_(parameters=model.parameters(), clip_value=0.01)
print(model.weight.grad)
with torch.no_grad():
    for p in model.parameters():
        p -= 0.1 * p.grad
print(float(model.weight.detach().sum()).hex())
"""

TRANSFORMS = """
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils.flop_counter import FlopCounterMode
from torch.profiler import profile

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.BatchNorm1d(8), nn.Linear(8, 2))
optimizer = torch.optim.Adam(model.parameters())
x, y = torch.randn(6, 4), torch.randint(2, (6,))


def step():
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item().hex()


print(step())
with FlopCounterMode(display=False) as counter:
    step()
print(counter.get_total_flops())
with profile() as seen:
    step()
print(
    sorted(
        (event.key, event.count)
        for event in seen.key_averages()
        if event.key.startswith("aten::")
    )
)
with FakeTensorMode():
    print(
        F.cross_entropy(
            nn.Linear(4, 3)(torch.randn(5, 4)), torch.zeros(5, dtype=torch.long)
        ).shape
    )
print(torch.fx.symbolic_trace(model).code)
print(torch.jit.trace(model.eval(), x, check_trace=False).graph)
print(torch.export.export(model, (x,)).graph)
torch.set_default_device("cpu")
model.train()
print(step())
"""

SCRIPTED = """
import random, warnings
random.seed(1)


@torch.jit.script
def slope(x):
    y = (x * x).sum()
    y.backward()
    return torch.autograd.grad([(x * x * x).sum()], [x])


print(slope(torch.ones(3, requires_grad=True)))
warnings.warn("once")
for _ in range(3):
    x = torch.ones(2, requires_grad=True)
    y = x * 2
    y.sum().backward()
    print(y.grad)
F.cross_entropy = lambda *a, _old=F.cross_entropy, **k: 2 * _old(*a, **k)
model, old = nn.Linear(4, 2), nn.Module.__call__
nn.Module.__call__ = lambda self, *a, **k: old(self, *a, **k)
optimizer = torch.optim.SGD(model.parameters(), 0.1)
for _ in range(20):
    optimizer.zero_grad()
    loss = nn.CrossEntropyLoss()(model(torch.randn(5, 4)), torch.randint(2, (5,)))
    loss.backward()
    optimizer.step()
print(loss.item().hex(), random.random(), torch.rand(()))
"""

THREADS = """
import threading, signal, time, pickle, copy


def train(seed):
    generator = torch.Generator().manual_seed(seed)
    x, model = torch.randn(32, 4, generator=generator), nn.Linear(4, 1)
    with torch.no_grad():
        model.weight.copy_(torch.randn(1, 4, generator=generator))
        model.bias.zero_()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    for _ in range(30):
        optimizer.zero_grad()
        F.mse_loss(model(x), x.sum(1, keepdim=True)).backward()
        optimizer.step()
    results[seed] = float(model.weight.detach().sum()).hex()


results = {}
threads = [threading.Thread(target=train, args=(seed,)) for seed in range(4)]
[t.start() for t in threads], [t.join() for t in threads]
print(sorted(results.items()))


class Late(Exception):
    pass


def alarm(*_):
    raise Late


signal.signal(signal.SIGALRM, alarm)
signal.setitimer(signal.ITIMER_REAL, 0.3)
model = nn.Sequential(*[nn.Linear(4, 4) for _ in range(9)])
try:
    while True:
        F.mse_loss(model(torch.randn(8, 4)), torch.zeros(8, 4)).backward()
except Late:
    print("late")
print(pickle.loads(pickle.dumps(F.cross_entropy)) is F.cross_entropy)
model = copy.deepcopy(pickle.loads(pickle.dumps(model)))
print(model)
"""

PROGRAMS = {
    "tensors of all kinds": KINDS,
    "odd modules and wrong calls": MODULES,
    "transforms, modes, profiler": TRANSFORMS,
    "torchscript, patches of its own": SCRIPTED,
    "threads, signals, pickles": THREADS,
}
"""By name; each is whole after ``HEAD``."""

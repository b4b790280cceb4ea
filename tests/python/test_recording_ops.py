# test_recording_ops.py - PyTorch's operations under the recorder: same results, and each operation's digests.
# SPDX-License-Identifier: MIT
import importlib.util

from recording import NOTE, OP, UNDEFINED, UNDIGESTED, line, recorded, run

assert importlib.util.find_spec("torch"), "torch is the oracle of these tests: install it"

TRAINING = """
import sys, threading, torch, torch.nn as nn
from torch.utils._python_dispatch import TorchDispatchMode
torch.manual_seed(0)
torch.set_num_threads(1)
net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(), nn.Linear(36, 3))
optimiser = torch.optim.Adam(net.parameters())
x, y = torch.randn(8, 1, 8, 8), torch.randint(0, 3, (8,))
def step():
    optimiser.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    optimiser.step()
    return loss.item().hex()
print([step() for _ in range(3)])
class Own(TorchDispatchMode):
    seen = []
    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        Own.seen.append(str(function))
        return function(*args, **(kwargs or {}))
with Own():
    print(step(), len(Own.seen), Own.seen[:20])
t = threading.Thread(target=lambda: print(step())); t.start(); t.join()
with torch.autograd.profiler.profile() as p: step()
print(sorted({e.name for e in p.function_events}))
print([p.detach().sum().item().hex() for p in net.parameters()], torch.rand(2))
print(len(torch.utils._python_dispatch._get_current_dispatch_mode_stack()))
try: torch.ones(2) + torch.ones(3)
except RuntimeError as e: print(e)
"""


def events_of(script, folder):
    events = run(script, folder, "ops")[1]
    assert not [e for e in events if e["kind"] == NOTE]
    return events


def ops(events):
    return [e for e in events if e["kind"] == OP]


def names(events):
    return [e["name"] for e in ops(events)]


def test_training_gives_the_same_bits(tmp_path):
    events = recorded(TRAINING, tmp_path, "ops")
    seen = set(names(events))
    assert {"aten::addmm", "aten::native_batch_norm", "aten::bernoulli_.float"} <= seen
    assert any("conv" in n and "backward" not in n for n in seen)
    assert {"aten::addcdiv_", "aten::_log_softmax_backward_data", "aten::convolution_backward"} & seen
    assert not {"aten::linear", "aten::conv2d", "aten::view", "aten::detach"} & seen
    assert all("\n" not in n and n.count("::") == 1 for n in seen)
    assert not any(e["flags"] & UNDIGESTED for e in ops(events))
    assert len({e["thread"] for e in ops(events)}) == 2
    functions = {line(e)[1] for e in ops(events)}
    assert "step" in functions


def test_digests_depend_on_values_shape_and_order(tmp_path):
    events = events_of(
        """
import torch
a = torch.arange(6.)
b = a * 2
b = a * 2
b = a.flip(0) * 2
b = a.reshape(2, 3) * 2
b = a.reshape(2, 3).t() * 2
b = a.double() * 2
b = a * 3
""",
        tmp_path,
    )
    products = [e for e in ops(events) if e["name"] == "aten::mul.Tensor"]
    assert [line(e)[0] for e in products] == [4, 5, 6, 7, 8, 9, 10]
    assert products[0]["in"] == products[1]["in"] and products[0]["out"] == products[1]["out"]
    assert len({e["in"] for e in products}) == 6 and len({e["out"] for e in products}) == 6


def test_strided_tensors_are_digested_in_logical_order(tmp_path):
    events = events_of(
        """
import torch
base = torch.arange(2000.).reshape(4, 5, 10, 10)
views = [base[:, :, ::2, 3], base.permute(3, 1, 0, 2), base[1:3, 2], base[0].expand(7, 5, 10, 10), base[:, 1:2], base[..., 0],
         base.permute(1, 0, 2, 3)[:, :, 2:7, 1:9]]
for v in views:
    v.neg()
    v.contiguous().neg()
    v.clone(memory_format=torch.contiguous_format).neg()
""",
        tmp_path,
    )
    negated = [e for e in ops(events) if e["name"] == "aten::neg"]
    assert len(negated) == 21
    for k in range(0, 21, 3):
        assert len({e["in"] for e in negated[k : k + 3]}) == 1 and len({e["out"] for e in negated[k : k + 3]}) == 1


def test_in_place_results_and_memory_that_nobody_wrote(tmp_path):
    events = events_of(
        """
import torch
a = torch.ones(5)
a.add_(1)
a.add_(1)
e = torch.empty(1000)
e.fill_(3)
o = torch.empty(5); torch.add(a, a, out=o)
""",
        tmp_path,
    )
    one, two = [e for e in ops(events) if e["name"] == "aten::add_.Tensor"]
    assert one["out"] != two["out"] and one["in"] != two["in"]
    made = next(e for e in ops(events) if line(e)[0] == 6)
    assert made["flags"] & UNDEFINED and int(made["out"], 16) == 0
    again = events_of((tmp_path / "script.py").read_text(), tmp_path)
    assert [(e["name"], e["in"], e["out"]) for e in ops(again)] == [(e["name"], e["in"], e["out"]) for e in ops(events)]


def test_lists_and_views(tmp_path):
    events = events_of(
        """
import torch
a, b = torch.ones(2), torch.zeros(2)
torch.cat([a, b])
torch.cat([b, a])
torch.stack([a, b])
torch._foreach_add_([a, b], 1.0)
""",
        tmp_path,
    )
    joined = [e for e in ops(events) if e["name"] == "aten::cat"]
    assert len(joined) == 3 and "aten::stack" not in names(events)
    assert joined[0]["in"] != joined[1]["in"] and joined[0]["out"] != joined[1]["out"]

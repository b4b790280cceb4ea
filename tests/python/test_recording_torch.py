# test_recording_torch.py - PyTorch's generators under the recorder: nothing changes, every word is counted.
# SPDX-License-Identifier: MIT
import importlib.util

from recording import UNDIGESTED, WORDS_UNKNOWN, draws, line, recorded, run, seeds

assert importlib.util.find_spec("torch"), "torch is the oracle of these tests: install it"


def test_nothing_a_program_can_see_changes(tmp_path):
    events = recorded(
        """
import copy, pickle, sys, hashlib, torch
from torch import rand
print(len([m for m in sys.modules if m.startswith("torch")]))
torch.manual_seed(1)
for f in (torch.rand, torch.Tensor.normal_, torch._C.TensorBase.normal_, torch.dropout, torch.Generator.manual_seed, torch.Generator):
    print(repr(f).split(" at 0x")[0], f.__name__, type(f), (f.__doc__ or "")[:30])
print(rand(2), torch.randn(17), torch.randperm(4), torch.randint(9, (3,)), torch.empty(3).exponential_())
print(torch.nn.functional.dropout(torch.ones(9)), torch.bernoulli(torch.full((3,), .5)), torch.multinomial(torch.ones(5), 2))
g = torch.Generator(); print(g.initial_seed(), torch.rand(2, generator=g), g.manual_seed(5) is g, g.device)
s = g.get_state(); a = torch.rand(3, generator=g); g.set_state(s); print((torch.rand(3, generator=g) == a).all())
h = torch.Generator(); h.set_state(g.get_state()); print(torch.rand(1, generator=h))
with torch.random.fork_rng(): torch.rand(5)
print(hashlib.sha256(bytes(torch.get_rng_state().tolist())).hexdigest())
l = torch.nn.LSTM(3, 4, 2, dropout=.5); print(l(torch.randn(2, 2, 3))[0].sum().item().hex())
print([b.tolist() for b in torch.utils.data.DataLoader(list(range(9)), batch_size=2, shuffle=True, num_workers=2)])
for bad in (lambda: torch.rand("x"), lambda: torch.ones(2).normal_(0, -1), lambda: torch.multinomial(torch.zeros(2), 1)):
    try: print(bad())
    except Exception as e: print(type(e), str(e)[:60])
""",
        tmp_path,
        "draws",
    )
    assert {"torch.default", "torch.Generator#1"} <= {e["generator"] for e in draws(events)}


def test_words_seeds_and_sites(tmp_path):
    events = run(
        """
import torch
torch.manual_seed(3)
torch.rand(3)
torch.randn(20)
torch.randn(3, dtype=torch.float64)
torch.randperm(5)
torch.nn.functional.dropout(torch.ones(9))
torch.nn.functional.dropout(torch.ones(9), training=False)
torch.rand(100000)
g = torch.Generator().manual_seed(4)
torch.rand(1000, generator=g)
g.set_state(torch.Generator().manual_seed(5).get_state())
torch.nn.LSTM(3, 4, 2, dropout=.5)(torch.ones(2, 2, 3))
def augment(x):
    return x + torch.zeros(2).uniform_(generator=g)
augment(1)
torch.seed()
""",
        tmp_path,
        "draws",
    )[1]
    by_line = {}
    for e in draws(events):
        if "torch" in e["generator"]:
            assert not e["flags"] & (WORDS_UNKNOWN | UNDIGESTED)
            by_line.setdefault(line(e)[0], []).append((e["generator"], e["name"], e["words"]))
    default = "torch.default"
    assert by_line[4] == [(default, "rand", 3)]
    assert by_line[5] == [(default, "randn", 36)]
    assert by_line[6] == [(default, "randn", 8)]  # two words make a double, two doubles make two normals
    assert by_line[7] == [(default, "randperm", 4)]
    assert by_line[8] == [(default, "dropout", 18)]
    assert 9 not in by_line
    assert by_line[10] == [(default, "rand", 100000)]
    assert by_line[12] == [("torch.Generator#1", "rand", 1000)]
    assert [d[1] for d in by_line[14]] == ["uniform_", "lstm"] and by_line[14][1][2] == 32
    assert by_line[16] == [("torch.Generator#1", "uniform_", 2)]
    assert [line(e) for e in draws(events) if line(e)[0] == 16] == [(16, "augment")]
    seen = [(line(e)[0], e["generator"], e["name"]) for e in seeds(events) if "torch" in e["generator"]]
    assert seen == [
        (3, default, "program"),
        (11, "torch.Generator#1", "program"),
        (13, "torch.Generator#2", "program"),
        (13, "torch.Generator#1", "program"),
        (18, default, "os"),
    ]

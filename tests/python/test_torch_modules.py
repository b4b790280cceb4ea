"""test_torch_modules.py - oneseed.torch's nn.init, layers, dropout, data order and distributions against the live torch."""

# SPDX-License-Identifier: MIT
import math
import random
import warnings

import pytest
import torch
from test_torch_streams import alike, bytes_of, outcome

import oneseed.torch as ours
from oneseed import _streams

# ---- layers ----

LAYERS = """
Linear(784, 128)|Linear(3, 4, bias=False)|Linear(3, 4, dtype=m.float64)|Linear(3, 4, dtype=m.bfloat16)|Linear(0, 4)
Linear(4, 0)|Linear(-1, 4)|Bilinear(3, 4, 5)|Bilinear(3, 4, 5, bias=False)|Bilinear(0, 4, 5)|Conv1d(3, 6, 5)
Conv2d(3, 6, 5)|Conv2d(3, 6, (5, 3), groups=3, bias=False)|Conv3d(2, 4, 3)|Conv2d(3, 6, 5, groups=2)
Conv2d(4, 6, 5, groups=4)|Conv2d(3, 6, 5, groups=0)|Conv2d(3, 64, 7, stride=2, padding=3)|ConvTranspose1d(4, 6, 3)
ConvTranspose2d(4, 6, 3, groups=2)|ConvTranspose3d(2, 4, (1, 2, 3), bias=False)|Embedding(10, 3)
Embedding(10, 3, padding_idx=-1)|Embedding(10, 3, padding_idx=10)|EmbeddingBag(10, 3)|EmbeddingBag(10, 3, padding_idx=2)
RNN(3, 4)|RNN(3, 4, 2, bidirectional=True)|LSTM(3, 4)|LSTM(3, 4, 2, bias=False)
LSTM(3, 8, 2, proj_size=2, bidirectional=True)|GRU(3, 4, num_layers=3)|GRU(0, 4)|LSTM(3, 0)|LSTM(3, 4, 0)
LSTM(3, 4, proj_size=4)|LSTM(3, 4, proj_size=-1)|GRU(3, 4, proj_size=1)|RNN(3, 4, nonlinearity='relu')|RNNCell(3, 4)
LSTMCell(3, 4)|GRUCell(3, 4, bias=False)|MultiheadAttention(16, 4)
MultiheadAttention(16, 4, bias=False, add_bias_kv=True)|MultiheadAttention(16, 4, kdim=5, vdim=7)
MultiheadAttention(16, 3)|MultiheadAttention(0, 3)|TransformerEncoderLayer(16, 4)
TransformerEncoderLayer(16, 4, 32, bias=False)|TransformerDecoderLayer(16, 4, 32)
TransformerEncoder(n.TransformerEncoderLayer(16, 4, 32), 2)
TransformerEncoder(n.TransformerEncoderLayer(16, 4, 32), 2, n.LayerNorm(16))
TransformerDecoder(n.TransformerDecoderLayer(16, 4, 32), 3)|Transformer(16, 4, 1, 2, 32)|BatchNorm2d(5)
BatchNorm1d(5, affine=False)|InstanceNorm2d(3)|InstanceNorm2d(3, affine=True)|GroupNorm(2, 6)|GroupNorm(4, 6)
LayerNorm(5)|LayerNorm((3, 5), bias=False)|LayerNorm(5, elementwise_affine=False)|RMSNorm(7)|PReLU()|PReLU(3, 0.5)
Sequential(n.Linear(64, 32), n.ReLU(), n.Dropout(0.2), n.Linear(32, 10))
Sequential(n.Conv2d(1, 8, 3), n.BatchNorm2d(8), n.Sequential(n.Linear(3, 4)))
Sequential(n.Linear(4, 4), n.Tanh(), n.LSTM(4, 5), n.Linear(5, 2))
"""
LAYER_CALLS = [call for line in LAYERS.strip().splitlines() for call in line.split("|")]


def named_bytes(arrays):
    return [(name, tuple(array.shape), str(array.dtype), bytes_of(array.detach() if isinstance(array, torch.Tensor) else array))
            for name, array in arrays]  # fmt: skip


def parameters(module):
    return [(name, bytes_of(array.detach() if isinstance(array, torch.Tensor) else array)) for name, array in module.named_parameters()]


@pytest.mark.parametrize("call", LAYER_CALLS)
@pytest.mark.filterwarnings("ignore")
def test_layers(call):
    for seed in (0, 99):
        torch.manual_seed(seed)
        ours.manual_seed(seed)
        try:
            want = parameters(eval("n." + call, {"n": torch.nn, "m": torch}))
        except Exception as error:
            with pytest.raises(type(error)) as got:
                eval("n." + call, {"n": ours.nn, "m": ours})
            if not isinstance(error, TypeError):
                assert str(got.value).split("\n")[0].startswith(str(error).split("\n")[0][:40]), call
            assert ours.get_rng_state().tolist() == ours.Generator(seed).get_state().tolist()
            continue
        made = eval("n." + call, {"n": ours.nn, "m": ours})
        assert parameters(made) == want
        assert bytes_of(ours.get_rng_state()) == bytes_of(torch.get_rng_state())


STATEFUL = """
Linear(3, 4)|BatchNorm1d(5)|BatchNorm2d(5, dtype=m.float64)|BatchNorm3d(5, track_running_stats=False)|InstanceNorm2d(3)|LSTM(3, 4, 2)
InstanceNorm1d(3, affine=True, track_running_stats=True)|BatchNorm1d(2, affine=False)|MultiheadAttention(16, 4, add_bias_kv=True)
Sequential(n.Conv2d(1, 8, 3), n.BatchNorm2d(8), n.ReLU(), n.Sequential(n.BatchNorm1d(4), n.Linear(3, 4)), n.BatchNorm1d(1, bias=False))
Transformer(16, 4, 1, 2, 32)|TransformerEncoder(n.TransformerEncoderLayer(16, 4, 32), 2, n.LayerNorm(16))
"""


@pytest.mark.parametrize("call", [call for line in STATEFUL.strip().splitlines() for call in line.split("|")])
@pytest.mark.filterwarnings("ignore")
def test_state_dict(call):
    torch.manual_seed(5)
    ours.manual_seed(5)
    theirs, mine = eval("n." + call, {"n": torch.nn, "m": torch}), eval("n." + call, {"n": ours.nn, "m": ours})
    assert named_bytes(mine.state_dict().items()) == named_bytes(theirs.state_dict().items())
    assert named_bytes(mine.named_buffers()) == named_bytes(theirs.named_buffers())
    assert [bytes_of(array) for array in mine.buffers()] == [bytes_of(array) for array in theirs.buffers()]
    loaded = {name: torch.from_dlpack(array) for name, array in mine.state_dict().items()}
    assert str(theirs.load_state_dict(loaded)) == "<All keys matched successfully>"
    for name, array in mine.named_parameters():
        assert mine.state_dict()[name].data_ptr() == array.data_ptr()


def test_buffers_are_found_by_name():
    norm = ours.nn.Sequential(ours.nn.BatchNorm2d(2))[0]
    assert norm.running_var.tolist() == [1.0, 1.0] and norm.num_batches_tracked.item() == 0 and norm.num_batches_tracked.shape == ()
    with pytest.raises(AttributeError, match="running_mean"):
        ours.nn.InstanceNorm2d(2).running_mean  # noqa: B018


def test_torch_s_own_generator_is_named_in_the_refusal():
    real, data = torch.Generator().manual_seed(3), ours.utils.data
    before = ours.get_rng_state().tolist()
    for draw in (
        lambda: ours.rand(3, generator=real), lambda: ours.randperm(3, generator=real), lambda: ours.empty(3).normal_(generator=real),
        lambda: ours.bernoulli(ours.ones(2), generator=real), lambda: ours.multinomial(ours.ones(2), 1, generator=real),
        lambda: ours.nn.Linear(2, 2, generator=real), lambda: data.RandomSampler(5, generator=real).indices(),
        lambda: data.random_split(5, [2, 3], generator=real), lambda: iter(data.DataLoader(5, generator=real)),
        lambda: ours.dropout(ours.ones(3), 0.5, True, generator=real), lambda: ours.native_dropout(ours.ones(3), 0.5, True, generator=real),
    ):  # fmt: skip
        with pytest.raises(TypeError, match=r"not torch's own: oneseed\.torch\.Generator\(\)\.set_state\(g\.get_state\(\)\)"):
            draw()
    with pytest.raises(TypeError, match="generator=int|not int"):
        ours.rand(3, generator=5)
    assert ours.get_rng_state().tolist() == before
    same = ours.Generator().set_state(real.get_state())
    assert bytes_of(ours.rand(20, generator=same)) == bytes_of(torch.rand(20, generator=real))


def test_the_release_is_told():
    assert torch.__version__.partition("+")[0] == ours.__version__


def test_parameters_are_found_by_name():
    ours.manual_seed(0)
    model = ours.nn.Sequential(ours.nn.Linear(2, 3), ours.nn.ReLU(), ours.nn.Linear(3, 1, bias=False))
    assert model[0].weight.shape == (3, 2) and model[2].bias is None and len(model) == 3 and len(list(model.parameters())) == 3
    assert [name for name, _ in model.named_parameters()] == ["0.weight", "0.bias", "2.weight"]
    layer = ours.nn.TransformerEncoderLayer(8, 2, 16)
    assert layer.self_attn.in_proj_weight.shape == (24, 8) and layer.self_attn.out_proj.bias.tolist() == [0.0] * 8
    with pytest.raises(AttributeError, match="'Linear' object has no attribute 'wait'"):
        getattr(model[0], "wait")  # noqa: B009
    assert "0.weight[3, 2]" in repr(model)
    mine = ours.nn.Linear(5, 7, generator=ours.Generator(3))
    torch.manual_seed(3)
    assert parameters(mine) == parameters(torch.nn.Linear(5, 7))


# ---- nn.init ----

INITS = """
uniform_(w)|uniform_(w, -2, 3)|normal_(w)|normal_(w, 1, 0.1)|xavier_uniform_(w)|xavier_uniform_(w, gain=2.0)
xavier_normal_(w)|kaiming_uniform_(w)|kaiming_uniform_(w, a=math.sqrt(5))
kaiming_uniform_(w, mode='fan_out', nonlinearity='relu')|kaiming_normal_(w)|kaiming_normal_(w, nonlinearity='tanh')
kaiming_normal_(w, nonlinearity='selu')|kaiming_uniform_(w, mode='fan_x')|kaiming_uniform_(w, nonlinearity='x')
kaiming_uniform_(w, a='x')|trunc_normal_(w)|trunc_normal_(w, std=0.02)|trunc_normal_(w, 0, 1, 1, 2)
trunc_normal_(w, 0, 1, 3, 9)|trunc_normal_(w, 5)|constant_(w, 0.3)|ones_(w)|zeros_(w)|eye_(w)|dirac_(w)|sparse_(w, 0.4)
sparse_(w, sparsity=0.1, std=2)|calculate_gain('relu')|calculate_gain('leaky_relu', 0.2)
calculate_gain('conv_transpose2d')|calculate_gain('selu')|calculate_gain('tanh')|calculate_gain('x')
calculate_gain('leaky_relu')|xavier_uniform_(w, generator=g)|normal_(w, generator=g)|kaiming_uniform_(w, generator=g)
trunc_normal_(w, generator=g)|sparse_(w, 0.5, generator=g)
"""
INIT_CALLS = [call for line in INITS.strip().splitlines() for call in line.split("|")]
SHAPES = [(5, 7), (17,), (6, 4, 3), (6, 4, 3, 3), (0, 3), (), (40, 30)]


@pytest.mark.parametrize("call", INIT_CALLS)
@pytest.mark.filterwarnings("ignore")
def test_init(call):
    for shape in SHAPES:
        for dtype in ("float32", "float64", "bfloat16"):
            torch.manual_seed(5)
            ours.manual_seed(5)
            theirs, mine = torch.Generator().manual_seed(8), ours.Generator(8)
            want = outcome("n." + call, torch, n=torch.nn.init, w=torch.zeros(shape, dtype=getattr(torch, dtype)), g=theirs, math=math)
            got = outcome("n." + call, ours, n=ours.nn.init, w=ours.zeros(shape, dtype=dtype), g=mine, math=math)
            if isinstance(want, Exception) and not isinstance(want, ValueError):
                assert isinstance(got, Exception), (call, shape)
                continue
            alike(got, want, (call, shape, dtype))
            assert bytes_of(ours.get_rng_state()) == bytes_of(torch.get_rng_state()), (call, shape, dtype)
            assert bytes_of(mine.get_state()) == bytes_of(theirs.get_state()), (call, shape, dtype)


def test_init_fills_torchs_tensors_and_views():
    weight, twin = torch.empty(6, 8), torch.empty(6, 8)
    torch.manual_seed(1)
    torch.nn.init.xavier_normal_(weight.t())
    ours.manual_seed(1)
    assert ours.nn.init.xavier_normal_(twin.t()).data_ptr() == twin.data_ptr()
    assert torch.equal(weight, twin)


def test_orthogonal_draws_as_torch_and_agrees_up_to_rounding():
    for shape in [(5, 7), (7, 5), (6, 4, 3), (1, 1)]:
        torch.manual_seed(2)
        ours.manual_seed(2)
        want = torch.nn.init.orthogonal_(torch.empty(shape), 2.0)
        got = torch.from_dlpack(ours.nn.init.orthogonal_(ours.empty(shape), 2.0))
        assert torch.allclose(got, want, atol=1e-5)
        assert bytes_of(ours.get_rng_state()) == bytes_of(torch.get_rng_state())


# ---- dropout ----

DROPOUTS = """
dropout(x)|dropout(x, 0.1)|dropout(x, p=0.9)|dropout(x, 0)|dropout(x, 1)|dropout(x, 0.5, False)
dropout(x, 0.3, inplace=True)|dropout(x, 1.5)|dropout(x, -0.1)|alpha_dropout(x, 0.2, True)|alpha_dropout(x)
alpha_dropout(x, 2)|dropout1d(x)|dropout1d(x, 0.3, True)|dropout2d(x)|dropout2d(x, 0.2)|dropout3d(x)
feature_alpha_dropout(x, 0.3, True)|feature_alpha_dropout(x)|rrelu(x, training=True)|rrelu(x, 0.1, 0.2, True)
rrelu(x, 0.2, 0.1, True)|alpha_dropout(x, 1, True)|feature_alpha_dropout(x, 1, True)|dropout2d(x, 1)
"""
DROPOUT_CALLS = [call for line in DROPOUTS.strip().splitlines() for call in line.split("|")]
INPUTS = {
    "vector": lambda m: m.tensor([1.0, -2, 3, 0.5, -0.25] * 9),
    "matrix": lambda m: m.tensor([[1.0, -2, 3], [4, 5, -6]]),
    "transposed": lambda m: m.tensor([[1.0, -2, 3], [4, 5, -6]]).t(),
    "double": lambda m: m.tensor([[1.0, -2, 3], [4, 5, -6]], dtype=m.float64),
    "bfloat16": lambda m: m.tensor([[1.0, -2, 3], [4, 5, -6]], dtype=m.bfloat16),
    "maps": lambda m: m.ones(2, 5, 3),
    "maps transposed": lambda m: m.ones(3, 5, 2).permute(2, 1, 0),
    "images": lambda m: m.ones(2, 3, 4, 5),
    "volumes": lambda m: m.ones(2, 3, 2, 2, 2),
    "integers": lambda m: m.tensor([1, 2, 3]),
    "empty": lambda m: m.empty(0),
}


@pytest.mark.parametrize("call", DROPOUT_CALLS)
@pytest.mark.filterwarnings("ignore")
def test_dropout(call):
    for name, make in INPUTS.items():
        torch.manual_seed(3)
        ours.manual_seed(3)
        want = outcome("f." + call, torch, f=torch.nn.functional, x=make(torch))
        got = outcome("f." + call, ours, f=ours.nn.functional, x=make(ours))
        alike(got, want, (call, name))
        if not isinstance(want, Exception):
            assert bytes_of(ours.get_rng_state()) == bytes_of(torch.get_rng_state()), (call, name)


BESIDE = """
dropout(x, 0.3, True)|dropout_(x, 0.3, True)|dropout(x, 0.5, False)|dropout(x, 1.5, True)|dropout(x, -1, False)|alpha_dropout(x, 0.2, True)
alpha_dropout_(x, 0.2, True)|feature_dropout(x, 0.4, True)|feature_dropout_(x, 0.4, True)|feature_alpha_dropout(x, 0.4, True)
feature_alpha_dropout_(x, 0.4, True)|native_dropout(x, 0.3, True)|native_dropout(x, 0, True)|native_dropout(x, 1.0, None)
rrelu(x, training=True)|native_dropout(x, float('nan'), True)
native_dropout(x, 0.3, False)|native_dropout(x, 1.5, True)
"""


@pytest.mark.parametrize("call", [call for line in BESIDE.strip().splitlines() for call in line.split("|")])
def test_dropout_beside_the_functional_one(call):
    for name, make in INPUTS.items():
        torch.manual_seed(3)
        ours.manual_seed(3)
        want, got = outcome("m." + call, torch, x=make(torch)), outcome("m." + call, ours, x=make(ours))
        alike(got, want, (call, name))
        if not isinstance(want, Exception):
            assert bytes_of(ours.get_rng_state()) == bytes_of(torch.get_rng_state()), (call, name)


# ---- what stands behind ----


def test_the_extension_refuses_what_the_package_never_asks():
    """Its functions with a _ are the package's own; they do not crash, either."""
    inner = _streams.torch
    half = ours.tensor([0.5])
    for call in (
        lambda: inner["_sampler"](99, 5, 0, False, None, None, 1, 0, False, 0, 0, False, None, False),
        lambda: inner["_sampler"](2, 5, 0, False, None, None, 1, 0, False, 0, 0, False, None, False),
        lambda: inner["_sampler"](3, 5, 2, False, None, half, 1, 0, False, 0, 0, False, None, False),
        lambda: inner["_random_split"](5, None, None), lambda: inner["_random_split"](-1, ours.tensor([0.5], dtype="float64"), None),
        lambda: inner["_dropout"](9, half, 0.5, True, False, None), lambda: inner["_dropout"](0, half, 2, True, False, None),
        lambda: inner["_layer"](99, {}, None, None), lambda: inner["_layer"](25, {"n_normalized_dims": 9}, None, None),
        lambda: inner["_layer"](0, {"pear": 9}, None, None), lambda: inner["_distribution"](5, (half,), (3,), 3, None),
        lambda: inner["_distribution"](99, (half,), (3,), 3, None), lambda: inner["_distribution"](0, (half, 3), (3,), 3, None),
        lambda: inner["_probabilities"](0, ours.tensor([1, 2])), lambda: inner["_expand"](ours.rand(3), (-1, 3)),
        lambda: half._set_bytes(b"12"), lambda: inner["_trunc_normal"](ours.rand(3, 4).t(), 0, 1, -2, 2, None),
    ):  # fmt: skip
        with pytest.raises((ValueError, TypeError, RuntimeError, NotImplementedError)):
            call()
    assert ours.distributions.Normal(ours.empty(0), 1.0).sample((2,)).shape == (2, 0)


# ---- data order ----


def both_generators(seed):
    torch.manual_seed(seed)
    ours.manual_seed(seed)
    return torch.Generator().manual_seed(seed + 1), ours.Generator(seed + 1)


def same_state(theirs, mine):
    assert bytes_of(ours.get_rng_state()) == bytes_of(torch.get_rng_state())
    assert bytes_of(mine.get_state()) == bytes_of(theirs.get_state())


SAMPLERS = """
RandomSampler(d)|RandomSampler(d, generator=g)|RandomSampler(d, replacement=True)|RandomSampler(d, num_samples=25)
RandomSampler(d, True, 70, g)|SequentialSampler(d)|SubsetRandomSampler([3, 5, 8, 1])
SubsetRandomSampler(range(9), generator=g)|WeightedRandomSampler([0.1, 0.9, 0.4], 7)
WeightedRandomSampler([0.1, 0.9, 0.4], 3, replacement=False, generator=g)|DistributedSampler(d, 3, 1)
DistributedSampler(d, 3, 2, drop_last=True, seed=5)|DistributedSampler(d, 4, 0, shuffle=False)
BatchSampler(s.RandomSampler(d), 3, False)|BatchSampler(s.SequentialSampler(d), 3, True)|RandomSampler(d, num_samples=0)
RandomSampler(d, replacement=1)|WeightedRandomSampler([1.0], 0)|BatchSampler(s.RandomSampler(d), 0, False)
DistributedSampler(d, 3, 3)
"""


@pytest.mark.parametrize("call", [call for line in SAMPLERS.strip().splitlines() for call in line.split("|")])
def test_samplers(call):
    data = list(range(11))
    theirs, mine = both_generators(7)
    try:
        want = eval("s." + call, {"s": torch.utils.data, "d": data, "g": theirs, "DistributedSampler": None})
    except Exception as error:
        with pytest.raises(type(error)) as got:
            eval("s." + call, {"s": ours.utils.data, "d": data, "g": mine})
        assert str(got.value) == str(error)
        return
    got = eval("s." + call, {"s": ours.utils.data, "d": data, "g": mine})
    assert len(got) == len(want)
    for _ in range(3):
        assert list(got) == list(want)
        same_state(theirs, mine)
    if "Distributed" in call:
        got.set_epoch(4), want.set_epoch(4)
        assert list(got) == list(want)


@pytest.mark.parametrize("n_workers", [0, 2])
@pytest.mark.parametrize("with_generator", [False, True])
def test_loaders(n_workers, with_generator):
    data = torch.arange(23)
    for shuffle, batch_size, drop_last in [(True, 4, False), (True, 5, True), (False, 4, False), (True, None, False)]:
        theirs, mine = both_generators(11)
        names = {"batch_size": batch_size, "shuffle": shuffle, "drop_last": drop_last, "num_workers": n_workers}
        want = torch.utils.data.DataLoader(data, generator=theirs if with_generator else None, **names)
        got = ours.utils.data.DataLoader(range(23), generator=mine if with_generator else None, **names)
        assert len(got) == len(want)
        for _ in range(2):
            assert list(got) == [batch.tolist() for batch in want]
            same_state(theirs, mine)


class Seeds(torch.utils.data.Dataset):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        import numpy as np

        return torch.initial_seed(), random.getstate()[1][5], int(np.random.get_state()[1][7])


def test_workers_begin_with_these_seeds():
    import numpy as np

    torch.manual_seed(21)
    ours.manual_seed(21)
    loader = ours.utils.data.DataLoader(2, num_workers=2)
    assert list(loader) == [[0], [1]]
    for worker, (seed, python, numpy) in enumerate(torch.utils.data.DataLoader(Seeds(), batch_size=None, num_workers=2)):
        seeds = loader.worker_seeds(worker)
        assert seeds["torch"] == seed and random.Random(seeds["python"]).getstate()[1][5] == python
        assert int(np.random.RandomState(seeds["numpy"]).get_state()[1][7]) == numpy


def test_random_split():
    for lengths in ([7, 4], [0.5, 0.5], [0.7, 0.2, 0.1], [11, 0], [0.3, 0.3], [5, 5], [1.5, -0.5]):
        theirs, mine = both_generators(4)
        for names in ({}, {"generator": (theirs, mine)}):
            them, us = ({key: pair[k] for key, pair in names.items()} for k in (0, 1))
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    want = [part.indices for part in torch.utils.data.random_split(range(11), lengths, **them)]
            except ValueError as error:
                with pytest.raises(ValueError) as got:
                    ours.utils.data.random_split(11, lengths, **us)
                assert str(error).startswith(str(got.value))
                continue
            parts = ours.utils.data.random_split(11, lengths, **us)
            assert parts == [part.indices for part in parts] == [list(part) for part in want]
            assert all(type(part.indices) is list and part.dataset == 11 for part in parts)
            same_state(theirs, mine)


# ---- distributions ----

EXACT = """
Normal(0.0, 1.0)|Normal(t([1.0, 2.0]), t([0.5, 3.0]))|Normal(t([[1.0], [2.0]]), 1.0)|Uniform(0.0, 2.0)
Uniform(t([0.0, 1.0]), 3.0)|Exponential(2.0)|Gamma(2.0, 3.0)|Gamma(t([0.5, 7.0]), 1.0)|Chi2(3.0)|StudentT(4.0)
StudentT(4.0, 1.0, 2.0)|FisherSnedecor(3.0, 4.0)|Beta(2.0, 3.0)|Laplace(0.0, 1.0)|Cauchy(0.0, 1.0)|HalfNormal(2.0)
HalfCauchy(1.0)|Bernoulli(0.3)|Bernoulli(t([0.1, 0.9]))|Geometric(0.3)|Poisson(4.0)|Poisson(t([1.0, 30.0]))
InverseGamma(2.0, 3.0)|Weibull(1.0, 2.0)|Kumaraswamy(t([0.5, 2.0]), 3.0)|Binomial(10, 0.4)
Binomial(t([5.0, 50.0]), t([0.2, 0.7]))|NegativeBinomial(5.0, 0.4)|Dirichlet(t([0.5, 1.0, 2.0]))
Dirichlet(t([[0.5, 1.0], [2.0, 3.0]]))|Categorical(t([0.1, 0.2, 0.7]))|Categorical(t([[0.1, 0.9], [3.0, 1.0]]))
OneHotCategorical(t([0.1, 0.2, 0.7]))|OneHotCategorical(t([[0.1, 0.9], [3.0, 1.0]]))|Multinomial(5, t([0.1, 0.2, 0.7]))
Multinomial(7, t([[0.1, 0.9], [3.0, 1.0]]))|Normal(t([1.0, 2.0], dtype=m.float64), 1.0)|Normal(0.0, -1.0)
Uniform(2.0, 1.0)|Bernoulli(1.5)|Bernoulli()|Categorical(t([-1.0, 2.0]))|Gamma(0.0, 1.0)
Normal(t([1.0, 2.0]), t([1.0, 2.0, 3.0]))|Poisson(-1.0)|Geometric(0.0)|Dirichlet(t(1.0))
"""


@pytest.mark.parametrize("call", [call for line in EXACT.strip().splitlines() for call in line.split("|")])
def test_distributions(call):
    for shape in [(), (5,), (2, 3), (20,)]:
        torch.manual_seed(6)
        ours.manual_seed(6)
        try:
            want = eval("d." + call, {"d": torch.distributions, "t": torch.tensor, "m": torch}).sample(shape)
        except Exception as error:
            with pytest.raises(type(error)) as got:
                eval("d." + call, {"d": ours.distributions, "t": ours.tensor, "m": ours})
            if "constraint" not in str(error):
                assert str(got.value)[:60] == str(error)[:60]
            continue
        made = eval("d." + call, {"d": ours.distributions, "t": ours.tensor, "m": ours})
        assert bytes_of(made.sample(shape)) == bytes_of(want.contiguous())
        assert bytes_of(ours.get_rng_state()) == bytes_of(torch.get_rng_state())


@pytest.mark.parametrize("call", ["LogNormal(0.0, 1.0)", "Gumbel(0.0, 1.0)", "Pareto(1.0, 2.0)", "Bernoulli(logits=t([0.3, -1.0]))",
                                  "Categorical(logits=t([0.3, -1.0]))"])  # fmt: skip
def test_distributions_that_go_through_mkl_are_close(call):
    torch.manual_seed(6)
    ours.manual_seed(6)
    want = eval("d." + call, {"d": torch.distributions, "t": torch.tensor}).sample((1000,))
    got = torch.from_dlpack(eval("d." + call, {"d": ours.distributions, "t": ours.tensor}).sample((1000,)))
    assert torch.allclose(got, want, rtol=3e-7, atol=0) and bytes_of(ours.get_rng_state()) == bytes_of(torch.get_rng_state())


@pytest.mark.parametrize("name, arguments", [("trunc_normal_", (0.0, 1.0, -2.0, 2.0)), ("orthogonal_", (1.0,))])
def test_what_needs_work_memory_is_refused_for_strides(name, arguments):
    ours.manual_seed(6)
    before = bytes_of(ours.get_rng_state())
    with pytest.raises(NotImplementedError, match=f"^{name}: oneseed.torch knows it of contiguous arrays$"):
        _streams.torch["_" + name[:-1]](ours.zeros(3, 2).t(), *arguments, None)
    assert bytes_of(ours.get_rng_state()) == before

"""oneseed.torch and oneseed.numpy on several threads: the bits and the states of one, which are the frameworks' own."""
import threading

import numpy
import pytest
import torch

import oneseed.numpy
import oneseed.torch

N = 2_100_003  # enough for MT19937 to be split


@pytest.fixture(params=[2, 3])
def threads(request):
    yield request.param
    oneseed.torch.set_num_threads(1)
    oneseed.numpy.set_num_threads(1)


TORCH = [
    "m.rand(N)", "m.rand(N, dtype=m.float64)", "m.rand((3, N // 3), dtype=m.float16)", "m.randn(N)", "m.randint(0, 1000, (N,))",
    "m.empty(N).exponential_(2)", "m.empty(N).log_normal_()", "m.empty(N).bernoulli_(0.3)", "m.empty(N, dtype=m.int64).random_()",
    "m.empty(1001, 2003).t().normal_()", "m.randperm(N)",
]


@pytest.mark.parametrize("line", TORCH)
def test_torch(line, threads):
    torch.manual_seed(5)
    expected = eval(line, {"m": torch, "N": N})
    oneseed.torch.set_num_threads(threads)
    oneseed.torch.manual_seed(5)
    found = eval(line, {"m": oneseed.torch, "N": N})
    assert torch.equal(torch.from_dlpack(found), expected)
    assert torch.equal(torch.from_dlpack(oneseed.torch.get_rng_state()), torch.get_rng_state())


LEGACY = ["r.random_sample(N)", "r.rand(3, N // 3)", "r.standard_exponential(N)", "r.randn(N)", "r.randint(0, 1000, N)", "r.permutation(N)"]
GENERATOR = [
    "r.random(N)", "r.random(N, dtype='f4')", "r.random(out=memory)", "r.uniform(2, 3, N)", "r.integers(0, 10, N)",
    "r.integers(0, 100, N, dtype='u1')", "r.standard_normal(N)", "r.triangular(0, 1, 2, N)", "r.integers(0, 2, N, dtype=bool)",
]


@pytest.mark.parametrize("line", LEGACY)
def test_numpy_legacy(line, threads):
    expected, found = numpy.random.RandomState(17), oneseed.numpy.RandomState(17)
    oneseed.numpy.set_num_threads(threads)
    for _ in range(2):
        assert eval(line, {"r": found, "N": N}).tobytes() == eval(line, {"r": expected, "N": N}).tobytes()
    assert found.get_state()[1].tobytes() == expected.get_state()[1].tobytes() and found.get_state()[2:] == expected.get_state()[2:]


@pytest.mark.parametrize("engine", ["PCG64", "PCG64DXSM", "Philox", "SFC64", "MT19937"])
@pytest.mark.parametrize("line", GENERATOR)
def test_numpy_generator(line, engine, threads):
    n = 300_007
    expected, found = (m.Generator(getattr(m, engine)(17)) for m in (numpy.random, oneseed.numpy))
    oneseed.numpy.set_num_threads(threads)
    for g in (expected, found):
        g.integers(0, 5, dtype="i4")  # leaves half a word
    for _ in range(2):
        a, b = (eval(line, {"r": r, "N": n, "memory": numpy.empty(n)}) for r in (found, expected))
        assert a.tobytes() == b.tobytes()
    assert found.bytes(40) == expected.bytes(40)


def test_setting():
    for module in (oneseed.torch, oneseed.numpy):
        assert module.get_num_threads() == 1
        for wrong in (0, -1, 257):
            with pytest.raises(ValueError, match="1 to 256"):
                module.set_num_threads(wrong)
        with pytest.raises(TypeError):
            module.set_num_threads("2")
        module.set_num_threads(7)
        assert module.get_num_threads() == 7
        module.set_num_threads(1)


def test_from_several_threads_at_once(threads):
    """Each has a generator of its own; the setting is one for all."""
    oneseed.numpy.set_num_threads(threads)
    expected = [numpy.random.default_rng(k).random(N) for k in range(3)]
    found = [None] * 3

    def draw(k):
        found[k] = oneseed.numpy.default_rng(k).random(N)

    workers = [threading.Thread(target=draw, args=(k,)) for k in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert all(a.tobytes() == b.tobytes() for a, b in zip(found, expected))

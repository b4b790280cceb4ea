"""torch_data.py - the order of torch.utils.data's samplers and DataLoader, and the seeds of workers, against PyTorch.

SPDX-License-Identifier: MIT
"""

import ctypes
import random
import sys
import warnings

import numpy as np
import torch
from torch.utils import data
from torch.utils.data._utils import worker

import torch_common
from torch_common import lib
from torch_module_common import refusal_of, seeded, torch_state

warnings.simplefilter("ignore")
lib.oneseed_torch_loader_base_seed.restype = ctypes.c_int64
SEQUENTIAL, RANDOM, SUBSET_RANDOM, WEIGHTED_RANDOM, DISTRIBUTED = range(5)


class Sampler(ctypes.Structure):
    """oneseed_torch_sampler."""

    _fields_ = [
        ("replacement", ctypes.c_int),
        ("shuffle", ctypes.c_int),
        ("drop_last", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("n_data", ctypes.c_int64),
        ("num_samples", ctypes.c_int64),
        ("indices", ctypes.POINTER(ctypes.c_int64)),
        ("weights", ctypes.POINTER(ctypes.c_double)),
        ("num_replicas", ctypes.c_int64),
        ("rank", ctypes.c_int64),
        ("seed", ctypes.c_uint64),
        ("epoch", ctypes.c_uint64),
    ]


class Pair:
    """The default generator and perhaps one more, ours and torch's, in equal states."""

    def __init__(self, case, has_generator=None):
        self.case = case
        self.ours = seeded(case)
        self.our_generator = self.generator = None
        if case.random.random() < 0.4 if has_generator is None else has_generator:
            seed = case.seed()
            self.generator = torch.Generator()
            self.generator.manual_seed(seed)
            self.our_generator = torch_common.State(version=self.ours.version, cpu=self.ours.cpu)
            lib.oneseed_torch_manual_seed(ctypes.byref(self.our_generator), ctypes.c_uint64(seed))

    def pointers(self):
        generator = ctypes.byref(self.our_generator) if self.generator is not None else None
        return ctypes.byref(self.ours), generator

    def same_states(self, what):
        self.case.same_state(torch_common.state_bytes(self.ours), torch_state(), what)
        if self.generator is not None:
            got = torch_common.state_bytes(self.our_generator)
            self.case.same_state(got, torch_state(self.generator), what + ", generator=")


def int64s(values):
    return (ctypes.c_int64 * len(values))(*values)


def sized(sampler):
    """Status, length and work of a sampler of ours."""
    n, n_work = ctypes.c_int64(), ctypes.c_size_t()
    status = lib.oneseed_torch_sampler_size(ctypes.byref(sampler), ctypes.byref(n), ctypes.byref(n_work))
    return status, n.value, (ctypes.c_int64 * n_work.value)()


def sampled(case, make, ours, has_generator=None):
    """list(make(generator)) and ours, twice one after the other; or both refuse."""
    pair = Pair(case, has_generator)
    theirs = []
    refused = refusal_of(lambda: theirs.append(make(pair.generator)))
    status, n, work = sized(ours)
    what = "%s of %d, %d" % (ours.kind, ours.n_data, ours.num_samples)
    for _ in range(2):
        got, want = (ctypes.c_int64 * n)(), []
        if not refused:
            refused = refusal_of(lambda: want.extend(theirs[0]))
        if not status:
            status = lib.oneseed_torch_sampler_fill(*pair.pointers(), ctypes.byref(ours), work, got)
        if refused is not None or status:
            if refused is None or not refused.startswith(torch_common.message(status)):
                case.wrong("%s: refused with %r, by us with %r" % (what, refused, torch_common.message(status)))
            return
        if len(theirs[0]) != n:
            case.wrong("%s: %d indices instead of %d" % (what, n, len(theirs[0])))
        case.same(got, int64s(want), n, what)
        pair.same_states(what)


def count(case):
    """How many items: small ones as often as large ones, now and then none."""
    if case.random.randrange(60) == 0:
        return 0
    return case.random.choice((case.random.randint(1, 40), case.random.randint(1, 2 * case.n)))


def random_sampler(row):
    for case in row.cases(values=2 * row.options.values):
        n, replacement = count(case), case.random.random() < 0.4
        num_samples = case.random.choice(
            (None, None, n, 2 * n, case.random.randint(0, 3 * n), case.random.randint(1, 70))
        )
        sampled(
            case,
            lambda generator: data.RandomSampler(range(n), replacement, num_samples, generator),
            Sampler(
                kind=RANDOM, n_data=n, replacement=replacement, num_samples=-1 if num_samples == 0 else num_samples or 0
            ),
        )


def subset_random_sampler(row):
    for case in row.cases(values=2 * row.options.values):
        indices = [case.random.randrange(10**9) for _ in range(count(case))]
        sampled(
            case,
            lambda generator: data.SubsetRandomSampler(indices, generator),
            Sampler(kind=SUBSET_RANDOM, n_data=len(indices), indices=int64s(indices)),
        )


def weighted_random_sampler(row):
    for case in row.cases(values=2 * row.options.values):
        weights = [
            case.random.choice((0.0, 1.0, case.random.random(), case.random.expovariate(1) ** 4))
            for _ in range(count(case))
        ]
        if case.number % 40 == 3 and weights:
            weights[case.random.randrange(len(weights))] = case.random.choice((-1.0, float("nan"), float("inf")))
        replacement = case.random.random() < 0.6
        num_samples = case.random.randint(0, 2 * case.n if replacement else len(weights) + 1)
        sampled(
            case,
            lambda generator: data.WeightedRandomSampler(weights, num_samples, replacement, generator),
            Sampler(
                kind=WEIGHTED_RANDOM,
                n_data=len(weights),
                weights=(ctypes.c_double * len(weights))(*weights),
                num_samples=num_samples,
                replacement=replacement,
            ),
        )


def distributed_sampler(row):
    for case in row.cases(values=4 * row.options.values):
        n, replicas = count(case), case.random.choice((1, 2, 3, 8, case.random.randint(1, 100)))
        rank, shuffle, drop_last = (
            case.random.randint(-1, replicas) if case.number % 30 == 0 else case.random.randrange(replicas),
            case.random.random() < 0.8,
            case.random.random() < 0.4,
        )
        seed, epoch = case.random.choice((0, case.random.getrandbits(32))), case.random.randint(0, 100)

        def make(_):
            made = data.DistributedSampler(range(n), replicas, rank, shuffle, seed, drop_last)
            made.set_epoch(epoch)
            return made

        sampled(
            case,
            make,
            Sampler(
                kind=DISTRIBUTED,
                n_data=n,
                num_replicas=replicas,
                rank=rank,
                shuffle=shuffle,
                seed=seed,
                epoch=epoch,
                drop_last=drop_last,
            ),
        )


def split_lengths(case, n):
    """Fractions that add up to about 1, or whole numbers that add up to about n."""
    if case.random.random() < 0.6:
        if case.random.random() < 0.5:
            return case.random.choice(
                ([0.7, 0.2, 0.1], [0.8, 0.2], [1.0], [0.1] * 10, [1 / 3] * 3, [0.5, 0.5, 0.0], [1.1, -0.1])
            )
        parts = [case.random.random() for _ in range(case.random.randint(1, 12))]
        return [part / sum(parts) for part in parts]
    cuts = sorted(case.random.randint(0, n) for _ in range(case.random.randrange(6)))
    lengths = [b - a for a, b in zip([0, *cuts], [*cuts, n])]
    if case.number % 30 == 0:
        lengths[0] += 1
    return lengths


def random_split(row):
    for case in row.cases(values=3 * row.options.values):
        n = count(case)
        lengths, pair = split_lengths(case, n), Pair(case)
        theirs = []
        options = {} if pair.generator is None else {"generator": pair.generator}
        refused = refusal_of(lambda: theirs.extend(data.random_split(range(n), lengths, **options)))
        got_lengths, got = (ctypes.c_int64 * len(lengths))(), (ctypes.c_int64 * n)()
        version = sys.version_info[0] * 100 + sys.version_info[1]
        ours, generator = pair.pointers()
        status = lib.oneseed_torch_random_split_fill(
            generator or ours,
            (ctypes.c_double * len(lengths))(*lengths),
            ctypes.c_size_t(len(lengths)),
            ctypes.c_uint32(version),
            ctypes.c_int64(n),
            got_lengths,
            got,
        )
        what = "random_split(%d, %s)" % (n, lengths)
        if refused is not None or status:
            ours_says = torch_common.message(status).replace(
                "Fraction is",
                "Fraction at index %d is" % next((i for i, x in enumerate(lengths) if not 0 <= x <= 1), 0),
            )
            if refused != ours_says:
                case.wrong("%s: refused with %r, by us with %r" % (what, refused, ours_says))
            continue
        case.same(got_lengths, int64s([len(part) for part in theirs]), len(lengths), what)
        case.same(got, int64s([i for part in theirs for i in part.indices]), n, what)
        pair.same_states(what)


class Indices(data.Dataset):
    """Gives each index, and what the process that is asked draws."""

    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        return i


def loaded(case, row, loader, ours, pair, n_epochs, what):
    """Epochs of a loader as lists of indices, and ours."""
    status, n, work = sized(ours)
    for epoch in range(n_epochs):
        got, base_seed = (ctypes.c_int64 * n)(), ctypes.c_int64()
        status = status or lib.oneseed_torch_loader_epoch_fill(
            *pair.pointers(), ctypes.byref(ours), ctypes.byref(base_seed), work, got
        )
        if status:
            case.wrong("%s: refused with %r" % (what, torch_common.message(status)))
            return
        iterator = iter(loader)
        want_base_seed = iterator._base_seed
        batches = list(iterator)
        n_batches = ctypes.c_int64()
        lib.oneseed_torch_batch_count(
            ctypes.c_int64(n), ctypes.c_int64(loader.batch_size), loader.drop_last, ctypes.byref(n_batches)
        )
        if n_batches.value != len(batches) or base_seed.value != want_base_seed:
            case.wrong("%s: epoch %d: %d batches, base seed %d" % (what, epoch, n_batches.value, base_seed.value))
        want = [i for batch in batches for i in batch]
        case.same(got[: len(want)] and int64s(got[: len(want)]), int64s(want), len(want), "%s epoch %d" % (what, epoch))
        pair.same_states(what)


def data_loader(row):
    """In this process: all samplers, batch sizes, generators."""
    for case in row.cases(values=row.options.values):
        n, pair = max(1, count(case)), Pair(case)
        kind = case.random.choice((SEQUENTIAL, RANDOM, RANDOM, RANDOM, WEIGHTED_RANDOM, SUBSET_RANDOM))
        options, ours = {}, Sampler(kind=kind, n_data=n)
        if kind == RANDOM:
            options["shuffle"] = True
        if kind == WEIGHTED_RANDOM:
            weights = [case.random.random() for _ in range(n)]
            ours.weights, ours.num_samples, ours.replacement = (ctypes.c_double * n)(*weights), n, True
            options["sampler"] = data.WeightedRandomSampler(weights, n, generator=pair.generator)
        if kind == SUBSET_RANDOM:
            indices = [case.random.randrange(n) for _ in range(n)]
            ours.indices = int64s(indices)
            options["sampler"] = data.SubsetRandomSampler(indices, generator=pair.generator)
        loader = data.DataLoader(
            Indices(n),
            batch_size=case.random.choice((1, 2, 7, 32, n)),
            drop_last=case.random.random() < 0.3,
            collate_fn=list,
            generator=pair.generator,
            **options,
        )
        loaded(case, row, loader, ours, pair, 3, "DataLoader %d %s" % (n, options))


def seeds_of_worker(i):
    """What a worker's three generators draw first, and its seed."""
    return (
        data.get_worker_info().seed,
        random.getrandbits(64),
        torch.randint(2**62, ()).item(),
        int(np.random.randint(2**62)),
    )


class Seeds(Indices):
    def __getitem__(self, i):
        return i, seeds_of_worker(i)


def workers(row):
    """Ten epochs with 0, 2 and 4 processes: their order is the same; and the first draws of the workers."""
    for case in row.cases(factor=0.004, values=10000):
        for n_workers in (0, 2, 4):
            n, pair = 1000 + case.random.randrange(500), Pair(case)
            loader = data.DataLoader(
                Indices(n), 64, shuffle=True, collate_fn=list, num_workers=n_workers, generator=pair.generator
            )
            loaded(case, row, loader, Sampler(kind=RANDOM, n_data=n), pair, 10, "%d workers" % n_workers)


def worker_seeds(row):
    """The seeds by torch's own function; the first cases also by what real workers then draw."""
    for case in row.cases():
        base_seed = case.random.choice(
            (case.random.getrandbits(63), case.random.getrandbits(31), 2**63 - 1 - case.random.randrange(3))
        )
        got, want = [], []
        for worker_id in range(max(1, case.n // 5)):
            seed, numpy_seed = ctypes.c_uint64(), (ctypes.c_uint32 * 4)()
            lib.oneseed_torch_worker_seeds(
                ctypes.c_int64(base_seed), ctypes.c_uint32(worker_id), ctypes.byref(seed), numpy_seed
            )
            got += [seed.value, *numpy_seed]
            want += [base_seed + worker_id, *worker._generate_state(base_seed, worker_id)]
        case.same(
            (ctypes.c_uint64 * len(got))(*got),
            (ctypes.c_uint64 * len(want))(*want),
            len(got),
            "base seed %d" % base_seed,
        )
        if case.number < 2:
            drawn_by_workers(case)


def drawn_by_workers(case):
    seeded(case)
    iterator = iter(data.DataLoader(Seeds(4), 1, num_workers=4, collate_fn=list))
    for i, got in (batch[0] for batch in iterator):
        seed, numpy_seed = ctypes.c_uint64(), (ctypes.c_uint32 * 4)()
        lib.oneseed_torch_worker_seeds(
            ctypes.c_int64(iterator._base_seed), ctypes.c_uint32(i), ctypes.byref(seed), numpy_seed
        )
        generator = torch.Generator()
        generator.manual_seed(seed.value)
        want = (
            seed.value,
            random.Random(seed.value).getrandbits(64),
            torch.randint(2**62, (), generator=generator).item(),
            int(np.random.RandomState(list(numpy_seed)).randint(2**62)),
        )
        if got != want:
            case.wrong("worker %d drew %s instead of %s" % (i, got, want))


FUNCTIONS = {
    "RandomSampler": random_sampler,
    "SubsetRandomSampler": subset_random_sampler,
    "WeightedRandomSampler": weighted_random_sampler,
    "DistributedSampler": distributed_sampler,
    "random_split": random_split,
    "DataLoader": data_loader,
    "DataLoader, 0, 2, 4 workers": workers,
    "worker seeds": worker_seeds,
}

if __name__ == "__main__":
    torch_common.main("torch.utils.data", FUNCTIONS)

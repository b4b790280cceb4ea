"""torch.utils.data's order of data over oneseed.torch's generators: which index comes when, and the seeds of a loader's workers.

The samplers take a data set or only its length. Each pass over a sampler or a DataLoader draws as torch's does; a pass is drawn as a whole
when it begins. A DataLoader here loads nothing: it yields the batches of indices.
"""

# SPDX-License-Identifier: MIT
import math as _math

from . import _streams

_SEQUENTIAL, _RANDOM, _SUBSET_RANDOM, _WEIGHTED_RANDOM, _DISTRIBUTED = range(5)


def _length(data):
    return data if isinstance(data, int) else len(data)


def _draw(kind, n_data, num_samples=0, replacement=False, indices=None, weights=None, replicas=1, rank=0, shuffle=False, seed=0, epoch=0,
          drop_last=False, generator=None, is_loader=False):  # fmt: skip
    return _streams.torch["_sampler"](
        kind, n_data, num_samples, replacement, indices, weights, replicas, rank, shuffle, seed, epoch, drop_last, generator, is_loader
    )


class Sampler:
    """What all samplers are."""

    generator = None

    def _settings(self):
        raise NotImplementedError

    def indices(self):
        """One pass: an Array of int64."""
        return _draw(generator=self.generator, **self._settings())

    def __iter__(self):
        return iter(self.indices().tolist())


class SequentialSampler(Sampler):
    """0, 1, 2, ..."""

    def __init__(self, data_source):
        self._n = _length(data_source)

    def _settings(self):
        return {"kind": _SEQUENTIAL, "n_data": self._n}

    def __len__(self):
        return self._n


class RandomSampler(Sampler):
    """A permutation, or with replacement any indices: what shuffle=True is."""

    def __init__(self, data_source, replacement=False, num_samples=None, generator=None):
        self._n, self.replacement, self._num_samples, self.generator = _length(data_source), replacement, num_samples, generator
        if not isinstance(replacement, bool):
            raise TypeError("replacement should be a boolean value, but got replacement=%s" % (replacement,))
        if not isinstance(self.num_samples, int) or isinstance(self.num_samples, bool) or self.num_samples <= 0:
            raise ValueError("num_samples should be a positive integer value, but got num_samples=%s" % (self.num_samples,))

    @property
    def num_samples(self):
        """How many indices a pass has."""
        return self._n if self._num_samples is None else self._num_samples

    def _settings(self):
        return {"kind": _RANDOM, "n_data": self._n, "num_samples": self._num_samples or 0, "replacement": self.replacement}

    def __len__(self):
        return self.num_samples


class SubsetRandomSampler(Sampler):
    """Given indices in a random order."""

    def __init__(self, indices, generator=None):
        self._indices, self.generator = list(indices), generator

    def _settings(self):
        return {
            "kind": _SUBSET_RANDOM, "n_data": len(self._indices), "indices": _streams.torch["_tensor"](self._indices, "int64"),
        }  # fmt: skip

    def __len__(self):
        return len(self._indices)


class WeightedRandomSampler(Sampler):
    """Indices by weights."""

    def __init__(self, weights, num_samples, replacement=True, generator=None):
        if not isinstance(num_samples, int) or isinstance(num_samples, bool) or num_samples <= 0:
            raise ValueError("num_samples should be a positive integer value, but got num_samples=%s" % (num_samples,))
        if not isinstance(replacement, bool):
            raise ValueError("replacement should be a boolean value, but got replacement=%s" % (replacement,))
        self.weights = _streams.torch["_tensor"](weights, "float64")
        if self.weights.ndim != 1:
            raise ValueError("weights should be a 1d sequence but given weights have shape %s" % (self.weights.shape,))
        self.num_samples, self.replacement, self.generator = num_samples, replacement, generator

    def _settings(self):
        return {
            "kind": _WEIGHTED_RANDOM, "n_data": len(self.weights), "num_samples": self.num_samples, "replacement": self.replacement,
            "weights": self.weights,
        }  # fmt: skip

    def __len__(self):
        return self.num_samples


class DistributedSampler(Sampler):
    """The part of a permutation that belongs to one rank; set_epoch() chooses the permutation."""

    def __init__(self, dataset, num_replicas, rank, shuffle=True, seed=0, drop_last=False):
        if rank >= num_replicas or rank < 0:
            raise ValueError("Invalid rank %d, rank should be in the interval [0, %d]" % (rank, num_replicas - 1))
        self._n, self.num_replicas, self.rank, self.shuffle = _length(dataset), num_replicas, rank, shuffle
        self.seed, self.drop_last, self.epoch = seed, drop_last, 0

    def set_epoch(self, epoch):
        """Of the passes that follow."""
        self.epoch = epoch

    def _settings(self):
        return {
            "kind": _DISTRIBUTED, "n_data": self._n, "replicas": self.num_replicas, "rank": self.rank, "shuffle": self.shuffle,
            "seed": self.seed, "epoch": self.epoch, "drop_last": self.drop_last,
        }  # fmt: skip

    def __len__(self):
        whole, rest = divmod(self._n, self.num_replicas)
        return whole + (1 if rest and not self.drop_last else 0)


class BatchSampler:
    """Lists of batch_size indices of a sampler."""

    def __init__(self, sampler, batch_size, drop_last):
        if not isinstance(batch_size, int) or isinstance(batch_size, bool) or batch_size <= 0:
            raise ValueError("batch_size should be a positive integer value, but got batch_size=%s" % (batch_size,))
        if not isinstance(drop_last, bool):
            raise ValueError("drop_last should be a boolean value, but got drop_last=%s" % (drop_last,))
        self.sampler, self.batch_size, self.drop_last = sampler, batch_size, drop_last

    def _batches(self, indices):
        end = len(indices) - (len(indices) % self.batch_size if self.drop_last else 0)
        return [indices[k : k + self.batch_size] for k in range(0, end, self.batch_size)]

    def __iter__(self):
        return iter(self._batches(list(self.sampler)))

    def __len__(self):
        return (len(self.sampler) + (0 if self.drop_last else self.batch_size - 1)) // self.batch_size


class DataLoader:
    """The batches of indices that torch's DataLoader would load, epoch after epoch; batch_size=None: single indices.

    base_seed is that of the epoch that began last: worker_seeds(base_seed, worker) are its workers' seeds. The number of workers changes no
    index. With persistent_workers the base seed is drawn by the first epoch alone.
    """

    def __init__(self, dataset, batch_size=1, shuffle=False, sampler=None, num_workers=0, drop_last=False, generator=None,
                 persistent_workers=False):  # fmt: skip
        if sampler is not None and shuffle:
            raise ValueError("sampler option is mutually exclusive with shuffle")
        if num_workers < 0:
            raise ValueError("num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.")
        if persistent_workers and num_workers == 0:
            raise ValueError("persistent_workers option needs num_workers > 0")
        if sampler is None:
            sampler = RandomSampler(dataset, generator=generator) if shuffle else SequentialSampler(dataset)
        self.sampler, self.generator, self.num_workers, self.persistent_workers = sampler, generator, num_workers, persistent_workers
        self.batch_sampler = None if batch_size is None else BatchSampler(sampler, batch_size, drop_last)
        self.base_seed = None

    def __iter__(self):
        if self.base_seed is None or not self.persistent_workers:
            self.base_seed = _streams.torch["_base_seed"](self.generator)
        indices = list(self.sampler)
        return iter(indices if self.batch_sampler is None else self.batch_sampler._batches(indices))

    def __len__(self):
        return len(self.sampler if self.batch_sampler is None else self.batch_sampler)

    def worker_seeds(self, worker):
        """worker_seeds() of the epoch that began last."""
        return worker_seeds(self.base_seed, worker)


def worker_seeds(base_seed, worker):
    """What a worker process begins with, for torch.manual_seed(), random.seed(), np.random.seed(): {"torch", "python", "numpy": [four]}."""
    seed, numpy = _streams.torch["_worker_seeds"](base_seed, worker)
    return {"torch": seed, "python": seed, "numpy": numpy}


class Subset(list):
    """A part of a data set: the list of its indices, which torch has as the attribute `indices`."""

    def __init__(self, dataset, indices):
        super().__init__(indices)
        self.dataset = dataset

    @property
    def indices(self):
        """A plain list of them."""
        return list(self)


def random_split(dataset, lengths, generator=None):
    """The indices of each split: lists, with the attributes `indices` and `dataset`.

    lengths: numbers that add up to len(dataset), or fractions that add up to 1.
    """
    lengths = list(lengths)
    if _math.isclose(sum(lengths), 1) and sum(lengths) <= 1:
        for k, fraction in enumerate(lengths):
            if fraction < 0 or fraction > 1:
                raise ValueError("Fraction at index %d is not between 0 and 1" % k)
    sizes, indices = _streams.torch["_random_split"](
        _length(dataset), _streams.torch["_tensor"]([float(length) for length in lengths], "float64"), generator
    )
    ends, indices = [0], indices.tolist()
    for size in sizes.tolist():
        ends.append(ends[-1] + size)
    return [Subset(dataset, indices[a:b]) for a, b in zip(ends, ends[1:])]

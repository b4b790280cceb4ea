"""tf.data for oneseed.tensorflow: the order of a shuffled dataset. See oneseed.tensorflow."""

# SPDX-License-Identifier: MIT
import operator

from . import _streams
from ._arrays import np
from ._tensorflow_core import context, invalid

UNKNOWN_CARDINALITY = -2


class _Shuffled:
    """What Dataset.shuffle() gives: at each iteration the same items in an order of that iteration."""

    def __init__(self, items, buffer_size, seed, reshuffle_each_iteration):
        pair = context.operation_seed(seed)
        n_slots = operator.index(buffer_size)
        if n_slots < 1 and n_slots != UNKNOWN_CARDINALITY:
            raise invalid("ShuffleDatasetV3", "buffer_size must be greater than zero or UNKNOWN_CARDINALITY")
        if pair is None:
            raise ValueError("a dataset that is shuffled without a seed has no order: tf.random.set_seed(), or seed=")
        self._items, self._pair = items, pair
        self._n_slots = n_slots if n_slots > 0 else max(1, len(items))
        self._iteration = 0 if reshuffle_each_iteration is None or reshuffle_each_iteration else -1

    def __len__(self):
        return len(self._items)

    def order(self):
        """The indices of the next iteration's items."""
        order = np.empty(len(self._items), np.uint64)
        _streams._tensorflow_order(*self._pair, self._iteration, min(self._n_slots, max(1, len(order))), order)
        self._iteration += self._iteration >= 0
        return order

    def __iter__(self):
        return (self._items[index] for index in self.order().tolist())

    as_numpy_iterator = __iter__


class Dataset:
    """tf.data.Dataset: items that can be shuffled."""

    def __init__(self, items):
        self._items = items

    @classmethod
    def range(cls, *args):
        """The integers of range()."""
        return cls([np.int64(number) for number in range(*args)])

    @classmethod
    def from_tensor_slices(cls, tensors):
        """The rows of an array, or the items of a list."""
        return cls(tensors)

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(self._items)

    as_numpy_iterator = __iter__

    def shuffle(self, buffer_size, seed=None, reshuffle_each_iteration=None, name=None):
        """The items in a random order, drawn from a buffer of buffer_size of them; another one at each iteration."""
        return _Shuffled(self._items, buffer_size, seed, reshuffle_each_iteration)

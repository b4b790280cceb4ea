# rounds.py - what the comparisons of draws share: calls in turns, medians over rounds, a line of a table.
# SPDX-License-Identifier: MIT
#
# A ratio is the median over the rounds, so that a slow moment of the machine counts once. `memset` is the share of memset's speed on as
# many bytes.
import functools
import statistics
import time

import numpy as np

HEADING = "| drawn | values | oneseed M/s | framework M/s | times as fast | GB/s | memset |\n|---|---|---|---|---|---|---|"


def _seconds(call, n_times, clock):
    begun = clock()
    for _ in range(n_times):
        call()
    return (clock() - begun) / n_times


def measure(calls, n_times, n_rounds, clock=time.thread_time):
    """For each round the seconds of one call of each. The clock: this thread's processor time, or another."""
    for call in calls:
        call()
    return [[_seconds(call, n_times, clock) for call in calls] for _ in range(n_rounds)]


def line(what, n_values, size, ours, theirs, n_rounds, clock=time.thread_time):
    """The table's line of two calls that draw n_values of `size` bytes each."""
    filled = np.ones(n_values * size, np.uint8)
    calls = [ours, theirs, functools.partial(filled.fill, 1)]
    rounds = measure(calls, max(1, 10**5 // n_values), n_rounds, clock)
    mine, other, _ = (statistics.median(column) for column in zip(*rounds))
    ratio = statistics.median(b / a for a, b, _ in rounds)
    share = statistics.median(c / a for a, _, c in rounds)
    return (
        f"| {what} | {n_values} | {n_values / mine / 1e6:.4g} | {n_values / other / 1e6:.4g} | {ratio:.2f} "
        f"| {n_values * size / mine / 1e9:.3g} | {share:.2f} |"
    )

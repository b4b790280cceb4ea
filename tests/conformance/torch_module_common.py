"""torch_module_common.py - what the comparisons with torch.nn and torch.utils.data share, beyond torch_common.

SPDX-License-Identifier: MIT
"""

import ctypes

import torch

import torch_common
from torch_common import State, lib

DTYPES = {torch.float32: 0, torch.float64: 1, torch.float16: 2, torch.bfloat16: 3}


def seeded(case):
    """Ours, and torch's default generator, in the same state: now and then one that has drawn, with half a pair kept."""
    ours = torch_common.seeded(case.seed())
    if case.number % 3 == 1:
        torch.rand(case.random.randrange(1000))
    if case.number % 3 == 2:
        torch.randn(1 + 2 * case.random.randrange(8))
    blob = torch_state()
    if lib.oneseed_torch_set_state(ctypes.byref(ours), blob, ctypes.c_size_t(len(blob))):
        case.wrong("torch's state is refused")
    return ours


def copied(state):
    return State.from_buffer_copy(state)


def torch_state(generator=None):
    """The 5056 bytes of a generator of torch's, the default one unless said."""
    return bytes((generator.get_state() if generator else torch.get_rng_state()).numpy())


def refusal_of(call):
    """What torch refuses a call with; None when it does not."""
    try:
        call()
    except Exception as refusal:  # torch raises any of ten kinds
        return str(refusal)
    return None

# test_seeding_determinism.py - deterministic algorithms of PyTorch, and NumPy's pinned CPU features.
# SPDX-License-Identifier: MIT
import ast

from seeding_support import bare, controlled, script, under_run

FLAGS = """
import sys, warnings
import torch
def late():
    return "torch._inductor.config" in sys.modules
print(torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled())
print(torch.utils.deterministic.fill_uninitialized_memory, torch.backends.cudnn.deterministic, late())
torch.backends.cudnn.benchmark = True
print(torch.backends.cudnn.benchmark)
x = torch.zeros(4)
try:  # has no deterministic version
    print(torch.zeros(3).put_(torch.tensor([0, 0]), torch.tensor([1.0, 2.0])).shape)
except RuntimeError as error:
    print("RuntimeError", "deterministic" in str(error))
torch.use_deterministic_algorithms(False)
print(torch.are_deterministic_algorithms_enabled())
"""


def test_level_process_turns_them_on_without_a_word(tmp_path):
    done = under_run(script(tmp_path, FLAGS))
    assert done.stdout.splitlines() == ["True True", "False True False", "False", "torch.Size([3])", "False"]
    assert "UserWarning" not in done.stderr
    assert "cudnn.benchmark" in done.stderr


def test_strict_raises(tmp_path):
    done = under_run(script(tmp_path, FLAGS), options=["--strict"])
    assert done.stdout.splitlines() == ["True False", "False True False", "False", "RuntimeError True", "False"]


def test_level_seeds_leaves_them_alone(tmp_path):
    done = under_run(script(tmp_path, FLAGS), level="seeds")
    assert done.stdout.splitlines() == ["False False", "True False False", "True", "torch.Size([3])", "False"]
    assert done.stderr == ""


def test_the_control_memory_alone_changes_no_algorithm_on_the_cpu(tmp_path):
    path = script(tmp_path, "import torch\nprint(torch.are_deterministic_algorithms_enabled())")
    assert controlled(path, "uninitialised-memory").stdout == "False\n"


PINNED = """
import os, warnings
warnings.simplefilter("error")
import numpy as np
core = getattr(np, "_core", None) or np.core
umath = core._multiarray_umath
print(sorted(f for f in umath.__cpu_dispatch__ if umath.__cpu_features__[f]))
print("NPY_DISABLE_CPU_FEATURES" in os.environ, warnings.filters)
"""


def test_numpy_uses_none_of_its_dispatched_features(tmp_path):
    path = script(tmp_path, PINNED)
    lines = controlled(path, "cpu").stdout.splitlines()
    left = ast.literal_eval(lines[0])
    assert left == []
    assert lines[1] == bare(path).splitlines()[1]


def test_a_variable_of_the_users_is_left_alone(tmp_path):
    path = script(tmp_path, "import os\nos.environ['NPY_DISABLE_CPU_FEATURES'] = ''\n" + PINNED)
    assert controlled(path, "cpu").stdout == bare(path)

"""`oneseed draw` prints what PyTorch's prompt prints: the lines of draw_torch_lines.txt, with each of ATen's CPU capabilities."""
import hashlib
import importlib.util
import os
import pathlib
import subprocess
import sys

import pytest
from tool import TOOL
from torch_prompt import CAPABILITIES, disagreement, draw, prompts

assert importlib.util.find_spec("torch"), "torch is the oracle of these tests: install it"

# `;` before a compound statement is no Python, but a line of a shell: the prompt gets two lines.
LINES = [line.replace(r"\n", "\n").replace("; for ", "\nfor ")
         for line in pathlib.Path(__file__).with_name("draw_torch_lines.txt").read_text().splitlines() if line and line[0] != "#"]


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_prints_what_the_prompt_prints(capability):
    differences = [disagreement(lines, answer, "--with", f"cpu={capability}")
                   for lines, answer in zip(LINES, prompts(capability, LINES), strict=True)]
    differences = [difference for difference in differences if difference]
    assert not differences, "\n".join(differences)


def test_the_environment_chooses_the_kernels_as_for_torch(monkeypatch):
    line = "torch.manual_seed(3); torch.empty(4).uniform_(2, 7.5)"
    for capability in CAPABILITIES:
        monkeypatch.setenv("ATEN_CPU_CAPABILITY", capability)
        assert draw(line) == draw(line, "--with", f"cpu={capability}")


@pytest.mark.parametrize("lines", [
    "torch.rand(3)", "torch.seed()", "torch.initial_seed()", "torch.get_rng_state()", "torch.Generator().seed()",
    "torch.rand(3, generator=torch.default_generator)", "torch.manual_seed(None)",
])
def test_without_a_seed_nothing_is_drawn(lines):
    out, status, message = draw(lines)
    assert (out, status) == ("", 2) and message.startswith("oneseed: draw: line 1"), message


@pytest.mark.parametrize("lines, out", [
    ("torch.manual_seed(17); print(torch.randn(5))", "tensor([-1.4135,  0.2336,  0.0340,  0.3499, -0.0145])\n"),
    # The values that people have printed on their GPUs since 2019, in forums and issues.
    ("torch.manual_seed(0); torch.rand(3, device='cuda')", "tensor([0.3990, 0.5167, 0.0249], device='cuda:0')\n"),
    ("torch.manual_seed(0); torch.randn(3, device='cuda')", "tensor([-0.9247, -0.4253, -2.6438], device='cuda:0')\n"),
])
def test_known_answers(lines, out):
    assert draw(lines) == (out, 0, "")


@pytest.mark.parametrize("version, lines, out", [
    ("2.14,cpu=AVX2", "torch.manual_seed(0); torch.rand(3, dtype=torch.bfloat16).tolist()", "[0.49609375, 0.76953125, 0.08837890625]\n"),
    ("2.6.0", "torch.manual_seed(0); torch.rand(3, dtype=torch.bfloat16).tolist()", "[0.671875, 0.18359375, 0.45703125]\n"),
    ("2.13", "torch.manual_seed(0); torch.rand(3, dtype=torch.bfloat16).tolist()", "[0.49609375, 0.76953125, 0.08837890625]\n"),
    ("1.13.1,mkl=0", "torch.manual_seed(0); torch.randn(16, dtype=torch.bfloat16)[:3].tolist()", "[1.4609375, 0.291015625, 0.9609375]\n"),
])
def test_older_versions(version, lines, out):
    assert draw(lines, "--with", f"torch={version}") == (out, 0, "")


def test_what_lies_beyond_one_block_of_a_gpu_needs_its_shape():
    lines = "torch.manual_seed(0); torch.rand(2049, device='cuda')[:2]"
    out, status, message = draw(lines)
    assert (out, status) == ("", 2) and "--with gpu=" in message
    assert draw(lines, "--with", "gpu=h200")[0] == draw(lines, "--with", "gpu=sms:132/threads:2048")[0]
    assert draw("torch.cuda.is_available()", "--with", "gpu=t4")[0] == "True\n"


@pytest.mark.parametrize("option", ["torch=1.12", "torch=2.15", "torch=3.0", "torch=x", "cpu=sse", "mkl=2", "gpu=riva128",
                                    "gpu=sms:0/threads:2048"])
def test_a_wrong_word_of_with(option):
    out, status, message = draw("1", "--with", option)
    assert (out, status) == ("", 2) and f"--with {option}" in message


def test_values_that_may_differ_are_said_once():
    lines = "import torch.distributions as d; torch.manual_seed(0)\nfor i in range(3): print(d.{}.sample().shape)"
    for call, share in [("LogNormal(0, 1)", "2 to 3 %"), ("Pareto(1., 2.)", "2 to 3 %"), ("Gumbel(0., 1.)", "0.1 %")]:
        out, status, message = draw(lines.format(call))
        assert (out, status) == ("torch.Size([])\n" * 3, 0)
        assert message.startswith("oneseed: draw: line 2, column ") and share in message
        assert f" note: {call.split('(')[0]}: torch's " in message
        assert message.count("\n") == 1
    assert draw(lines.format("Normal(0., 1.)"))[2] == "" == draw(lines.format("LogNormal(torch.zeros(0), 1.)"))[2]


@pytest.mark.parametrize("version, noted", [("2.11", True), ("2.11,mkl=0", False), ("2.12", False)])
def test_truncated_normals_of_mkl_are_said(version, noted):
    message = draw("torch.manual_seed(0); nn.init.trunc_normal_(torch.empty(3)).shape", "--with", f"torch={version}")[2]
    assert ("note: trunc_normal_: before 2.12" in message) == noted, message


def test_explain_names_the_kernels_and_counts_the_words():
    _, _, message = draw("torch.manual_seed(3); torch.rand(5); torch.randn(3)", "--explain", "--with", "cpu=avx2")
    assert message.startswith("torch.default_generator: MT19937 of PyTorch, seed 3, 13 32-bit words; kernels of 2.13.0: avx2; state: ")
    assert "cached normal" in message


BLOCKS = ["torch.rand(3000017)", "torch.randn(3000017)", "torch.randn(3000017, dtype=torch.float64)", "torch.randint(2**40, (3000017,))",
          "torch.randn(2097160, dtype=torch.bfloat16).float()", "torch.normal(1.0, 2.0, (1500000,))",
          "torch.rand(2000, 1000, dtype=torch.float16)"]


def test_blocks_are_what_one_draw_gives():
    code = "\n".join(f"torch.manual_seed(5); print(hashlib.sha256(({line}).numpy().tobytes()).hexdigest())" for line in BLOCKS)
    environment = dict(os.environ, ATEN_CPU_CAPABILITY="avx2")
    expected = subprocess.run([sys.executable, "-c", f"import hashlib, torch\n{code}"], env=environment, capture_output=True, text=True,
                              check=True).stdout.split()
    for line, digest in zip(BLOCKS, expected, strict=True):
        done = subprocess.run([TOOL, "draw", "--with", "cpu=avx2", "--format", "raw", f"torch.manual_seed(5); {line}"], capture_output=True,
                              check=True)
        assert hashlib.sha256(done.stdout).hexdigest() == digest, line


def test_large_draws_need_little_memory():
    for line in ("torch.rand(10**8)", "torch.randn(5 * 10**7)", "torch.randint(9, (5 * 10**7,))"):
        code = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); "
                "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
        done = subprocess.run([sys.executable, "-c", code, TOOL, "draw", "--format", "raw", f"torch.manual_seed(5); {line}"],
                              capture_output=True, text=True, check=True)
        assert int(done.stdout) < 64 << 10, (line, done.stdout)  # KiB

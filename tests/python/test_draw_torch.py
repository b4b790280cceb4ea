"""`oneseed draw` prints what PyTorch's prompt prints: the lines of draw_torch_lines.txt, with each of ATen's CPU capabilities."""
import importlib.util
import pathlib

import pytest
from torch_prompt import CAPABILITIES, disagreement, draw, prompts

assert importlib.util.find_spec("torch"), "torch is the oracle of these tests: install it"

LINES = [line for line in pathlib.Path(__file__).with_name("draw_torch_lines.txt").read_text().splitlines() if line and line[0] != "#"]


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_prints_what_the_prompt_prints(capability):
    differences = [disagreement(lines.replace("; for ", "\nfor "), answer, "--with", f"cpu={capability}")
                   for lines, answer in zip(LINES, prompts(capability, [line.replace("; for ", "\nfor ") for line in LINES]), strict=True)]
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

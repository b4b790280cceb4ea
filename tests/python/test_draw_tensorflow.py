import pathlib

import pytest
from tensorflow_prompt import disagreement, draw, prompts

LINES = [line.replace(r"\n", "\n").replace("; for ", "\nfor ")
         for line in pathlib.Path(__file__).with_name("draw_tensorflow_lines.txt").read_text().splitlines() if line and line[0] != "#"]


def test_prints_what_the_prompt_prints():
    versions, answers = prompts(LINES)
    differences = [disagreement(lines, answer, "--with", versions) for lines, answer in zip(LINES, answers, strict=True)]
    differences = [difference for difference in differences if difference]
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("lines", ["tf.random.uniform([3])", "tf.random.set_seed(1); tf.random.set_seed(None); tf.random.normal([2])",
                                   "tf.random.shuffle([1, 2])", "tf.nn.dropout([1., 2.], 0.5)"])
def test_without_a_seed_nothing_is_drawn(lines):
    out, status, message = draw(lines)
    assert (out, status) == ("", 2) and "set_seed" in message


@pytest.mark.parametrize("lines, out", [  # as TensorFlow's documentation prints them
    ("tf.random.set_seed(5); tf.random.normal([2, 2], 0, 1, tf.float32, seed=1)",
     "<tf.Tensor: shape=(2, 2), dtype=float32, numpy=\narray([[-1.3768897 , -0.01258316],\n"
     "       [-0.169515  ,  1.0824056 ]], dtype=float32)>\n"),
    ("tf.random.set_seed(5); a = tf.random.uniform([], maxval=3, dtype=tf.int32, seed=10); int(a); "
     "int(tf.random.uniform([], maxval=3, dtype=tf.int32, seed=10))", "2\n0\n"),
    ("tf.random.split([1, 2], 3).numpy().tolist()",
     "[[1105988140, 1738052849], [-335576002, 370444179], [10670227, -246211131]]\n"),
])
def test_known_answers(lines, out):
    assert draw(lines) == (out, 0, "")


def test_formats_write_a_tensor():
    lines = "tf.random.set_seed(5); tf.random.uniform([2, 1])"
    assert draw(lines, "--format", "hex")[0] == "3f205b4c\n3f07a3ce\n"
    assert '"dtype":"float32","shape":[2,1]' in draw(lines, "--format", "json")[0]
    assert draw(lines, "--format", "csv")[0] == "0.6263931\n0.5298432\n"

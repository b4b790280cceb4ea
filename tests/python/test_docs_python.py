"""The Python examples in the pages of the frameworks: what they print is what the package gives."""
import doctest
import pathlib
import re

import pytest

DOCS = pathlib.Path(__file__).parents[2] / "docs"
PAGES = ["jax.md", "keras.md", "pennylane.md", "tensorflow.md"]


@pytest.mark.parametrize("name", PAGES)
def test_examples(name):
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / name).read_text(), re.S)
    assert blocks, "the page has no example"
    names = {}
    for block in blocks:
        test = doctest.DocTestParser().get_doctest(block, names, name, name, 0)
        results = []
        runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
        runner.run(test, out=results.append, clear_globs=False)
        assert test.examples and not runner.failures, "".join(results)
        names = test.globs

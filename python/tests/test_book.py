"""The page of the book says what happens."""

import doctest
import pathlib

import pytest


def test_page():
    pytest.importorskip("ml_dtypes")
    page = pathlib.Path(__file__).parents[2] / "docs/book/src/how-to/use-in-python.md"
    text = page.read_text().replace("```python\n", "").replace("```\n", "")
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    assert len(test.examples) > 10
    out = []
    results = doctest.DocTestRunner().run(test, out=out.append)
    assert results.failed == 0, "".join(out)

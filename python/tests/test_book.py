"""The page of the book says what happens."""

import doctest
import pathlib

import pytest


ROOT = pathlib.Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["docs/book/src/how-to/use-in-python.md", "python/README.md"])
def test_page(name):
    pytest.importorskip("ml_dtypes")
    pytest.importorskip("pyarrow")
    page = ROOT / name
    text = page.read_text().replace("```python\n", "").replace("```\n", "")
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    assert len(test.examples) > 5
    out = []
    results = doctest.DocTestRunner().run(test, out=out.append)
    assert results.failed == 0, "".join(out)

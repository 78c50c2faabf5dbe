"""The plugin of pytest, run by pytest."""

import importlib.metadata

import pytest

pytest_plugins = "pytester"

TESTS = """
import numpy as np, pytest
Z = np.array([[12.3, 1.0, 0.5], [0.3, 0.0, 0.0]])
LOGP = (Z - np.log(np.exp(Z).sum(axis=1, keepdims=True)))[[0, 1], [0, 2]]

def test_right(logitlab):
    logitlab.assert_logprobs(Z, [0, 2], LOGP)

def test_wrong(logitlab):
    logitlab.assert_logprobs(Z, [0, 2], LOGP + [0.0, 0.1], rounding="bf16")

def test_rounded(logitlab):
    import logitlab as ll
    rounded = ll.measure(ll.round(Z, "e4m3fn"), [0, 2])
    logitlab.assert_logprobs(Z, [0, 2], rounded.logp.mid, nats=1e-6, rounding="e4m3fn")

def test_norm(logitlab):
    logitlab.assert_norms(Z, [0, 2], [0.0, 0.0])
"""


@pytest.fixture
def run(pytester):
    installed = any(one.value == "logitlab.pytest_plugin" for one in importlib.metadata.entry_points(group="pytest11"))
    pytester.makepyfile(TESTS)
    arguments = ["-p", "no:cacheprovider", *([] if installed else ["-p", "logitlab.pytest_plugin"])]
    return lambda *more: pytester.runpytest(*arguments, *more)


def test_failures_show_the_worst_rows_and_what_rounding_explains(run):
    result = run()
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*1 of 2 values of logp are certainly wrong by more than 0.001 nats:",
            "*  row 1: *, but it is in [[]*[]]",
            "*    of logits rounded to bf16: in [[]*[]], which does not explain it",
            "*2 of 2 values of logp are certainly wrong by more than 1e-06 nats:",
            "*    of logits rounded to e4m3fn: in [[]*[]], which explains it",
            "*2 of 2 values of norm are certainly wrong by more than a relative 1e-2:",
        ]
    )


def test_a_page_has_every_check(run, pytester):
    result = run("--logitlab-report=page.html")
    result.stdout.fnmatch_lines(["logitlab: 4 checks, 3 failed; see page.html"])
    page = (pytester.path / "page.html").read_text()
    assert "4 checks, 3 failed" in page and page.count("<tr>") == 5
    assert page.count("as it should be") == 1 and "of logits rounded to bf16" in page
    # Well-formed but for the tags that HTML need not close.
    assert page.count("<pre>") == page.count("</pre>") == 3

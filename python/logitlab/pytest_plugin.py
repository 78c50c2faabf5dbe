"""A plugin of pytest: assertions that are kept, and a page of them with `--logitlab-report=page.html`.

It is there as soon as the package is installed. A test asks for the fixture `logitlab`:

    def test_training(logitlab):
        logitlab.assert_logprobs(logits, actions, logp, nats=1e-3, rounding="bf16")
"""

import html

import pytest

_KEY = "logitlab"


def pytest_addoption(parser):
    group = parser.getgroup("logitlab", "certified numbers of softmax policies")
    group.addoption(
        "--logitlab-report",
        metavar="page.html",
        help="write a page of what the fixture logitlab checked: every assertion, and the worst rows where one failed",
    )


class Checks:
    """The assertions of the package; what they came to is kept with the test."""

    def __init__(self, keep):
        self._keep = keep

    def _run(self, check, logits, *arguments, **options):
        try:
            check(logits, *arguments, **options)
        except AssertionError as error:
            self._keep(check.__name__, str(error))
            raise
        self._keep(check.__name__, None)

    def assert_logprobs(self, logits, actions, logp, **options):
        """See `logitlab.assert_logprobs`."""
        from . import assert_logprobs

        self._run(assert_logprobs, logits, actions, logp, **options)

    def assert_norms(self, logits, actions, norms, **options):
        """See `logitlab.assert_norms`."""
        from . import assert_norms

        self._run(assert_norms, logits, actions, norms, **options)


@pytest.fixture
def logitlab(request):
    """Assertions about logits whose outcome is kept for `--logitlab-report`."""

    def keep(check, failure):
        # What a test records travels with its report, from the processes of pytest-xdist, too.
        request.node.user_properties.append((_KEY, [check, failure]))

    return Checks(keep)


def pytest_configure(config):
    path = config.getoption("--logitlab-report")
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Page(path), "logitlab-page")


class _Page:
    def __init__(self, path):
        self.path = path
        self.checks = []

    def pytest_runtest_logreport(self, report):
        if report.when == "call":
            self.checks += [(report.nodeid, *kept) for name, kept in report.user_properties if name == _KEY]

    def pytest_sessionfinish(self):
        with open(self.path, "w", encoding="utf-8") as page:
            page.write(_page(self.checks))

    def pytest_terminal_summary(self, terminalreporter):
        failed = sum(failure is not None for _, _, failure in self.checks)
        terminalreporter.write_line(f"logitlab: {len(self.checks)} checks, {failed} failed; see {self.path}")


def _page(checks):
    failed = sum(failure is not None for _, _, failure in checks)
    rows = "".join(_row(*check) for check in checks)
    return (
        "<!DOCTYPE html>\n<html lang=en><meta charset=utf-8><title>logitlab</title>"
        "<style>body{font-family:sans-serif;max-width:70em;margin:2em auto}td,th{text-align:left;padding:.3em 1em;"
        "vertical-align:top}pre{margin:0;white-space:pre-wrap}</style>"
        f"<h1>Certified numbers</h1><p>{len(checks)} checks, {failed} failed</p>"
        f"<table><tr><th>test<th>check<th>outcome</tr>{rows}</table></html>\n"
    )


def _row(test, check, failure):
    outcome = "as it should be" if failure is None else f"<pre>{html.escape(failure)}</pre>"
    return f"<tr><td>{html.escape(test)}<td>{check}<td>{outcome}</tr>\n"

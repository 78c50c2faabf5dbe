"""Claims about softmax policies, verified and proved."""

import json

from . import _logitlab


def _text(statement, given):
    """A claim file as it is, or a statement with what is given."""
    if statement.lstrip().startswith("claim"):
        if given:
            raise ValueError("a text that begins with `claim` has its own `given` lines")
        return statement
    given = [given] if isinstance(given, str) else list(given or ())
    lines = ["claim statement", *(f"given {one}" for one in given), f"show {statement}"]
    return "\n".join(lines)


class Verdict:
    """What the judges say: `verdict`, `ok`, `evidence` by judge, `counterexample`, `derivation`."""

    def __init__(self, report):
        self.report = report
        self.verdict = report["verdict"]
        self.ok = report["as_expected"]
        self.evidence = {judge["judge"]: judge["evidence"] for judge in report["judges"]}
        self.counterexample = next((j["witness"] for j in report["judges"] if j.get("witness")), None)
        self.derivation = next((j["derivation"] for j in report["judges"] if j.get("derivation")), None)

    def __bool__(self):
        raise TypeError("a verdict is no yes or no: ask .verdict, .ok or .counterexample")

    def __repr__(self):
        lines = [f"{self.verdict}"]
        lines += [f"  {judge}: {evidence}" for judge, evidence in self.evidence.items()]
        return "\n".join(lines)


def verify(statement, given=None, *, cases=64, seed=1):
    """Ask every judge; a derivation is looked for where none refutes.

    >>> verify("E[a ~ P](|e[a] - P|^2) = 1 - C(P)", given="P : distribution").verdict
    'proved'
    >>> verify("C(P) = 1", given="P : distribution").verdict
    'refuted'
    """
    if cases < 1:
        raise ValueError(f"cases: expected 1 or more, not {cases}")
    return Verdict(json.loads(_logitlab.verify(_text(statement, given), cases, seed)))


class Proof:
    """What the prover found: `found` (text that the kernel accepts, or None), `steps`, `missing`."""

    def __init__(self, found, steps, missing):
        self.found = found
        self.steps = steps
        self.missing = missing

    @property
    def complete(self):
        """Whether everything that was to be shown has a derivation."""
        return self.found is not None and not self.missing

    def __repr__(self):
        return "\n".join([*(f"# not found: {one}" for one in self.missing), self.found or ""])


def prove(statement, given=None, *, seconds=10):
    """Look for a derivation, which the kernel checks.

    >>> prove("sum(g*P) = g", given=["P : distribution", "g : real"]).complete
    True
    """
    return Proof(*_logitlab.prove(_text(statement, given), seconds))

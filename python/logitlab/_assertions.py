"""Assertions about numbers that a framework computed: they fail where a number is certainly wrong."""

import math

import numpy as np

from ._arrays import taken
from ._formats import round
from ._logits import _between, measure


class WrongNumbers(AssertionError):
    """Numbers that are certainly wrong: how many of how many, and the worst of them in `rows`, as dicts."""

    def __init__(self, name, wrong, checked, unit, rows, notes=()):
        self.name, self.wrong, self.checked, self.unit, self.rows = name, wrong, checked, unit, rows
        lines = [f"{wrong} of {checked} values of {name} are certainly wrong by more than {unit}:"]
        for row in rows:
            lo, hi = row["truth"]
            lines.append(f"  row {row['row']}: {row['claimed']!r}, but it is in [{lo!r}, {hi!r}]")
            if "rounded" in row:
                mode, (lo, hi), explains = row["rounded"]
                says = "which explains it" if explains else "which does not explain it"
                lines.append(f"    of logits rounded to {mode}: in [{lo!r}, {hi!r}], {says}")
        super().__init__("\n".join([*lines, *notes]))


# As users know it, and tracebacks show it.
WrongNumbers.__module__ = "logitlab"

#: So many of the worst rows are told.
_WORST = 5


def _distance(enclosure, claimed, slack):
    """How much further from each enclosure than allowed, so further from the truth; what is no number is wrong."""
    below, above = enclosure.lo - claimed, claimed - enclosure.hi
    same = (claimed == enclosure.lo) | (claimed == enclosure.hi)
    off = np.where(same, 0.0, np.maximum(below, above) - slack)
    return np.where(np.isnan(claimed) | np.isnan(off), np.inf, off)


def _rounded(check, rows, mode, claimed):
    """For these rows what the number would be of logits that were rounded to a mode, and whether that explains it."""
    z = _rows(check.logits, rows)
    rounded = round(z, mode)
    try:
        of_them = measure(rounded, check.actions[rows], temperature=check.temperature, threads=check.threads)
    except ValueError:
        # A logit beyond the mode's range.
        return [(mode, (-math.inf, math.inf), False) for _ in rows]
    found = of_them[check.quantity]
    explained = _distance(found, claimed, check.slack(found)) <= 0
    return [(mode, (float(lo), float(hi)), bool(yes)) for lo, hi, yes in zip(found.lo, found.hi, explained)]


def _wide(name, values):
    """Values as float64, and their shape."""
    _, data, dtype, shape = taken(name, values)
    data = data.reshape(-1)
    if dtype == "BF16":
        wide = (data.view("<u2").astype(np.uint32) << 16).view(np.float32)
    elif dtype.startswith("F8"):
        raise TypeError(f"{name} has 8-bit floats; convert it to float32")
    else:
        wide = data.view("?" if dtype == "BOOL" else f"<{dtype[0].lower()}{int(dtype[1:]) // 8}")
    return wide.astype(np.float64), shape


def _rows(logits, rows):
    """Some rows of logits as float64."""
    _, data, dtype, shape = taken("logits", logits)
    data = data.reshape(int(np.prod(shape[:-1])), -1)[np.asarray(rows)]
    if dtype.startswith("F8"):
        import ml_dtypes

        names = {"F8_E4M3": "float8_e4m3fn", "F8_E5M2": "float8_e5m2"}
        return data.view(getattr(ml_dtypes, names[dtype])).astype(np.float64)
    if dtype == "BF16":
        return (data.view("<u2").astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    return data.view(f"<f{int(dtype[1:]) // 8}").astype(np.float64)


class _Check:
    """Claimed numbers, held against what is measured."""

    def __init__(self, quantity, logits, actions, *, slack, unit, mask, temperature, threads):
        self.quantity, self.logits, self.slack, self.unit = quantity, logits, slack, unit
        self.temperature, self.threads = temperature, threads
        self.measured = measure(logits, actions, mask=mask, temperature=temperature, threads=threads)
        _, _, _, shape = taken("logits", logits)
        self.total = int(np.prod(shape[:-1]))
        self.actions = np.zeros(self.total, np.int64)
        self.actions[self.measured.row] = self.measured.action

    def run(self, name, values, rounding):
        wide, shape = _wide(name, values)
        if len(wide) != self.total:
            raise ValueError(f"{name} has {len(wide)} values of shape {shape}, but logits have {self.total} rows")
        rows, enclosure = self.measured.row, self.measured[self.quantity]
        if len(rows) == 0:
            raise ValueError("the mask leaves out every row: nothing was checked")
        claimed = wide[rows]
        off = _distance(enclosure, claimed, self.slack(enclosure))
        wrong = int((off > 0).sum())
        if wrong == 0:
            return
        worst = np.argsort(-off, kind="stable")[: min(_WORST, wrong)]
        told = [
            {
                "row": int(rows[at]),
                "action": int(self.measured.action[at]),
                "claimed": float(claimed[at]),
                "truth": (float(enclosure.lo[at]), float(enclosure.hi[at])),
            }
            for at in worst
        ]
        if rounding is not None:
            for row, rounded in zip(told, _rounded(self, rows[worst], rounding, claimed[worst])):
                row["rounded"] = rounded
        raise WrongNumbers(name, wrong, len(rows), self.unit, told)


def assert_logprobs(logits, actions, logp, *, nats=1e-3, mask=None, temperature=1, rounding=None, threads=None):
    """Fail where a log-probability is certainly off by more than `nats`; the message has the worst rows.

    With `rounding`, a format such as "bf16", it says of each what it would be of logits that were rounded to that, and
    whether this explains the number.

    >>> import numpy as np
    >>> assert_logprobs(np.zeros((1, 4), np.float32), [0], [-1.3862944])
    """
    nats = _between("nats", nats, 0, 1e308)
    limits = {"slack": lambda _: nats, "unit": f"{nats} nats"}
    check = _Check("logp", logits, actions, mask=mask, temperature=temperature, threads=threads, **limits)
    check.run("logp", logp, rounding)


def assert_norms(logits, actions, norms, *, digits=2, mask=None, temperature=1, rounding=None, threads=None):
    """Fail where |e_c - P| is certainly off in its first `digits` digits; `rounding` as for `assert_logprobs`.

    >>> import numpy as np
    >>> assert_norms(np.zeros((1, 4), np.float32), [0], [0.8660254])
    """
    digits = _between("digits", digits, 1, 15, whole=True)
    limits = {"slack": lambda found: np.abs(found.hi) * 10.0**-digits, "unit": f"a relative 1e-{digits}"}
    check = _Check("norm", logits, actions, mask=mask, temperature=temperature, threads=threads, **limits)
    check.run("norm", norms, rounding)

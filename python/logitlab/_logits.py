"""Logits measured, examined and compared."""

import html
import json
import math
from decimal import Decimal
from functools import cached_property

import numpy as np

from . import _logitlab
from ._arrays import given, taken
from ._formats import round


class Enclosure:
    """Intervals, one for each row, each of which certainly contains the true number.

    `lo` and `hi` are arrays of float64 of shape [rows]; `mid` is half-way, a guess that nothing is proved about.
    """

    def __init__(self, lo, hi):
        self.lo = lo
        self.hi = hi

    @property
    def mid(self):
        # What is infinite at both ends is no middle of anything, and is itself.
        with np.errstate(invalid="ignore"):
            return np.where(self.lo == self.hi, self.lo, self.lo + (self.hi - self.lo) / 2)

    def contains(self, values):
        """For each row, whether a number lies in the interval."""
        values = np.asarray(values, np.float64).reshape(-1)
        return (self.lo <= values) & (values <= self.hi)

    def __len__(self):
        return len(self.lo)

    def __repr__(self):
        return f"Enclosure({len(self)} rows)"


class Measured:
    """What `measure` found: an `Enclosure` for each quantity, as attributes, and a summary."""

    def __init__(self, found):
        self._found = found

    @cached_property
    def _table(self):
        columns = enumerate(self._found.columns())
        return {
            name: np.frombuffer(self._found.bytes(index), "<i8" if whole else "<f8")
            for index, (name, whole) in columns
        }

    def __getattr__(self, name):
        if name.startswith("_") or name not in self.quantities:
            raise AttributeError(f"a measurement has no attribute {name!r}")
        found = Enclosure(self._table[f"{name}_lo"], self._table[f"{name}_hi"])
        setattr(self, name, found)
        return found

    def __dir__(self):
        return [*super().__dir__(), *self.quantities]

    @property
    def row(self):
        """Which rows were measured: those that a mask leaves out are not there."""
        return self._table["row"]

    @property
    def action(self):
        """The action of each."""
        return self._table["action"]

    @property
    def statistics(self):
        """The totals, as the command line's JSON has them."""
        return json.loads(self._found.json())

    @cached_property
    def quantities(self):
        """The names of the quantities."""
        ends = [name.rpartition("_") for name in self._table]
        return [quantity for quantity, _, end in ends if end == "lo" and f"{quantity}_hi" in self._table]

    def __getitem__(self, quantity):
        if quantity not in self.quantities:
            raise KeyError(f"there is no quantity {quantity!r}, only {', '.join(self.quantities)}")
        return getattr(self, quantity)

    def __len__(self):
        return self._found.rows()

    def summary(self):
        """The totals, as text."""
        return self._found.text()

    def to_dict(self):
        """Every column as the command line's tables have them: `w_lo`, `w_hi` and so on, as arrays."""
        return dict(self._table)

    def to_arrow(self):
        """The same as a table of pyarrow."""
        import pyarrow

        return pyarrow.table(self._table)

    def to_pandas(self):
        """The same as a frame of pandas."""
        import pandas

        return pandas.DataFrame(self._table)

    def to_polars(self):
        """The same as a frame of Polars."""
        import polars

        return polars.DataFrame(self._table)

    def __repr__(self):
        return self.summary()

    def _repr_html_(self):
        return _preformatted(self.summary())


def _preformatted(text):
    return f"<pre>{html.escape(text)}</pre>"


def measure(
    logits,
    actions=None,
    *,
    mask=None,
    advantages=None,
    temperature=1,
    eta=None,
    tolerance=2.0**-40,
    bits=None,
    threads=None,
):
    """Enclose, row by row, what an update of a softmax policy does.

    `logits`: [rows, V] or [batch, time, V] of float64, float32, float16, bfloat16, float8_e4m3fn or float8_e5m2: NumPy,
    PyTorch, anything with `__dlpack__`, or Arrow lists. `actions`: integers of the same shape without V; the largest
    logit of each row where they are left out. `mask`: 0 leaves a row out, 1 keeps it. `temperature` and `eta` may be
    text, as "0.1": then they are that decimal. `tolerance`: how wide an enclosure may be, relative to its value; with
    `bits`, everything is computed in MPFR. Contiguous arrays are not copied; do not change them meanwhile.

    >>> import numpy as np
    >>> m = measure(np.zeros((2, 4), np.float32), [1, 3])
    >>> float(m.w.lo[0]) <= 0.75 <= float(m.w.hi[0])
    True
    >>> m.quantities[:3]
    ['p', 'rest', 'collision']
    """
    arrays = given(logits=logits, actions=actions, mask=mask, advantages=advantages)
    if eta is None and advantages is not None:
        eta = 1
    eta = None if eta is None else _decimal("eta", eta)
    tolerance = _between("tolerance", tolerance, 2.0**-1000, 0.5)
    bits = None if bits is None else _between("bits", bits, 24, 65536, whole=True)
    temperature = _decimal("temperature", temperature)
    return Measured(_logitlab.measure(arrays, temperature, eta, tolerance, bits, _threads(threads)))


def _decimal(name, number):
    """A number as the command line reads it: text is that decimal, a float itself."""
    if isinstance(number, str):
        return number
    number = float(number)
    if not math.isfinite(number):
        raise ValueError(f"{name}: expected a finite number, not {number}")
    # The same number: a decimal of an f64 has an end.
    return str(Decimal(number))


def _between(name, number, low, high, whole=False):
    """A number within bounds, both of them allowed."""
    if whole and not isinstance(number, (int, np.integer)):
        raise TypeError(f"{name}: expected a whole number, not {number!r}")
    if not low <= number <= high:
        raise ValueError(f"{name}: expected a number from {low} to {high}, not {number}")
    return int(number) if whole else float(number)


def _threads(threads):
    return None if threads is None else _between("threads", threads, 1, 4096, whole=True)


class Doctor:
    """What `doctor` found: `findings`, `ok`, `report`, and a page of text."""

    def __init__(self, report, text, ok):
        self.report = report
        self.findings = report["findings"]
        #: Whether every claimed number is right, as far as was asked for.
        self.ok = ok
        self._text = text

    @property
    def metrics(self):
        """The values of the findings under flat names, for a logger."""
        flat = {}
        for finding in self.findings:
            for value in finding["values"]:
                number = value.get("value")
                if isinstance(number, (int, float)):
                    flat[f"{finding['id']}/{value['subject']}"] = float(number)
        return flat

    def __repr__(self):
        return self._text

    def _repr_html_(self):
        return _preformatted(self._text)


def doctor(
    logits,
    actions=None,
    *,
    claimed=None,
    mask=None,
    modes=(),
    temperature=1,
    digits=None,
    nats=1e-3,
    framework="torch",
    threads=None,
):
    """How wrong numbers of a framework are on these logits, and why.

    `claimed` maps a kind (w, logp, sum_pi_squared, entropy) to an array with a number for each row. `modes` are
    precisions to emulate, such as "bf16-lse". A log-probability or entropy may be off by `nats`; w and sum pi^2 must
    have `digits` right digits (2 where nothing is said).

    >>> import numpy as np
    >>> r = doctor(np.zeros((1, 4), np.float32), [1], claimed={"logp": np.array([-1.5])})
    >>> r.ok
    False
    """
    if claimed is not None and not hasattr(claimed, "items"):
        raise TypeError("claimed: expected a mapping of kinds to arrays, as in {'logp': logp}")
    claimed = {kind: array for kind, array in (claimed or {}).items() if array is not None}
    digits = None if digits is None else _between("digits", digits, 1, 15, whole=True)
    nats = _between("nats", nats, 5e-324, 1e308)
    arrays = given(logits=logits, actions=actions, mask=mask)
    arrays += [taken(f"claimed_{kind}", array) for kind, array in claimed.items()]
    names = [(kind, f"claimed_{kind}") for kind in claimed]
    found = _logitlab.doctor(
        arrays,
        names,
        list(modes),
        _decimal("temperature", temperature),
        digits,
        nats,
        framework,
        _threads(threads),
    )
    return Doctor(json.loads(found[0]), *found[1:])


class Diff:
    """What `diff` found: `findings` and a `summary`."""

    def __init__(self, document):
        self.findings = document["findings"]
        self.summary = document["summary"]

    def __repr__(self):
        return "\n".join(finding["text"] for finding in self.findings)


def diff(a_logits, b_logits, actions=None, *, mask=None, clip=0.2, temperature=1, threads=None):
    """How far the distributions of two engines are apart, row by row, certified; and what rounding explains.

    >>> import numpy as np
    >>> z = np.array([[1.0, 2.0, 3.0]], np.float32)
    >>> diff(z, z, [0]).summary["rows"]
    1
    """
    a = given(logits=a_logits, actions=actions, mask=mask)
    b = given(logits=b_logits, actions=actions, mask=mask)
    clip = _between("clip", clip, 5e-324, 1 - 2.0**-53)
    return Diff(json.loads(_logitlab.diff(a, b, clip, _decimal("temperature", temperature), _threads(threads))))


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

        return data.view(getattr(ml_dtypes, {"F8_E4M3": "float8_e4m3fn", "F8_E5M2": "float8_e5m2"}[dtype])).astype(float)
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
            raise ValueError(f"{name} has {len(wide)} values of shape {shape}, but there are {self.total} rows of logits")
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

"""Logits measured, examined and compared."""

import html
import json
import math
from decimal import Decimal
from functools import cached_property

import numpy as np

from . import _logitlab
from ._arrays import given, taken


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

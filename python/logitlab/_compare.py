"""Float precision modes compared."""

import json
from functools import cached_property

from . import _logitlab
from ._logits import _between, _preformatted, _threads


class Comparison:
    """What `compare` found: text in a terminal, a figure in a notebook, and a frame."""

    def __init__(self, compiled):
        self._compiled = compiled

    @cached_property
    def report(self):
        """Everything, as the command line's JSON has it."""
        return json.loads(self._compiled.json())

    def to_dict(self):
        """A row for each mode, formula and confidence: columns by name, as lists.

        `rest` is 1 - P_c; `digits` are the decimal digits left in the worst case, `median_digits` in the median;
        `error` is the largest relative error; `not_positive` counts results <= 0 where the truth is positive.
        """
        columns = {}
        for line in self.report["lines"]:
            for rest, cell in zip(self.report["rests"], line["cells"]):
                row = {
                    "mode": line["mode"],
                    "formula": line["formula"],
                    "rest": rest,
                    "digits": cell["digits"],
                    "median_digits": cell["median_digits"],
                    "error": cell["relative"]["max"],
                    "not_positive": cell["counts"]["not_positive"],
                }
                for name, value in row.items():
                    columns.setdefault(name, []).append(value)
        return columns

    def to_arrow(self):
        """The same as a table of pyarrow."""
        import pyarrow

        return pyarrow.table(self.to_dict())

    def to_pandas(self):
        """The same as a frame of pandas."""
        import pandas

        return pandas.DataFrame(self.to_dict())

    def to_polars(self):
        """The same as a frame of Polars."""
        import polars

        return polars.DataFrame(self.to_dict())

    def to_svg(self):
        """Relative errors over 1 - P_c, mode by mode, as a figure."""
        return self._compiled.svg()

    def __repr__(self):
        return self._compiled.text()

    def _repr_html_(self):
        return self.to_svg() + _preformatted(repr(self))


def _names(name, given):
    if isinstance(given, str):
        raise TypeError(f"{name}: expected a list of names, as in [{given!r}]")
    return [str(one) for one in given]


def compare(modes=(), formulas=(), *, k=10, p=(), cases=64, seed=1, threads=None):
    """What float precision modes leave of an update, formula by formula, on policies of `k` actions.

    `modes`, such as "bf16" or "f32+logits=bf16", and `formulas`, such as "closed" or "tail": the usual ones where none
    are named. `p` are probabilities of the chosen action, numbers or text as "1-1e-6"; `cases` policies for each.

    >>> c = compare(modes=["bf16", "f32"], formulas=["closed", "tail"], p=["0.9", "1-1e-3"], cases=4)
    >>> found = c.to_dict()
    >>> found["mode"][::2], found["formula"][::2]
    (['bf16', 'bf16', 'f32', 'f32'], ['closed', 'tail', 'closed', 'tail'])
    >>> found["digits"][2] > found["digits"][0]
    True
    """
    return Comparison(
        _logitlab.compare(
            _names("modes", modes),
            _names("formulas", formulas),
            _between("k", k, 2, 2**18, whole=True),
            _names("p", p),
            _between("cases", cases, 1, 2**53, whole=True),
            _between("seed", seed, 0, 2**64 - 1, whole=True),
            _threads(threads),
        )
    )

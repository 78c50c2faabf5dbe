"""What the rows of a training run come to: watched batch by batch, merged over ranks and workers."""

import json
from functools import reduce

import numpy as np

from . import _logitlab
from ._arrays import given, taken
from ._logits import _between, _decimal, _threads

#: Up to here whole numbers are f64, as which names of rows are read.
_MOST_ID = 2**53


class State:
    """What rows came to: counts, exact sums, quantiles in fixed bins, and the worst rows.

    States of parts merge to the state of the whole, to the last bit, whatever the parts and their order are. So each
    rank, or each worker of a cluster, keeps one, and `State.merged` makes one of them.
    """

    def __init__(self, compiled):
        self._compiled = compiled

    @classmethod
    def from_bytes(cls, data):
        """What `to_bytes` wrote, as bytes or as text."""
        return cls(_logitlab.State.read(data if isinstance(data, str) else bytes(data).decode()))

    def to_bytes(self):
        """The state as bytes, the same for the same rows."""
        return self._compiled.text().encode()

    @classmethod
    def merged(cls, states):
        """One of several: `State`s, or what `to_bytes` gave."""
        states = [state if isinstance(state, State) else cls.from_bytes(state) for state in states]
        if not states:
            raise ValueError("there are no states to merge")
        return reduce(lambda one, other: cls(one._compiled.merged(other._compiled)), states)

    @property
    def rows(self):
        """How many rows there are."""
        return self._compiled.rows()

    def metrics(self, prefix="logitlab"):
        """Flat names and floats for a logger, such as `logitlab/w/mean`: the middle of each enclosure."""
        return {f"{prefix}/{name}": value for name, value in self._compiled.metrics()}

    @property
    def spreads(self):
        """For each quantity its quantiles, extremes, mean and sum as [lo, hi]; None where no row has it."""
        return json.loads(self._compiled.spreads())

    @property
    def worst(self):
        """The worst rows of each claimed kind, the worst first, of equal ones the one with the smallest id."""
        names = ("kind", "id", "action", "claimed", "truth", "error")
        return [dict(zip(names, (one[0].removeprefix("wrong_"), *one[1:]))) for one in self._compiled.worst()]

    def __eq__(self, other):
        return isinstance(other, State) and self.to_bytes() == other.to_bytes()

    __hash__ = None

    def __reduce__(self):
        return State.from_bytes, (self.to_bytes(),)

    def __repr__(self):
        lines = [f"{self.rows} rows"]
        lines += [f"  {name}  {value:.6g}" for name, value in self._compiled.metrics()[1:]]
        return "\n".join(lines)


def watch(
    logits,
    actions=None,
    *,
    mask=None,
    advantages=None,
    old_logp=None,
    claimed=None,
    id=None,
    temperature=1,
    clip=0.2,
    digits=None,
    nats=1e-3,
    threads=None,
):
    """The `State` of some rows.

    `logits`, `actions`, `mask`, `advantages` as for `measure`, `claimed` as for `doctor`. `old_logp`: log-probabilities
    of the policy that made the samples, for ratios and how many a PPO clip of range `clip` would hold. `id`: whole
    numbers up to 2^53 that name the rows for `State.worst`; their place without it.

    >>> import numpy as np
    >>> parts = [watch(np.array([[x, 0.0]]), [0]) for x in (1.0, 2.0)]
    >>> State.merged(parts) == watch(np.array([[1.0, 0.0], [2.0, 0.0]]), [0, 0])
    True
    """
    if claimed is not None and not hasattr(claimed, "items"):
        raise TypeError("claimed: expected a mapping of kinds to arrays, as in {'logp': logp}")
    claimed = {kind: array for kind, array in (claimed or {}).items() if array is not None}
    arrays = given(logits=logits, actions=actions, mask=mask, advantages=advantages, old_logp=old_logp)
    if id is not None:
        id = np.asarray(id)
        if id.dtype.kind not in "iu" or (id.size and (id.max() > _MOST_ID or id.min() < -_MOST_ID)):
            raise ValueError("id: expected whole numbers from -2^53 to 2^53")
        arrays.append(taken("id", id))
    arrays += [taken(f"claimed_{kind}", array) for kind, array in claimed.items()]
    return State(
        _logitlab.watch(
            arrays,
            [(kind, f"claimed_{kind}") for kind in claimed],
            [old_logp is not None, id is not None],
            _decimal("temperature", temperature),
            None if advantages is None else "1",
            _between("clip", clip, 5e-324, 1 - 2.0**-53),
            None if digits is None else _between("digits", digits, 1, 15, whole=True),
            _between("nats", nats, 5e-324, 1e308),
            _threads(threads),
        )
    )


class Monitor:
    """Watches a training run: every so many calls of `update` it measures the batch.

    `prefix` begins every name, `every` says how many steps there are from one measurement to the next; the first step
    is measured. The other arguments are those of `watch`.

    >>> import numpy as np
    >>> monitor = Monitor(every=2)
    >>> logged = [monitor.update(np.array([[1.0, 0.0]]), [0]) for step in range(3)]
    >>> [len(one) > 0 for one in logged], monitor.total.rows
    ([True, False, True], 2)
    >>> f"{logged[0]['logitlab/p/mean']:.6f}"
    '0.731059'
    """

    def __init__(self, prefix="logitlab", every=10, *, temperature=1, clip=0.2, digits=None, nats=1e-3, threads=None):
        self.prefix = prefix
        self.every = _between("every", every, 1, 2**53, whole=True)
        self._settings = {"temperature": temperature, "clip": clip, "digits": digits, "nats": nats, "threads": threads}
        self._step = 0
        #: The state of the batch that was measured last, and of all that were; None before the first.
        self.last = None
        self.total = None

    def update(self, logits, actions=None, *, mask=None, advantages=None, old_logp=None, claimed=None, id=None):
        """Take a step. Where it is one to measure, flat names and floats for a logger; else an empty dict.

        A step whose mask leaves out every row is measured, too: what has no rows is NaN.
        """
        due = self._step % self.every == 0
        self._step += 1
        if not due:
            return {}
        self.last = watch(
            logits,
            actions,
            mask=mask,
            advantages=advantages,
            old_logp=old_logp,
            claimed=claimed,
            id=id,
            **self._settings,
        )
        self.total = self.last if self.total is None else State.merged([self.total, self.last])
        return self.last.metrics(self.prefix)

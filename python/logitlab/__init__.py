"""Certified measurements of logits that are in memory, and claims about softmax policies.

Logits have shape [rows, V] or [batch, time, V], actions the same without V. A logit of -inf masks its action.

>>> import numpy as np
>>> import logitlab as ll
>>> m = ll.measure(np.array([[2.0, 1.0, 0.0]], np.float32), np.array([0]))
>>> bool(m.p.lo[0] <= m.p.hi[0]), f"{m.p.mid[0]:.6f}"
(True, '0.665241')
"""

from . import arrow
from ._assertions import WrongNumbers, assert_logprobs, assert_norms
from ._claims import Proof, Verdict, prove, verify
from ._compare import Comparison, compare
from ._formats import formats, round
from ._logits import (
    Diff,
    Doctor,
    Enclosure,
    Measured,
    diff,
    doctor,
    measure,
)
from ._logitlab import __version__
from ._monitor import Monitor, State, watch

__all__ = [
    "Comparison",
    "Diff",
    "Doctor",
    "Enclosure",
    "Measured",
    "Monitor",
    "Proof",
    "State",
    "Verdict",
    "WrongNumbers",
    "__version__",
    "arrow",
    "assert_logprobs",
    "assert_norms",
    "compare",
    "diff",
    "doctor",
    "formats",
    "measure",
    "prove",
    "round",
    "verify",
    "watch",
]

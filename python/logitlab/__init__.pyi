from typing import Any, Iterable, Mapping, NamedTuple, Self, Sequence

import numpy as np
from numpy.typing import NDArray

from . import arrow as arrow

__version__: str

class Enclosure:
    lo: NDArray[np.float64]
    hi: NDArray[np.float64]
    def __init__(self, lo: NDArray[np.float64], hi: NDArray[np.float64]) -> None: ...
    @property
    def mid(self) -> NDArray[np.float64]: ...
    def contains(self, values: Any) -> NDArray[np.bool_]: ...
    def __len__(self) -> int: ...

class Measured:
    p: Enclosure
    rest: Enclosure
    collision: Enclosure
    w: Enclosure
    norm: Enclosure
    logp: Enclosure
    entropy: Enclosure
    top: Enclosure
    row: NDArray[np.int64]
    action: NDArray[np.int64]
    @property
    def statistics(self) -> dict[str, Any]: ...
    @property
    def quantities(self) -> list[str]: ...
    def __getitem__(self, quantity: str) -> Enclosure: ...
    def __len__(self) -> int: ...
    def summary(self) -> str: ...
    def to_dict(self) -> dict[str, NDArray[Any]]: ...
    def to_arrow(self) -> Any: ...
    def to_pandas(self) -> Any: ...
    def to_polars(self) -> Any: ...

class Doctor:
    report: dict[str, Any]
    findings: list[dict[str, Any]]
    ok: bool
    @property
    def metrics(self) -> dict[str, float]: ...

class Diff:
    findings: list[dict[str, Any]]
    summary: dict[str, Any]

class WrongNumbers(AssertionError):
    name: str
    wrong: int
    checked: int
    unit: str
    rows: list[dict[str, Any]]

class State:
    @classmethod
    def from_bytes(cls, data: bytes | str) -> Self: ...
    @classmethod
    def merged(cls, states: Iterable[State | bytes | str]) -> Self: ...
    def to_bytes(self) -> bytes: ...
    @property
    def rows(self) -> int: ...
    def metrics(self, prefix: str = "logitlab") -> dict[str, float]: ...
    @property
    def spreads(self) -> dict[str, Any]: ...
    @property
    def worst(self) -> list[dict[str, Any]]: ...

class Monitor:
    prefix: str
    every: int
    last: State | None
    total: State | None
    def __init__(
        self,
        prefix: str = "logitlab",
        every: int = 10,
        *,
        temperature: float | str = 1,
        clip: float = 0.2,
        digits: int | None = None,
        nats: float = 1e-3,
        threads: int | None = None,
    ) -> None: ...
    def update(
        self,
        logits: Any,
        actions: Any = None,
        *,
        mask: Any = None,
        advantages: Any = None,
        old_logp: Any = None,
        claimed: Mapping[str, Any] | None = None,
        id: Any = None,
    ) -> dict[str, float]: ...

class Comparison:
    @property
    def report(self) -> dict[str, Any]: ...
    def to_dict(self) -> dict[str, list[Any]]: ...
    def to_arrow(self) -> Any: ...
    def to_pandas(self) -> Any: ...
    def to_polars(self) -> Any: ...
    def to_svg(self) -> str: ...

class Verdict:
    report: dict[str, Any]
    verdict: str
    ok: bool
    evidence: dict[str, str]
    counterexample: Any
    derivation: str | None

class Proof:
    found: str | None
    steps: int
    missing: list[str]
    @property
    def complete(self) -> bool: ...

class Format(NamedTuple):
    name: str
    aliases: list[str]
    bits: int
    precision: int
    largest: float
    unit_roundoff: float

def measure(
    logits: Any,
    actions: Any = None,
    *,
    mask: Any = None,
    advantages: Any = None,
    temperature: float | str = 1,
    eta: float | str | None = None,
    tolerance: float = ...,
    bits: int | None = None,
    threads: int | None = None,
) -> Measured: ...
def watch(
    logits: Any,
    actions: Any = None,
    *,
    mask: Any = None,
    advantages: Any = None,
    old_logp: Any = None,
    claimed: Mapping[str, Any] | None = None,
    id: Any = None,
    temperature: float | str = 1,
    clip: float = 0.2,
    digits: int | None = None,
    nats: float = 1e-3,
    threads: int | None = None,
) -> State: ...
def doctor(
    logits: Any,
    actions: Any = None,
    *,
    claimed: Mapping[str, Any] | None = None,
    mask: Any = None,
    modes: Iterable[str] = (),
    temperature: float | str = 1,
    digits: int | None = None,
    nats: float = 1e-3,
    framework: str = "torch",
    threads: int | None = None,
) -> Doctor: ...
def diff(
    a_logits: Any,
    b_logits: Any,
    actions: Any = None,
    *,
    mask: Any = None,
    clip: float = 0.2,
    temperature: float | str = 1,
    threads: int | None = None,
) -> Diff: ...
def assert_logprobs(
    logits: Any,
    actions: Any,
    logp: Any,
    *,
    nats: float = 1e-3,
    mask: Any = None,
    temperature: float | str = 1,
    rounding: str | None = None,
    threads: int | None = None,
) -> None: ...
def assert_norms(
    logits: Any,
    actions: Any,
    norms: Any,
    *,
    digits: int = 2,
    mask: Any = None,
    temperature: float | str = 1,
    rounding: str | None = None,
    threads: int | None = None,
) -> None: ...
def compare(
    modes: Iterable[str] = (),
    formulas: Iterable[str] = (),
    *,
    k: int = 10,
    p: Iterable[float | str] = (),
    cases: int = 64,
    seed: int = 1,
    threads: int | None = None,
) -> Comparison: ...
def verify(statement: str, given: str | Sequence[str] | None = None, *, cases: int = 64, seed: int = 1) -> Verdict: ...
def prove(statement: str, given: str | Sequence[str] | None = None, *, seconds: int = 10) -> Proof: ...
def formats() -> list[Format]: ...
def round(x: Any, target: str) -> Any: ...

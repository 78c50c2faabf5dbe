from typing import Any, Iterable, Mapping

from . import State

def measure_batch(
    batch: Any,
    logits: str = "logits",
    actions: str | None = "actions",
    *,
    mask: str | None = None,
    keep: Iterable[str] = (),
    partition: Any = None,
    **options: Any,
) -> Any: ...
def state_batch(
    batch: Any,
    logits: str = "logits",
    actions: str | None = "actions",
    *,
    mask: str | None = None,
    advantages: str | None = None,
    old_logp: str | None = None,
    claimed: Mapping[str, str] | None = None,
    id: str | None = None,
    partition: Any = None,
    **options: Any,
) -> Any: ...
def merged(table: Any) -> State: ...

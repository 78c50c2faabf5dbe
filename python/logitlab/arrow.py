"""From record batch to record batch: for Ray Data, Spark, Dask, Polars, DuckDB and whatever else speaks Arrow.

Both functions need pyarrow. They keep nothing from one batch to the next, so that workers may take batches in any
order, and again after one of them has died.
"""

from ._logits import measure
from ._monitor import State, watch

__all__ = ["measure_batch", "merged", "state_batch"]


def _table(batch):
    """A batch as pyarrow has it, and what makes the same kind of it again."""
    import pyarrow as pa

    if isinstance(batch, pa.RecordBatch):
        return batch, lambda table: table.combine_chunks().to_batches()[0] if table.num_rows else _empty(table.schema)
    return batch if isinstance(batch, pa.Table) else pa.table(batch), lambda table: table


def _empty(schema):
    import pyarrow as pa

    return pa.RecordBatch.from_pylist([], schema)


def _columns(table, names):
    """The columns of these names, by what they are for."""
    for name in names.values():
        if name is not None and name not in table.schema.names:
            raise ValueError(f"the batch has no column {name!r}, only {', '.join(table.schema.names)}")
    return {use: None if name is None else table.column(name) for use, name in names.items()}


def _named(partition, error):
    """The same error, which says where."""
    return error if partition is None else type(error)(f"partition {partition}: {error}")


def measure_batch(batch, logits="logits", actions="actions", *, mask=None, keep=(), partition=None, **options):
    """Measure the rows of a record batch (or a table, or what pyarrow makes one of): one of the same kind comes back.

    `logits`, `actions` and `mask` name columns; `actions=None` takes the largest logit. What comes back has the columns
    of `Measured.to_arrow()`, `row` being the row of the batch, and before them those that `keep` names. `partition` is
    what errors call the batch; `options` are those of `measure`.

    >>> import pyarrow as pa
    >>> batch = pa.record_batch({"logits": pa.array([[0.0, 0.0]]), "actions": pa.array([1]), "id": pa.array([7])})
    >>> found = measure_batch(batch, keep=["id"])
    >>> found["id"][0].as_py(), found["p_lo"][0].as_py() <= 0.5 <= found["p_hi"][0].as_py()
    (7, True)
    """
    import numpy as np
    import pyarrow as pa

    table, same = _table(batch)
    given = _columns(table, {"logits": logits, "actions": actions, "mask": mask})
    kept = _columns(table, {name: name for name in keep})
    if table.num_rows == 0:
        # One row that does not matter has the columns.
        found = measure(np.zeros((1, 1)), [0], **options).to_arrow().slice(0, 0)
    else:
        try:
            found = measure(given["logits"], given["actions"], mask=given["mask"], **options).to_arrow()
        except (TypeError, ValueError) as error:
            raise _named(partition, error) from None
    rows = found["row"].combine_chunks() if table.num_rows else pa.array([], pa.int64())
    before = {name: column.take(rows) for name, column in kept.items()}
    return same(pa.table({**before, **{name: found[name] for name in found.schema.names}}))


def state_batch(
    batch,
    logits="logits",
    actions="actions",
    *,
    mask=None,
    advantages=None,
    old_logp=None,
    claimed=None,
    id=None,
    partition=None,
    **options,
):
    """The `State` of the rows of a record batch, as a batch of one row: `rows`, and `state` as bytes.

    Arguments name columns, those of `claimed` by kind, as in {"logp": "my_logp"}. Of no rows come no rows. `merged`
    makes one state of the answers; `options` are those of `watch`.
    """
    import pyarrow as pa

    table, same = _table(batch)
    names = {
        "logits": logits,
        "actions": actions,
        "mask": mask,
        "advantages": advantages,
        "old_logp": old_logp,
        "id": id,
    }
    given = _columns(table, names)
    claims = _columns(table, dict(claimed or {}))
    schema = pa.schema({"rows": pa.int64(), "state": pa.binary()})
    if table.num_rows == 0:
        return same(schema.empty_table())
    try:
        state = watch(**given, claimed=claims, **options)
    except (TypeError, ValueError) as error:
        raise _named(partition, error) from None
    return same(pa.table({"rows": [state.rows], "state": [state.to_bytes()]}, schema))


def merged(table):
    """One `State` of what `state_batch` gave for every batch: a table, or what pyarrow makes one of."""
    table, _ = _table(table)
    return State.merged(state.as_py() for state in table["state"])

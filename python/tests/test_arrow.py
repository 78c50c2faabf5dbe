"""Record batches, and the engines that have them."""

import importlib.util
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

import logitlab as ll

arrow = pytest.importorskip("pyarrow")
EXAMPLES = pathlib.Path(__file__).parents[1] / "examples"


def batch(rows=20, columns=7, lists=False):
    random = np.random.default_rng(rows)
    z = (random.normal(size=(rows, columns)) * 3).astype(np.float32)
    fixed = arrow.FixedSizeListArray.from_arrays(arrow.array(z.reshape(-1)), columns)
    return arrow.record_batch(
        {
            "name": [f"row {i}" for i in range(rows)],
            "logits": arrow.array(z.tolist(), arrow.list_(arrow.float32())) if lists else fixed,
            "actions": random.integers(0, columns, size=rows),
            "mask": random.random(rows) < 0.5,
        }
    )


def logits_of(one):
    return np.array(one["logits"].to_pylist(), np.float32)


@pytest.mark.parametrize("lists", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_a_batch_has_what_measure_says(lists, masked):
    one = batch(lists=lists)
    found = ll.arrow.measure_batch(one, mask="mask" if masked else None, keep=["name"])
    assert isinstance(found, arrow.RecordBatch)
    mask = one["mask"].to_numpy(zero_copy_only=False) if masked else None
    expected = ll.measure(logits_of(one), one["actions"], mask=mask).to_arrow()
    assert found.schema.names == ["name", *expected.schema.names]
    assert arrow.table(found).drop_columns("name").equals(expected)
    assert found["name"].to_pylist() == [f"row {row}" for row in expected["row"].to_pylist()]


def test_tables_stay_tables_and_empty_batches_have_the_same_columns():
    one = batch()
    table = arrow.Table.from_batches([one.slice(0, 9), one.slice(9)])
    whole = ll.arrow.measure_batch(table)
    assert isinstance(whole, arrow.Table) and whole.equals(arrow.table(ll.arrow.measure_batch(one)))
    for kind in [one.slice(0, 0), table.slice(0, 0)]:
        empty = ll.arrow.measure_batch(kind, keep=["name"])
        assert type(empty) is type(kind) and empty.num_rows == 0
        assert empty.schema.equals(ll.arrow.measure_batch(one, keep=["name"]).schema)
        assert ll.arrow.state_batch(kind).num_rows == 0
    # Slices begin where they begin.
    part = ll.arrow.measure_batch(one.slice(5, 3))
    assert part["w_lo"].to_pylist() == whole["w_lo"].to_pylist()[5:8]


def test_states_of_batches_merge_to_that_of_all():
    one = batch(60)
    parts = [ll.arrow.state_batch(one.slice(at, 7)) for at in range(0, 60, 7)]
    merged = ll.arrow.merged(arrow.Table.from_batches(parts[::-1]))
    assert merged == ll.watch(logits_of(one), one["actions"])


def test_errors_say_the_row_and_the_partition():
    z = np.zeros((3, 2), np.float32)
    z[2, 1] = np.nan
    bad = arrow.record_batch({"logits": z.tolist(), "actions": [0, 1, 0]})
    for function in [ll.arrow.measure_batch, ll.arrow.state_batch]:
        with pytest.raises(ValueError, match="partition 17: .*row 2, column 1.*NaN"):
            function(bad, partition=17)
        with pytest.raises(ValueError, match="no column 'z', only logits, actions"):
            function(bad, logits="z")
    holes = arrow.record_batch({"logits": [[0.0, 1.0], None], "actions": [0, 1]})
    with pytest.raises(ValueError, match="1 nulls"):
        ll.arrow.measure_batch(holes)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    path = tmp_path_factory.mktemp("engines") / "rows.parquet"
    run("rows.py", path)
    return path, run("one_process.py", path)


def run(script, path):
    done = subprocess.run([sys.executable, EXAMPLES / script, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "script, needs",
    [
        ("polars_slices.py", "polars"),
        ("duckdb_scan.py", "duckdb"),
        ("dask_bag.py", "dask"),
        ("ray_data.py", "ray"),
        ("spark_arrow.py", "pyspark"),
    ],
)
def test_every_engine_says_what_one_process_says(rows, script, needs):
    if importlib.util.find_spec(needs) is None:
        pytest.skip(f"NOT RUN: {needs} is not installed")
    if needs == "pyspark" and shutil.which("java") is None:
        pytest.skip("NOT RUN: Spark needs Java")
    path, expected = rows
    assert expected.startswith("3200 rows") and run(script, path) == expected

"""DuckDB: the rows that a query picks, in batches. usage: duckdb_scan.py FILE"""

import sys

import duckdb
from common import state, tell

query = duckdb.sql(f"SELECT id, logits, actions, logp FROM read_parquet('{sys.argv[1]}') ORDER BY id DESC")
batches = query.to_arrow_reader(100)
tell(text for batch in batches for text in state(batch)["state"].to_pylist())

"""Writes a file of logits in 32 parts. usage: rows.py FILE [ROWS [COLUMNS]]"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

rows, columns = (int(text) for text in (sys.argv[2:] + ["3200", "50"][len(sys.argv) - 2 :])[:2])
random = np.random.default_rng(1)
logits = random.normal(size=(rows, columns)).astype(np.float32) * 4
actions = random.integers(0, columns, size=rows)
logp = (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))[np.arange(rows), actions]
lists = pa.FixedSizeListArray.from_arrays(pa.array(logits.reshape(-1)), columns)
table = pa.table({"id": np.arange(rows), "logits": lists, "actions": actions, "logp": logp.astype(np.float16)})
pq.write_table(table, sys.argv[1], row_group_size=-(-rows // 32))

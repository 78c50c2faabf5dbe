"""Ray Data: blocks of a file. usage: ray_data.py FILE"""

import sys

import ray
from common import state, tell

# The workers import what stands beside this script.
ray.init(runtime_env={"env_vars": {"PYTHONPATH": sys.path[0]}}, log_to_driver=False)
rows = ray.data.read_parquet(sys.argv[1]).repartition(32)
tell(row["state"] for row in rows.map_batches(state, batch_format="pyarrow", batch_size=None).take_all())

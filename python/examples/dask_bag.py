"""Dask: a bag of row groups, in processes. usage: dask_bag.py FILE"""

import sys

import dask.bag as bag
import pyarrow.parquet as pq
from common import state, tell


def of_group(group):
    return state(pq.ParquetFile(sys.argv[1]).read_row_group(group))["state"].to_pylist()


if __name__ == "__main__":
    groups = bag.from_sequence(range(pq.ParquetFile(sys.argv[1]).num_row_groups), npartitions=32)
    tell(groups.map(of_group).flatten().compute(scheduler="processes"))

"""Polars: a frame, slice by slice. usage: polars_slices.py FILE"""

import sys

import polars as pl
from common import state, tell

slices = pl.read_parquet(sys.argv[1]).iter_slices(100)
tell(text for frame in slices for text in state(frame)["state"].to_pylist())

"""Spark: record batches of a frame. usage: spark_arrow.py FILE"""

import sys

from common import state, tell
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[2]").getOrCreate()
rows = spark.read.parquet(sys.argv[1]).repartition(32)
states = rows.mapInArrow(lambda batches: map(state, batches), "rows long, state binary")
tell(bytes(row["state"]) for row in states.collect())

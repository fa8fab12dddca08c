"""The floor to compare with: read both files' needed columns, write the three result columns, compute nothing.

python benchmarks/floor.py FOLDER OUT.parquet
"""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

UNUSED = {"fixmedins_code"}


def main() -> None:
    """Read, and write as many rows as there are settlements."""
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    persons = pq.read_table(folder / "persons.parquet")
    schema = pa.schema([("setl_id", pa.string()), ("benefit", pa.string()), ("paid_amt", pa.decimal128(14, 2))])
    with (
        pq.ParquetFile(folder / "settlements.parquet", memory_map=True) as file,
        pq.ParquetWriter(out, schema, compression="zstd") as writer,
    ):
        columns = [name for name in file.schema_arrow.names if name not in UNUSED]
        for batch in file.iter_batches(262_144, columns=columns):
            kinds, paid = batch.column("med_type"), batch.column("hifp_pay").cast(pa.decimal128(14, 2))
            writer.write_batch(pa.record_batch([batch.column("setl_id"), kinds, paid], schema=schema))
    print(persons.num_rows)


if __name__ == "__main__":
    main()

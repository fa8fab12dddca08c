"""Write synthetic persons and settlements as parquet in the contract's columns, for the benchmarks. Nobody is real.

    python benchmarks/make_facts.py --settlements 5000000 --persons 1000000 --out FOLDER [--shuffled]

Rows stand in the order of time unless --shuffled; a tenth of the persons change their identity inside the year. Amounts
are decimal(12,2), ids and codes text, ``setl_time`` a timestamp. The parts of every record add up.
"""

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

IDENTITIES = ["特困人员", "返贫致贫人口", "低保对象", "监测对象", "低保边缘家庭成员", "因病致贫重病患者"]
SHARES = [0.05, 0.05, 0.45, 0.2, 0.15, 0.1]
KINDS = np.array(["21", "14", "16", "11"])
YEAR_START = np.datetime64("2024-01-01", "s")
YEAR_SECONDS = 366 * 86_400
ROWS_AT_ONCE = 1_000_000


def texts(prefix: str, numbers: np.ndarray, width: int) -> pa.Array:
    """Return ``prefix`` and the number with leading zeros, made as bytes since millions are wanted."""
    digits = (numbers[:, None] // 10 ** np.arange(width - 1, -1, -1) % 10 + 48).astype(np.uint8)
    head = np.frombuffer(prefix.encode(), np.uint8)
    data = np.concatenate([np.broadcast_to(head, (len(numbers), len(head))), digits], axis=1)
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * data.shape[1]
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(data)))


def yuan(fen: np.ndarray) -> pa.Array:
    """Return fen as decimal(12,2)."""
    return pa.array(fen).cast(pa.decimal128(19, 0)).view(pa.decimal128(19, 2)).cast(pa.decimal128(12, 2))


def write_persons(path: Path, count: int, random: np.random.Generator) -> None:
    """Write one identity for each person, and a second one from some day on for every tenth."""
    number = np.arange(count)
    identity = random.choice(len(IDENTITIES), count, p=SHARES)
    changing = random.random(count) < 0.1
    change = np.datetime64("2024-02-01") + random.integers(0, 300, count)
    end = np.where(changing, change - 1, np.datetime64("NaT"))
    rows = np.concatenate([number, number[changing]])
    later = (identity[changing] + 1 + random.integers(0, 5, changing.sum())) % len(IDENTITIES)
    begins = np.concatenate([np.full(count, np.datetime64("2023-01-01")), change[changing]])
    ends = np.concatenate([end, np.full(changing.sum(), np.datetime64("NaT"))])
    table = pa.table(
        {
            "psn_no": texts("P14110", rows, 9),
            "identity": pa.array(IDENTITIES).take(pa.array(np.concatenate([identity, later]))),
            "begntime": pa.array(begins),
            "endtime": pa.array(ends),
        }
    )
    pq.write_table(table, path, compression="zstd")


def settlements(first: int, time: np.ndarray, persons: int, random: np.random.Generator) -> pa.Table:
    """Return a block of settlements at the given times (seconds of the year)."""
    rows = len(time)
    kind = random.choice(len(KINDS), rows, p=[0.3, 0.35, 0.2, 0.15])
    inpatient = kind == 0
    scope = np.where(inpatient, random.lognormal(13.5, 1.1, rows), random.lognormal(10.2, 0.9, rows)).astype(np.int64)
    scope = np.minimum(scope, 80_000_000)
    basic = (scope * random.uniform(0.3, 0.8, rows)).astype(np.int64)
    critical = np.where(inpatient & (scope > 3_000_000), (scope - basic) // 4, 0)
    full, over, first_self = (random.integers(0, high, rows) for high in (50_000, 5_000, 20_000))
    zero = yuan(np.zeros(rows, np.int64))
    total = scope + full + over + first_self
    regions = pa.array(["141122", "141102", "140101", "110108"])
    columns = {
        "setl_id": texts("S2024", np.arange(first, first + rows), 11),
        "psn_no": texts("P14110", random.integers(0, persons, rows), 9),
        "setl_time": pa.array(YEAR_START + time.astype("timedelta64[s]")),
        "med_type": pa.array(KINDS).take(pa.array(kind)),
        "insutype": pa.array(["390", "310"]).take(pa.array(random.choice(2, rows, p=[0.85, 0.15]))),
        "insuplc_admdvs": regions.take(pa.array(np.zeros(rows, np.int64))),
        "mdtrtarea_admvs": regions.take(pa.array(random.choice(4, rows, p=[0.6, 0.2, 0.12, 0.08]))),
        "fixmedins_code": texts("H14112200", random.integers(0, 300, rows), 3),
        "hosp_lv": pa.array(["1", "2", "3"]).take(pa.array(random.integers(0, 3, rows))),
        "medfee_sumamt": yuan(total),
        "fulamt_ownpay_amt": yuan(full),
        "overlmt_selfpay": yuan(over),
        "preselfpay_amt": yuan(first_self),
        "inscp_scp_amt": yuan(scope),
        "act_pay_dedc": yuan(np.where(inpatient, 30_000, 0)),
        "hifp_pay": yuan(basic),
        "cvlserv_pay": zero,
        "hifes_pay": zero,
        "hifmi_pay": yuan(critical),
        "hifob_pay": zero,
        "hifdm_pay": zero,
        "oth_pay": zero,
        "maf_pay": zero,
        "psn_cash_pay": yuan(total - basic - critical),
        "refd_setl_flag": pa.array(["0", "1"]).take(pa.array((random.random(rows) < 0.01).astype(np.int64))),
    }
    return pa.table(columns)


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settlements", type=int, default=5_000_000)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shuffled", action="store_true")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(20241122)
    write_persons(args.out / "persons.parquet", args.persons, random)
    time = random.integers(0, YEAR_SECONDS, args.settlements)
    if not args.shuffled:
        time.sort()
    writer = None
    for first in range(0, args.settlements, ROWS_AT_ONCE):
        table = settlements(first, time[first : first + ROWS_AT_ONCE], args.persons, random)
        writer = writer or pq.ParquetWriter(args.out / "settlements.parquet", table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROWS_AT_ONCE // 4)
    if writer:
        writer.close()


if __name__ == "__main__":
    main()

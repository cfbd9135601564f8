"""(a) How far are the metrics from the least work that the same records need?

`metrics.sql` from Parquet against the strict floor: the same four columns scanned, minutes summed, `present` and
`activity` counted by person, then by unit. Limits: 3 at 10 million records, 2.5 at 100 million; memory flat.
"""

import sys

from measuring import DATA, peak_memory, seconds, tell
from records import make

SIZES = {10_000_000: 3.0, 100_000_000: 2.5}
ENGINE = """
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace
import duckdb
from kaohe.ledger.engines import metrics_of
from kaohe.ledger.metrics import Window
folder = Path(sys.argv[1])
engine = duckdb.connect()
engine.execute("SET enable_progress_bar = false")
EMPTY = {
    "quotas": "activity VARCHAR, unit VARCHAR, seats BIGINT",
    "contests": "contest VARCHAR, kind VARCHAR, level VARCHAR, person VARCHAR, held_on DATE, place VARCHAR",
    "appraisals": "person VARCHAR, tested_on DATE",
    "bulletins": "unit VARCHAR, sent_on DATE",
}
for table in ("units", "people", "supplies"):
    engine.execute(f"CREATE TABLE {table} AS SELECT * FROM '{folder / table}.parquet'")
engine.execute(f"CREATE TABLE activities AS SELECT id, form, ends_on, CAST(hours * 60 AS BIGINT) AS minutes FROM '{folder}/activities.parquet'")
for table, columns in EMPTY.items():
    engine.execute(f"CREATE TABLE {table} ({columns})")
engine.execute(f"CREATE VIEW attendance AS SELECT activity, person, status, CAST(round(hours * 10) AS BIGINT) * 6 AS minutes FROM '{folder}/attendance.parquet'")
window = Window(date(2010, 1, 1), date(2010, 12, 31), 1800, 2400)
FLOOR = f'''SELECT p.unit, SUM(t.hours), SUM(t.present), SUM(t.rows) FROM (
    SELECT person, SUM(hours) AS hours, COUNT(*) FILTER (status = 'present') AS present, COUNT(activity) AS rows
    FROM '{folder}/attendance.parquet' GROUP BY person) t JOIN people p ON p.id = t.person GROUP BY p.unit'''
def metrics(): metrics_of(SimpleNamespace(connection=engine), window)
def floor(): engine.execute(FLOOR).fetchall()
"""


def main() -> int:
    kept = True
    peaks = []
    for records, limit in SIZES.items():
        folder = make(DATA / f"records-{records}", records)
        spaces: dict[str, object] = {}
        sys.argv[1:] = [str(folder)]
        exec(ENGINE, spaces)
        taken = seconds({"metrics": spaces["metrics"], "floor": spaces["floor"]})  # type: ignore[dict-item]
        kept &= tell(f"metrics.sql / strict floor, {records:,} records", taken["metrics"], taken["floor"], limit)
        peaks.append(peak_memory([sys.executable, "-c", ENGINE + "\nmetrics()", str(folder)]) / 2**20)
    kept &= tell("peak memory, 100 M / 10 M records", peaks[1], peaks[0], 1.5, "MB")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())

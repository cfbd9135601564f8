"""(a) How far are the metrics from the least work that the same records need?

`metrics.sql` as the program runs it, from Parquet, against the strict floor: the same four columns scanned, hours
summed, `present` and `activity` counted by person, then by unit. Limits: 3 at 10 million records, 2.5 at 100 million;
memory flat in the number of records.
"""

import sys
from pathlib import Path

from measuring import DATA, peak_memory, seconds, tell
from records import make

from kaohe.ledger.engines import metrics_of
from kaohe.ledger.reading import open_ledger
from kaohe.standard.files import read_standard
from kaohe.terms import round_of, terms_of, window_of

SIZES = {10_000_000: 3.0, 100_000_000: 2.5}
STANDARD = read_standard("benxi-2010").standard
WINDOW = window_of(STANDARD, round_of(STANDARD, "annual", 2010))
FLOOR = """SELECT p.unit, SUM(t.hours), SUM(t.present), SUM(t.rows) FROM (
    SELECT person, SUM(hours) AS hours, COUNT(*) FILTER (status = 'present') AS present, COUNT(activity) AS rows
    FROM '{}' GROUP BY person) t JOIN people p ON p.id = t.person GROUP BY p.unit"""


def ratio(folder: Path, limit: float, records: int) -> bool:
    with open_ledger(folder, terms_of(STANDARD)) as ledger:
        floor = FLOOR.format(folder / "attendance.parquet")
        taken = seconds(
            {
                "metrics": lambda: metrics_of(ledger, WINDOW),
                "floor": lambda: ledger.connection.execute(floor).fetchall(),
            }
        )
    return tell(f"metrics.sql / strict floor, {records:,} records", taken["metrics"], taken["floor"], limit)


def main() -> int:
    folders = {records: make(DATA / f"records-{records}", records) for records in SIZES}
    kept = sum(not ratio(folders[records], limit, records) for records, limit in SIZES.items()) == 0
    command = [sys.executable, "-m", "kaohe.cli.main", "assess", "--round", "annual", "--year", "2010", "--json-only"]
    peaks = [peak_memory([*command, "--out", str(DATA / "out"), str(folder)]) / 2**20 for folder in folders.values()]
    return 0 if tell("peak memory, 100 M / 10 M records", peaks[1], peaks[0], 1.5, "MB") and kept else 1


if __name__ == "__main__":
    sys.exit(main())

"""(b) The whole process, every check included, against one bare DuckDB process that does the floor and the same checks.

10 million records from sorted Parquet to `results.json`. Limit 2 (goal 1.5); peak memory at 30 million records at
most 1.5 times that at 10 million.
"""

import sys

from measuring import DATA, kaohe, peak_memory, process, seconds, tell
from records import make

BARE = """
import sys
import duckdb
folder = sys.argv[1]
engine = duckdb.connect()
engine.execute("SET enable_progress_bar = false")
file = f"'{folder}/attendance.parquet'"
one = lambda sql: engine.execute(sql).fetchall()
one(f"CREATE TABLE people AS SELECT * FROM '{folder}/people.parquet'")
one(f"CREATE TABLE activities AS SELECT * FROM '{folder}/activities.parquet'")
one(f"SELECT p.unit, SUM(t.hours), SUM(t.present), SUM(t.rows) FROM (SELECT person, SUM(hours) AS hours, "
    f"COUNT(*) FILTER (status = 'present') AS present, COUNT(activity) AS rows FROM {file} GROUP BY person) t "
    f"JOIN people p ON p.id = t.person GROUP BY p.unit")
one(f"SELECT COUNT(*) FROM {file} WHERE status NOT IN ('present', 'leave', 'absent') OR hours < 0 OR hours > 999999999 "
    f"OR activity IS NULL OR person IS NULL OR status IS NULL OR (status = 'absent' AND hours > 0)")
one(f"SELECT v FROM (SELECT DISTINCT person AS v FROM {file}) d WHERE NOT EXISTS (SELECT 1 FROM people k WHERE k.id = d.v)")
one(f"SELECT v FROM (SELECT DISTINCT activity AS v FROM {file}) d WHERE NOT EXISTS (SELECT 1 FROM activities k WHERE k.id = d.v)")
one(f"SELECT COUNT(*) FROM (SELECT activity AS a, person AS b, lag(activity) OVER () AS la, lag(person) OVER () AS lb "
    f"FROM {file}) WHERE a < la OR (a = la AND b <= lb)")
"""


def main() -> int:
    folder = make(DATA / "records-10000000", 10_000_000)
    larger = make(DATA / "records-30000000", 30_000_000)
    words = ["assess", str(folder), "--round", "annual", "--year", "2010", "--json-only", "--out", str(DATA / "out")]
    taken = seconds({"kaohe": kaohe(*words), "bare": process(BARE, str(folder))})
    kept = tell("whole process / bare DuckDB, 10 M records", taken["kaohe"], taken["bare"], 2.0)
    whole = [sys.executable, "-m", "kaohe.cli.main"]
    peaks = [peak_memory([*whole, *words]), peak_memory([*whole, "assess", str(larger), *words[2:]])]
    kept &= tell("peak memory, 30 M / 10 M records", peaks[1] / 2**20, peaks[0] / 2**20, 1.5, "MB")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())

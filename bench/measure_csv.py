"""(c) A scale-1 city from CSV to `results.json`, whole process, against splitting the same files.

The rival is a Python process that imports what kaohe imports of other people's libraries (duckdb, yaml, pydantic's
BaseModel) and splits the same files with the csv module. Limit 2.
"""

import sys

from measuring import DATA, kaohe, process, seconds, tell

SPLIT = """
import csv, sys
from pathlib import Path
import duckdb, yaml
from pydantic import BaseModel
for file in sorted(Path(sys.argv[1]).glob("*.csv")):
    with file.open(encoding="utf-8", newline="") as stream:
        for record in csv.reader(stream):
            pass
"""


def main() -> int:
    folder = DATA / "city-csv"
    if not folder.exists():
        kaohe("synthesise", str(folder), "--scale", "1", "--seed", "2010")()
    words = ["assess", str(folder), "--round", "annual", "--year", "2010", "--json-only", "--out", str(DATA / "out")]
    taken = seconds({"kaohe": kaohe(*words), "split": process(SPLIT, str(folder))})
    return 0 if tell("scale 1 from CSV / splitting it", taken["kaohe"], taken["split"], 2.0) else 1


if __name__ == "__main__":
    sys.exit(main())

"""XLSX reading, checks included, against python-calamine alone on the same workbooks, each in a process. Limit 2."""

import sys

from measuring import DATA, kaohe, process, seconds, tell

CALAMINE = """
import sys
from pathlib import Path
from python_calamine import CalamineWorkbook
for file in sorted(Path(sys.argv[1]).glob("*.xlsx")):
    CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
"""
READ = """
import sys
from pathlib import Path
from kaohe.city import terms_of
from kaohe.ledger.reading import open_ledger
from kaohe.standard.files import read_standard
with open_ledger(Path(sys.argv[1]), terms_of(read_standard("benxi-2010").standard)):
    pass
"""


def main() -> int:
    folder = DATA / "city-xlsx"
    if not folder.exists():
        kaohe("synthesise", str(folder), "--scale", "1", "--seed", "2010", "--xlsx")()
    taken = seconds({"kaohe": process(READ, str(folder)), "calamine": process(CALAMINE, str(folder))})
    return 0 if tell("XLSX with every check / calamine alone", taken["kaohe"], taken["calamine"], 2.0) else 1


if __name__ == "__main__":
    sys.exit(main())

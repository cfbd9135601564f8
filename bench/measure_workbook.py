"""XLSX reading, checks included, against python-calamine alone on the same workbooks in the same process. Limit 2."""

import sys
from pathlib import Path

from measuring import DATA, kaohe, seconds, tell
from python_calamine import CalamineWorkbook

from kaohe.ledger.reading import open_ledger
from kaohe.standard.files import read_standard
from kaohe.terms import terms_of


def calamine(folder: Path) -> None:
    for file in sorted(folder.glob("*.xlsx")):
        CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()


def main() -> int:
    folder = DATA / "city-xlsx"
    if not folder.exists():
        kaohe("synthesise", str(folder), "--scale", "1", "--seed", "2010", "--xlsx")()
    terms = terms_of(read_standard("benxi-2010").standard)

    def read() -> None:
        with open_ledger(folder, terms):
            pass

    taken = seconds({"kaohe": read, "calamine": lambda: calamine(folder)})
    return 0 if tell("XLSX with every check / calamine alone", taken["kaohe"], taken["calamine"], 2.0) else 1


if __name__ == "__main__":
    sys.exit(main())

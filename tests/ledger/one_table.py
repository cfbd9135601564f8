"""Single tables for tests: written in any form, read or refused, and what exists outside them."""

from collections.abc import Collection
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from kaohe.fault import BadInput, Faults
from kaohe.ledger.reading import Ledger, open_ledger
from kaohe.ledger.records import typed_rows
from kaohe.ledger.tables import Form
from kaohe.standard.files import read_standard
from kaohe.terms import terms_of

TERMS = terms_of(read_standard("benxi-2010").standard)
KNOWN: dict[str, Collection[str]] = {
    "units": ("U01", "U02"),
    "people": ("P1", "P2", "P3"),
    "activities": ("A1", "A2", "A3"),
}


def put(folder: Path, table: str, lines: list[str], *, form: str = "csv") -> Path:
    """Write a table into a folder as CSV, as CSV in GB 18030, as a workbook or as Parquet; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table}.{'csv' if form == 'gb18030' else form}"
    if form == "xlsx":
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            for row, line in enumerate(lines):
                sheet.write_row(row, 0, line.split(","))
    elif form == "parquet":
        heads = lines[0].split(",")
        values = ", ".join(
            "(" + ", ".join(f"'{cell}'" if cell else "NULL" for cell in line.split(",")) + ")" for line in lines[1:]
        )
        with duckdb.connect() as engine:
            engine.execute(f"COPY (FROM (VALUES {values}) t({', '.join(heads)})) TO '{path}' (FORMAT parquet)")
    else:
        path.write_bytes("\n".join([*lines, ""]).encode("gb18030" if form == "gb18030" else "utf-8"))
    return folder


def refused(folder: Path, form: Form) -> Faults:
    with pytest.raises(BadInput) as error, open_ledger(folder, TERMS, form=form):
        pass
    return error.value.faults


def found(faults: Faults) -> list[tuple[str, int | None, str | None, str | None]]:
    return [(f.code, f.place.row, f.place.column, f.found) for f in faults.listed]


def read(ledger: Ledger, table: str) -> list[tuple[int, dict[str, object]]]:
    return list(typed_rows(ledger, table))

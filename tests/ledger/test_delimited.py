"""However a CSV file is quoted, ended and encoded, the same cells come out, at the rows a spreadsheet shows."""

import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kaohe.fault import BadInput
from kaohe.ledger.reading import open_ledger
from kaohe.standard.files import read_standard
from kaohe.terms import terms_of
from tests.folders import write

TERMS = terms_of(read_standard("benxi-2010").standard)
texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=6
)


def raw(folder: Path) -> list[tuple[object, ...]]:
    try:
        with open_ledger(folder, TERMS) as ledger:
            return rows_of(ledger.connection)
    except BadInput as error:
        pytest.fail(str([(f.code, f.place, f.found) for f in error.faults.listed]))


def rows_of(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT n, unit, sent_on, kind, title FROM raw_bulletins ORDER BY n").fetchall()


LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def quoted(cell: str, always: bool) -> str:
    """A cell by RFC 4180: between quotation marks where it holds one, a comma or any line end."""
    return '"' + cell.replace('"', '""') + '"' if always or set(cell) & set('",\r\n') else cell


@given(
    st.lists(st.tuples(texts.filter(lambda text: text.strip() != ""), LINE_ENDS), min_size=1, max_size=5),
    LINE_ENDS,
    st.booleans(),
)
@example([("一\r二", "\n"), ("\r三", "\n"), ("四\r", "\n"), ("五\r\n六", "\n")], "\n", False)
@example([("\n一", "\r"), ("二\n", "\r"), ("三\n四", "\r")], "\r", False)
@example([("一", "\n"), ("二", "\r\n"), ("三", "\r"), ("四", "\n")], "\r\n", False)
def test_any_title_comes_out_as_it_was_written(titles: list[tuple[str, str]], end: str, always: bool) -> None:
    lines = ["unit,sent_on,kind,title" + end]
    lines += [f"U01,2010-05-04,news,{quoted(title, always)}{own_end}" for title, own_end in titles]
    with tempfile.TemporaryDirectory() as name:
        found = raw(write(Path(name) / "city", bulletins="".join(lines).encode()))

    assert [(n, title) for n, *_, title in found] == [(n, title) for n, (title, _) in enumerate(titles, 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("quoted", [True, False])
def test_encoding_line_ends_and_quotes_make_no_difference(
    tmp_path: Path, encoding: str, end: str, closed: bool, quoted: bool
) -> None:
    mark = '"' if quoted else ""
    lines = ["unit,sent_on,kind,title", f"U01,2010-05-04,news,{mark}开班了{mark}", "U02,2010-05-05,problem,经费 不足"]
    text = end.join(lines) + (end if closed else "")

    found = raw(write(tmp_path / "city", bulletins=text.encode(encoding)))

    assert found == [(2, "U01", "2010-05-04", "news", "开班了"), (3, "U02", "2010-05-05", "problem", "经费 不足")]


def test_rows_without_a_cell_are_skipped_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    lines = [
        "unit,sent_on,kind,title",
        "U01,2010-05-04,news,一",
        ",,,",
        "",
        "　, ,,",
        "U02,2010-05-05,news,二",
        ",,,",
        "",
    ]

    found = raw(write(tmp_path / "city", bulletins=lines))

    assert [(n, title) for n, *_, title in found] == [(2, "一"), (6, "二")]


def test_missing_cells_at_the_end_of_a_row_are_empty_cells(tmp_path: Path) -> None:
    people = ["id,name,unit,joined,departed", "P1,张三,U01", "P2,李四,U01,2009-03-01", "P3,王五,U02,,"]

    with open_ledger(write(tmp_path / "city", people=people), TERMS) as ledger:
        found = ledger.connection.execute(
            "SELECT id, CAST(joined AS VARCHAR), departed FROM people ORDER BY id"
        ).fetchall()

    assert found == [("P1", None, None), ("P2", "2009-03-01", None), ("P3", None, None)]


def test_surplus_commas_without_a_text_do_no_harm(tmp_path: Path) -> None:
    found = raw(write(tmp_path / "city", bulletins=["unit,sent_on,kind,title", "U01,2010-05-04,news,一,,,"]))

    assert [(n, title) for n, *_, title in found] == [(2, "一")]


def test_a_large_file_keeps_its_rows_in_order(tmp_path: Path) -> None:
    lines = ["unit,sent_on,kind,title", *(f"U0{i % 2 + 1},2010-05-04,news,第{i}期" for i in range(120_000))]

    found = raw(write(tmp_path / "city", bulletins=lines))

    assert [(n, title) for n, *_, title in found] == [(i + 2, f"第{i}期") for i in range(120_000)]

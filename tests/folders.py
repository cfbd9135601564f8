"""City folders for tests: a small valid one, and a way to change any of its tables."""

from pathlib import Path

TABLES = {
    "units": ["code,name,peer_group", "U01,甲区,county", "U02,乙局,department"],
    "people": [
        "id,name,unit,joined,departed",
        "P1,张三,U01,,",
        "P2,李四,U01,2009-03-01,",
        "P3,王五,U02,,2011-02-01",
    ],
    "activities": [
        "id,unit,form,title,starts_on,ends_on,hours",
        "A1,,class,春季班,2010-04-12,2010-04-16,30",
        "A2,U01,half_day,每周半日,2010-03-04,2010-03-04,3.5",
        "A3,,online,网络学习,2010-01-01,2010-11-30,40",
    ],
    "attendance": [
        "activity,person,status,hours",
        "A1,P1,present,30",
        "A1,P3,leave,27",
        "A2,P1,present,",
        "A2,P2,absent,0",
        "A3,P3,present,40.5",
    ],
    "quotas": ["activity,unit,seats", "A1,U01,1", "A1,U02,2"],
    "contests": [
        "contest,kind,level,person,held_on,place",
        "K1,writing,city,P1,2010-06-01,",
        "K1,writing,city,P3,2010-06-01,二等奖",
        "K2,speech,city_final,P2,2010-09-10,无",
    ],
    "supplies": [
        "unit,item,planned,received",
        "U01,textbook,10,8",
        "U01,handbook,2,2",
        "U02,textbook,10,7",
        "U02,handbook,1,1",
    ],
    "appraisals": ["person,tested_on,result", "P1,2010-06-30,合格", "P3,2010-11-30,良好"],
    "bulletins": ["unit,sent_on,kind,title", "U01,2010-05-04,news,开班", "U02,2010-07-01,problem,经费不足"],
    "judgements": [
        "unit,criterion,stage,points,judge,reason,evidence",
        *(
            f"{unit},{criterion},inspection,{points},于宝成,依据材料,"
            for unit in ("U01", "U02")
            for criterion, points in (
                ("A1", 5), ("A2", 4.5), ("A3", 5), ("B1", 5), ("B2", "9.50"), ("B6", 15), ("D4", 4),
            )
        ),
    ],
}  # fmt: skip


def write(folder: Path, **changes: list[str] | str | bytes | None) -> Path:
    """Write the small valid city into a folder; a table given as None is left out, as bytes or text written as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in {**TABLES, **changes}.items():
        if lines is None:
            continue
        text = lines if isinstance(lines, str | bytes) else "\n".join(lines) + "\n"
        content = text if isinstance(text, bytes) else text.encode()
        (folder / f"{name}.csv").write_bytes(content)
    return folder


def with_line(table: str, row: int, line: str) -> dict[str, list[str]]:
    """A table with one row (as a spreadsheet counts it) written otherwise, or added at the end."""
    lines = list(TABLES[table])
    lines[row - 1 : row] = [line]
    return {table: lines}

"""`kaohe synthesise`: an invented city to try things on."""

import argparse
from pathlib import Path

from kaohe.cli.console import Console
from kaohe.fault import BadInput, Fault, Faults, Place
from kaohe.ledger.synthesis import LARGEST_SCALE, Criterion, synthesise
from kaohe.standard.files import read_standard


def run(options: argparse.Namespace, console: Console) -> int:
    """Write an invented city's folder; say how many people and records it holds."""
    folder = Path(options.directory)
    most = LARGEST_SCALE[options.form]
    if not 1 <= options.scale <= most:
        wrong = Fault("scale_wrong", Place("--scale"), str(options.scale), {"most": str(most), "form": options.form})
        raise BadInput(Faults.of([wrong]))
    try:
        summary = synthesise(
            folder, criteria=_criteria(), scale=options.scale, seed=options.seed, form=options.form,
            year=options.year, progress=lambda done, of: console.progress(f"造城 {done}/{of}", f"city {done} of {of}"),
        )  # fmt: skip
    except FileExistsError:
        raise BadInput(Faults.of([Fault("synthesis_exists", Place(options.directory), options.directory)])) from None
    console.clear()
    people, attendance = summary.persons, summary.rows["attendance"]
    console.say(
        f"{folder}：{summary.rows['units']:,} 个单位，{people:,} 人，出勤 {attendance:,} 条（虚构）",
        f"{folder}: {summary.rows['units']:,} units, {people:,} people, {attendance:,} attendance records (invented)",
    )
    return 0


def _criteria() -> list[Criterion]:
    """The criteria of the 2010 standard, as plain values: the invented city is a Benxi."""
    standard = read_standard("benxi-2010").standard
    return [
        Criterion(c.id, c.title.zh, c.points, c.kind == "judged", tuple(check.title.zh for check in c.checklist))
        for c in standard.criteria
    ]

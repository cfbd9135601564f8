"""`kaohe explain`: why a unit has its points."""

import argparse

from kaohe.city import Assessment, assess
from kaohe.cli.console import Console
from kaohe.fault import BadInput, Fault, Faults, Place


def run(options: argparse.Namespace, console: Console) -> int:
    """Print the reason for one criterion of a unit, or for all of them and the total."""
    assessed = assess(
        options.folder, kind=options.round, year=options.year, standard=options.standard,
        start=options.start, end=options.end, engine=options.engine, digests=False,
    )  # fmt: skip
    _check(assessed, options)
    unit = assessed.unit(options.unit)
    if options.criterion is None:
        total = "—" if unit.total is None else str(unit.total)
        band = f" {unit.band.title.within(console.language)}" if unit.band else ""
        rank = f" #{unit.rank}" if unit.rank else ""
        console.say(
            f"{unit.unit.code} {unit.unit.name}　总分 {total}{band}" + (f"　第{unit.rank}名" if unit.rank else ""),
            f"{unit.unit.code} {unit.unit.name}  total {total}{band}{rank}",
        )
    console.lines([assessed.explain(options.unit, options.criterion, console.language)])
    return 0


def _check(assessed: Assessment, options: argparse.Namespace) -> None:
    codes = [unit.unit.code for unit in assessed.units]
    ids = [criterion.id for criterion in assessed.result.standard.criteria]
    faults = []
    if options.unit not in codes:
        faults.append(_unknown("unit_unknown", "UNIT", options.unit, codes))
    if options.criterion is not None and options.criterion not in ids:
        faults.append(_unknown("criterion_unknown", "CRITERION", options.criterion, ids))
    if faults:
        raise BadInput(Faults.of(faults))


def _unknown(code: str, place: str, found: str, known: list[str]) -> Fault:
    listed = "，".join(known[:60]) + ("…" if len(known) > 60 else "")
    return Fault(code, Place(place), found, {"known": listed, "choices": listed})

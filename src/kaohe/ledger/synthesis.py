"""A synthetic city: one year of training records of invented people in 46 units, from a seed.

Scale 1 has Benxi's 6 counties and districts and 40 departments, 6,000 people and about a quarter
of a million attendance rows; scale N has N such cities in one folder. The same seed gives the same
bytes of CSV; no clock, no global random numbers. Memory holds one city at a time, whatever the scale.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kaohe.ledger.synthesis_city import City, found_city, people_rows, unit_rows
from kaohe.ledger.synthesis_files import FORMATS, Form
from kaohe.ledger.synthesis_judgements import Criterion, judgement_rows
from kaohe.ledger.synthesis_results import appraisal_rows, bulletin_rows, contest_rows, supply_rows
from kaohe.ledger.synthesis_training import Training, attendance
from kaohe.ledger.tables import TABLES

__all__ = ["Criterion", "Form", "Summary", "synthesise"]

DEFAULT_SEED = 2010
LARGEST_SCALE = {"csv": 999, "xlsx": 3, "parquet": 999}
"""A sheet of Excel holds 1,048,576 rows, so three cities' attendance."""

Progress = Callable[[int, int], None]
"""Called with the number of cities written so far and the number wanted."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written: the folder, the number of persons (a mover is one), and the rows of each table."""

    folder: Path
    persons: int
    rows: Mapping[str, int]


def synthesise(
    folder: Path,
    *,
    criteria: Sequence[Criterion],
    scale: int = 1,
    seed: int = DEFAULT_SEED,
    form: Form = "csv",
    year: int = 2010,
    progress: Progress | None = None,
) -> Summary:
    """Write a synthetic city's folder and return what it holds.

    folder: must not exist yet, or be empty (FileExistsError); it appears whole or not at all.
    criteria: the standard's, in its order; with none there are no judgements.
    scale: from 1 to 999, with XLSX to 3 (ValueError). Each key then starts with its city's number.
    """
    if not 1 <= scale <= LARGEST_SCALE[form]:
        raise ValueError(f"scale {scale}: from 1 to {LARGEST_SCALE[form]} as {form}")
    counts = dict.fromkeys((table.name for table in TABLES), 0)
    persons = 0
    with _beside(folder) as (work, scratch), FORMATS[form](work, scratch) as files:
        for number in range(1, scale + 1):
            city = found_city(seed, number, of=scale, year=year)
            persons += sum(unit.size for unit in city.units)
            for table, rows in _records(city, criteria):
                files.write(table, rows)
                counts[table] += len(rows)
            if progress:
                progress(number, scale)
    return Summary(folder, persons, counts)


def _records(city: City, criteria: Sequence[Criterion]) -> Iterator[tuple[str, Sequence[tuple[str, ...]]]]:
    """Yield a city's rows, table by table; attendance in pieces, strictly sorted by (activity, person)."""
    yield "units", unit_rows(city)
    yield "people", people_rows(city)
    training = Training()
    for rows in attendance(city, training):
        yield "attendance", rows
    yield "activities", training.activities
    yield "quotas", training.quotas
    yield "contests", contest_rows(city)
    yield "supplies", supply_rows(city)
    yield "appraisals", appraisal_rows(city)
    yield "bulletins", bulletin_rows(city)
    yield "judgements", list(judgement_rows(city, criteria))


@contextmanager
def _beside(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Give a folder to write into and one for scratch; at the end the first takes the wanted name.

    If anything fails, nothing remains.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} exists and is not empty")
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        work, scratch = aside / "whole", aside / "scratch"
        work.mkdir()
        scratch.mkdir()
        yield work, scratch
        if folder.exists():
            folder.rmdir()
        work.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)

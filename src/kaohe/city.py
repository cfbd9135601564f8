"""A city's folder assessed: the ledger read, the metrics measured, every unit scored and ranked.

This is where the rooms meet; both doors come in here. Nothing is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from kaohe.assessment.ranking import rank
from kaohe.assessment.result import InputFile, Round, RoundResult, results_data
from kaohe.assessment.scoring import Judgement, Stage, Unit, UnitResult, score
from kaohe.documents.reasons import bonus_reason, total_reason, why
from kaohe.fault import BadInput
from kaohe.ledger.engines import metrics_of
from kaohe.ledger.metrics import METRICS, UnitMetrics
from kaohe.ledger.reading import JudgementRow, Ledger, Loading, Tell, UnitRow, loading, sha256_of
from kaohe.ledger.sources import Note
from kaohe.standard.files import StandardFile, read_standard
from kaohe.standard.lint import lint
from kaohe.standard.model import Language, Standard
from kaohe.terms import round_of, terms_of, window_of


def assess_loading(
    begun: Loading, file: StandardFile, a_round: Round,
    *, engine: str = "duckdb", digests: bool = True, tell: Tell = lambda stage, table: None,
) -> tuple[RoundResult, tuple[Note, ...]]:  # fmt: skip
    """Assess a city folder whose loading was begun; answer the result and what was ignored on the way.

    digests: whether to take the SHA-256 of each input file (the verification package cites them).
    Raises BadInput with every fault of the standard, or of the folder.
    """
    findings = lint(file, frozenset(METRICS))
    if findings:
        raise BadInput(findings)
    standard = file.standard
    ledger = begun.ledger(terms_of(standard), tell)
    tell("measure", "")
    measured = metrics_of(ledger, window_of(standard, a_round), engine)
    inputs = tuple(_input(ledger, table, path) for table, path in ledger.files.items()) if digests else ()
    results = _score(standard, ledger, measured)
    ordered = tuple(sorted(inputs, key=lambda given: given.name))
    return RoundResult(file, a_round, rank(standard, results), ordered), ledger.notes


def _input(ledger: Ledger, table: str, path: Path) -> InputFile:
    return InputFile(path.name, sha256_of(path), ledger.rows(table))


def _score(standard: Standard, ledger: Ledger, measured: Mapping[str, UnitMetrics]) -> list[UnitResult]:
    given: dict[str, list[Judgement]] = {}
    for row in ledger.judgements:
        given.setdefault(row.unit, []).append(_judgement(row))
    return [score(standard, _unit(row, measured[row.code]), given.get(row.code, ())) for row in ledger.units]


def _unit(row: UnitRow, measured: UnitMetrics) -> Unit:
    return Unit(row.code, row.name, row.peer_group, measured.headcount, measured.measures)


def _judgement(row: JudgementRow) -> Judgement:
    stage = cast(Stage, row.stage)
    return Judgement(row.unit, row.criterion, stage, row.points, row.judge, row.reason, row.evidence)


@dataclass(frozen=True, slots=True)
class Assessment:
    """An assessed city: the result of the round, and what was ignored in the folder."""

    result: RoundResult
    notes: tuple[Note, ...]

    @property
    def units(self) -> tuple[UnitResult, ...]:
        """Every unit's result, in the order of the codes."""
        return self.result.units

    def unit(self, code: str) -> UnitResult:
        """Return one unit's result; KeyError where there is none of that code."""
        return self.result.unit(code)

    def explain(self, code: str, criterion: str | None = None, language: Language = "zh") -> str:
        """Say why a unit has its points: every criterion a line, or one criterion alone."""
        unit, standard, kind = self.unit(code), self.result.standard, self.result.round.kind
        if criterion is not None:
            return why(unit.criterion(criterion), standard, kind, language)
        colon = "：" if language == "zh" else ": "
        lines = [f"{score.criterion.id}{colon}{why(score, standard, kind, language)}" for score in unit.criteria]
        lines += [bonus_reason(bonus, standard, language) for bonus in unit.bonuses]
        return "\n".join([*lines, total_reason(unit, standard, language)])

    def data(self, language: Language = "zh") -> dict[str, Any]:
        """Return the plain data of `results.json`, with a sentence for every point."""
        standard, kind = self.result.standard, self.result.round.kind
        return results_data(self.result, lambda score, unit: why(score, standard, kind, language))


def assess(
    folder: str | Path, *, kind: str, year: int, standard: str = "benxi-2010",
    start: date | None = None, end: date | None = None, engine: str = "duckdb", digests: bool = True,
) -> Assessment:  # fmt: skip
    """Assess a city folder in a round (`kind` of the standard, such as `annual`).

    standard: a name of the library or the path of a YAML file; start, end: another period than the
    standard's; digests: whether to take the SHA-256 of each input file, which a verification package
    cites. Raises BadInput with every fault; nothing is written.
    """
    file = read_standard(standard)
    a_round = round_of(file.standard, kind, year, start, end)
    with loading(Path(folder)) as begun:
        return Assessment(*assess_loading(begun, file, a_round, engine=engine, digests=digests))

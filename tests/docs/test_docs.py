"""The documentation is true: its examples run, and everything that the program knows is in it, in both languages."""

import argparse
import doctest
import inspect
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

import kaohe
from kaohe.cli.main import INTERRUPTED, parser
from kaohe.documents.fault_wording import sentences
from kaohe.fault import BadInput
from kaohe.ledger.metrics import METRICS
from kaohe.ledger.tables import TABLES, Table
from kaohe.standard import model, rules
from kaohe.standard.compare import compare
from kaohe.standard.files import StandardFile, parse_standard
from kaohe.standard.lint import lint
from kaohe.standard.model import Language, Standard
from tests.folders import with_line, write

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
SUFFIX = {"zh": ".zh.md", "en": ".md"}

in_both_languages = pytest.mark.parametrize("language", LANGUAGES)


def page(name: str, language: Language) -> str:
    return (DOCS / f"{name}{SUFFIX[language]}").read_text("utf-8")


def section(text: str, heading: str) -> str:
    """What stands under the heading whose text begins so, up to the next heading of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}(?![\w.\[]).*?$(.*?)(?=^#+ |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found is not None, f"no heading {heading}"
    return found[1]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table; a bar inside a cell is written with a backslash."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


# The ledger: tables, columns, headers, choices, metrics


@in_both_languages
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_of_a_table_stands_in_its_section(language: Language, table: Table) -> None:
    said = rows(section(page("data-format", language), f"`{table.name}` {table.title}"))

    first_two = {frozenset(row[:2]) for row in said}
    assert {frozenset((f"`{column.name}`", column.header)) for column in table.columns} <= first_two
    assert len(said) - 1 == len(table.columns)


@in_both_languages
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_column_says_its_choices_and_whether_it_is_key_empty_or_optional(language: Language, table: Table) -> None:
    said = section(page("data-format", language), f"`{table.name}` {table.title}")
    key, empty, optional = ("键", "可空", "选填") if language == "zh" else ("key", "may be empty", "optional")

    for column in table.columns:
        row = next(row for row in rows(said) if f"`{column.name}`" in row[:2])
        mark = row[3] if len(row) > 3 else ""
        assert (key in mark, empty in mark, optional in mark) == (
            column.name in table.key,
            column.empty,
            column.optional,
        ), column
        for choice, chinese in column.choices.items():
            assert f"`{choice}` {chinese}" in row[2]


@in_both_languages
def test_every_metric_is_explained_with_the_figure_of_the_example_unit(tmp_path: Path, language: Language) -> None:
    city = write(tmp_path / "city", **EXAMPLE_UNIT)
    unit = kaohe.assess(city, kind="annual", year=2010).unit("U01").unit
    examples = {row[0].strip("`"): row[2] for row in rows(page("data-format", language)) if len(row) == 3}

    assert examples["headcount"].endswith((f"：{unit.headcount}", f": {unit.headcount}"))
    for name in METRICS:
        above, below = unit.metrics[name] or (0, 0)
        figure = f"{above} ÷ {below} = {above / below:.6f}" if name.endswith(("_rate", "_points")) else str(above)
        assert examples[name].endswith((f"：{figure}", f": {figure}")), name


def attended(activity: str, hours: Mapping[str, str]) -> list[str]:
    return [f"{activity},{person},{said}" for person, said in hours.items()]


EXAMPLE_UNIT: dict[str, list[str] | None] = {
    "people": ["id,name,unit,joined,departed", *(f"P{n},某,U01,," for n in range(1, 9)), "P9,某,U01,,2010-06-30"],
    "activities": [
        "id,unit,form,title,starts_on,ends_on,hours",
        "L,,lecture,讲座,2010-03-05,2010-03-05,3",
        "H1,,half_day,半日,2010-04-01,2010-04-01,15",
        "H2,,half_day,半日,2010-09-01,2010-09-01,15",
        "O,,online,在线,2010-01-01,2010-11-30,40",
        "C1,,class,甲班,2010-05-10,2010-05-14,30",
        "C2,,class,乙班,2010-10-11,2010-10-15,30",
    ],
    "attendance": [
        "activity,person,status,hours",
        *attended("L", {"P1": "present,", "P8": "leave,", "P9": "present,"}),
        *attended("H1", {f"P{n}": "present,15" for n in range(1, 7)}),
        *attended("H2", {"P1": "present,15", "P2": "present,14.9", **{f"P{n}": "present," for n in range(3, 7)}}),
        *attended("O", {**{f"P{n}": "present," for n in range(1, 7)}, "P7": "present,39.5", "P8": "leave,"}),
        *attended("C1", {"P1": "present,30", "P2": "present,27", "P3": "present,26.9", "P4": "leave,"}),
        *attended("C2", {"P5": "absent,"}),
    ],
    "quotas": ["activity,unit,seats", "C1,U01,3", "C2,U01,2"],
    "contests": [
        "contest,kind,level,person,held_on,place",
        "K1,writing,city,P1,2010-05-01,",
        "K2,writing,city_final,P1,2010-06-01,",
        "K2,writing,city_final,P2,2010-06-01,",
        "K3,speech,province,P3,2010-08-01,无",
        "K4,other,province,P4,2010-09-01,二等奖",
    ],
    "supplies": ["unit,item,planned,received", "U01,textbook,100,79", "U01,handbook,8,9"],
    "appraisals": [
        "person,tested_on,result",
        *(f"P{n},2010-11-30,合格" for n in range(1, 7)),
        "P1,2010-03-01,合格",
        "P9,2010-03-01,合格",
    ],
    "bulletins": [
        "unit,sent_on,kind,title",
        *(f"U01,2010-0{n}-01,news,题" for n in range(1, 4)),
        "U01,2011-01-04,news,题",
    ],
    "judgements": None,
}
"""The unit of the examples in `data-format`: nine people, of whom one has left."""


@in_both_languages
def test_the_faults_that_are_shown_are_what_the_program_says(tmp_path: Path, language: Language) -> None:
    changes = {
        **with_line("people", 2, "P1,张三,U09,2010-13-01,"),
        **with_line("attendance", 2, "A1,P1,到了,30"),
        **with_line("judgements", 3, "U01,A2,inspection,6,于宝成,,"),
    }
    with pytest.raises(BadInput) as refused:
        kaohe.assess(write(tmp_path / "city", **changes), kind="annual", year=2010)

    shown = next(block for block in blocks(page("data-format", language), "text") if "people.csv" in block)
    assert shown.splitlines()[:-1] == sentences(refused.value.faults, language)


@in_both_languages
def test_every_field_of_the_results_is_explained(examples: Path, language: Language) -> None:
    data = kaohe.assess(examples / "small-city", kind="annual", year=2010).data()
    said = section(page("data-format", language), "results.json")

    unit = data["units"][0]
    fields = [*data["standard"], *data["round"], *unit, *unit["criteria"][0]]
    assert [name for name in fields if f"`{name}`" not in said and f"`{name}[]`" not in said] == []


# The command line


def commands(top: argparse.ArgumentParser, name: str = "kaohe") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    groups = [action for action in top._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield name, top
    for group in groups:
        for word, inner in group.choices.items():
            yield from commands(inner, f"{name} {word}")


COMMANDS = dict(commands(parser("en")))


@in_both_languages
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_explained(language: Language, name: str) -> None:
    text = page("data-format", language) + page("deployment", language)
    said = next(row for row in rows(text) if row[0].startswith(f"`{name}"))

    for action in COMMANDS[name]._actions:
        if not action.option_strings:
            assert str(action.metavar) in said[0].replace("\\|", "|")
        elif action.dest not in ("help", "lang"):
            assert all(f"`{option}`" in said[1] for option in action.option_strings)
    assert "`--lang " in text
    assert "`--help`" in text
    assert "`kaohe --version`" in text


@in_both_languages
@pytest.mark.parametrize("name", ["data-format", "standard-format"])
def test_every_command_that_is_shown_can_be_given(language: Language, name: str) -> None:
    shown = [line for block in blocks(page(name, language), "sh") for line in block.splitlines()]

    assert shown
    for line in shown:
        word, *arguments = shlex.split(line, comments=True)
        assert word == "kaohe"
        parser("en").parse_args(arguments)


@in_both_languages
def test_every_exit_status_is_explained(language: Language) -> None:
    heading = "退出状态" if language == "zh" else "Exit statuses"
    statuses = [row[0] for row in rows(section(page("data-format", language), heading))[1:]]

    assert statuses == ["0", "1", "2", "3", str(INTERRUPTED)]


# The standard


PARTS: Mapping[type[rules.Frozen], tuple[str, ...]] = {
    model.Text: ("`title`",),
    model.Source: ("`source`",),
    model.Group: ("`groups[]`",),
    model.RoundKind: ("`rounds.<kind>`",),
    model.MinimumHours: ("`minimum_hours`",),
    model.Minimum: ("`minimum_hours.self_study`",),
    model.Band: ("`bands[]`",),
    model.Bonus: ("`bonus[]`",),
    model.Overall: ("`overall`",),
    model.Item: ("`items[]`",),
    model.Criterion: ("`items[].criteria[]`",),
    model.Check: ("`items[].criteria[].checklist[]`",),
    model.Decision: ("`decisions[]`",),
    rules.Step: ("`rule.steps[]`",),
    rules.Judged: ("`judged`", "*"),
    rules.Proportional: ("`proportional`", "*"),
    rules.AllOrNothing: ("`all_or_nothing`", "*"),
    rules.Bands: ("`bands`", "*"),
    rules.Points: ("`points`", "*"),
    rules.Count: ("`count`", "*"),
    Standard: ("top",),
}
"""The heading of the section that lists a part's settings; `*`: with what all rules on a metric share."""
TITLES = {
    "top": {"zh": "顶层", "en": "Top level"},
    "*": {"zh": "六种规则", "en": "The six shapes of rules"},
}


CLAUSE_REQUIRED = {model.Criterion, model.Band, model.Bonus, model.Minimum}
"""The linter asks these for their clause, though the model does not."""


def parts(kind: type[rules.Frozen], seen: set[type[rules.Frozen]]) -> set[type[rules.Frozen]]:
    """A part of a standard and every part below it."""
    if kind not in seen:
        seen.add(kind)
        for field in kind.model_fields.values():
            for inner in named(field.annotation):
                parts(inner, seen)
    return seen


def named(annotation: Any) -> Iterator[type[rules.Frozen]]:
    if inspect.isclass(annotation) and issubclass(annotation, rules.Frozen):
        yield annotation
    for inner in get_args(annotation):
        yield from named(inner)


def test_every_part_of_a_standard_has_a_section() -> None:
    assert parts(Standard, set()) == set(PARTS)


@in_both_languages
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_setting_of_a_part_stands_in_its_section(language: Language, part: type[rules.Frozen]) -> None:
    text = page("standard-format", language)
    headings = [TITLES[heading][language] if heading in TITLES else heading for heading in PARTS[part]]
    said = {row[0].strip("`"): row for heading in headings for row in rows(section(text, heading))[1:]}

    assert [name for name in part.model_fields if name not in said] == []
    shared = set(rules.Proportional.model_fields) if "*" in PARTS[part] else set()
    assert set(said) - set(part.model_fields) - shared == set()


@in_both_languages
def test_a_setting_is_shown_with_its_default_or_as_required(language: Language) -> None:
    text = page("standard-format", language)
    wrong = []
    for part, (heading, *_) in PARTS.items():
        listed = rows(section(text, TITLES[heading][language] if heading in TITLES else heading))
        for name, field in part.model_fields.items():
            row = next((row for row in listed if row[0] == f"`{name}`" and len(row) == 3), None)
            if row is not None and not is_default(row[2], field, asked=name == "clause" and part in CLAUSE_REQUIRED):
                wrong.append(f"{heading} {name}")

    assert wrong == []


def is_default(shown: str, field: FieldInfo, *, asked: bool) -> bool:
    """Whether a table's last cell is right: empty where required, else the default where it is a plain value."""
    if field.is_required() or asked:
        return shown == ""
    match field.default:
        case bool():
            return shown == str(field.default).lower()
        case str():
            return shown == f"`{field.default}`"
        case int() | Decimal() | Fraction():
            return shown == str(field.default)
        case _:
            return shown != ""


@in_both_languages
def test_every_metric_that_a_rule_may_use_is_named(language: Language) -> None:
    text = page("standard-format", language)

    assert [name for name in METRICS if f"`{name}`" not in text] == []


def example(language: Language) -> StandardFile:
    (text,) = blocks(page("standard-format", language), "yaml")
    return parse_standard(text.encode(), "mine.yaml")


@in_both_languages
def test_the_example_is_clean_and_has_every_shape_of_rule(language: Language) -> None:
    file = example(language)

    assert lint(file, frozenset(METRICS)).listed == ()
    shapes = {criterion.rule.shape for criterion in file.standard.criteria}
    assert shapes == {"judged", "proportional", "all_or_nothing", "bands", "points", "count"}


def test_the_example_is_the_same_in_both_languages() -> None:
    assert example("zh").content == example("en").content


WITHOUT_POINTS = {"不适用": "absent", "not applicable": "absent", "未计分": "missing", "unscored": "missing"}


@in_both_languages
def test_the_worked_figures_are_right(language: Language) -> None:
    read: TypeAdapter[rules.MeasuredRule] = TypeAdapter(rules.MeasuredRule)
    worked = [row for row in rows(page("standard-format", language)) if row[0].startswith("`{shape")]

    for written, full, figure, points in worked:
        rule = read.validate_python(yaml.safe_load(written.strip("`")))
        above, _, below = figure.partition("/")
        measure = (int(above), int(below)) if below else None
        found = rules.outcome(rule, measure, Decimal(full))
        assert (found.reason if found.points is None else str(found.points)) == WITHOUT_POINTS.get(points, points)
    assert len({row[0].split()[1] for row in worked}) == 5


def changed(text: str, changes: Sequence[tuple[str, str]]) -> StandardFile:
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return parse_standard(text.encode(), "mine.yaml")


@in_both_languages
def test_what_the_linter_is_shown_to_say_it_says(language: Language) -> None:
    text = example(language).content.decode()
    file = changed(text, [("at_least: 60, clause", "at_least: 60, at_most: 89, clause"), ("points: 70", "points: 60")])

    shown = next(block for block in blocks(page("standard-format", language), "text") if "mine.yaml" in block)
    assert shown.splitlines()[:-1] == sentences(lint(file, frozenset(METRICS)), language)


@in_both_languages
def test_the_differences_that_are_shown_are_found(language: Language) -> None:
    file = example(language)
    other = changed(
        file.content.decode(),
        [("at_least: 90, consequence", "at_least: 92, consequence"), ("scale: 5}", "scale: 5, aggregate: min}")],
    )

    shown = next(block for block in blocks(page("standard-format", language), "text") if "→" in block)
    found = compare(file.standard, other.standard)
    assert [line.split("  ", 1)[1] for line in shown.splitlines()[:-1]] == [
        f"{difference.path}  {difference.old} → {difference.new}" for difference in found
    ]


# Python, and all pages


def test_the_python_examples_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = re.sub(r"^```.*$", "", (DOCS / "python.md").read_text("utf-8"), flags=re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest(text, {}, "python.md", "docs/python.md", 0)

    told: list[str] = []
    found = doctest.DocTestRunner(verbose=False).run(examples, out=told.append)

    assert "".join(told) == ""
    assert found.attempted > 20


PAGES = sorted(DOCS.glob("*.md"))


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_link_leads_somewhere(file: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", file.read_text("utf-8"))

    for link in links:
        if "://" not in link:
            name, _, heading = link.partition("#")
            target = file.parent / name if name else file
            assert target.exists(), link
            assert not heading or heading in {anchor(line) for line in target.read_text("utf-8").splitlines()}, link


def anchor(line: str) -> str:
    """A heading as links name it: small letters, no punctuation, a hyphen for each blank."""
    words = line.lstrip("#").strip().lower() if line.startswith("#") else ""
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


@pytest.mark.parametrize("file", [DOCS / "architecture.md"], ids=lambda file: file.name)
def test_the_modules_that_are_named_exist(file: Path) -> None:
    names = set(re.findall(r"`(?:[a-z]+/)*([a-z_]+\.(?:py|sql))\b", file.read_text("utf-8")))
    there = {path.name for folder in ("src", "tests") for path in (ROOT / folder).rglob("*.*")}

    assert names - there == set()

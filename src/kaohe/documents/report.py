"""The report of a round: one HTML file with everything in it, which works from a disk and asks for nothing."""

from decimal import Decimal
from fractions import Fraction

from kaohe.assessment.result import InputFile, RoundResult
from kaohe.documents.as_html import Markup, el, fragment, page, style_sheet
from kaohe.documents.charts import Part, distribution, stacked_bar
from kaohe.documents.numerals import day
from kaohe.documents.report_parts import Subject, figure, heads, points, scrolled, section
from kaohe.documents.report_ranking import ranking_section
from kaohe.documents.report_scores import criteria_section, heat_section
from kaohe.documents.report_self import self_section
from kaohe.documents.report_sheets import sheets_section
from kaohe.standard.figures import half_up
from kaohe.standard.model import Language

FILLS = ("f-d5", "f-d3", "f-d2", "f-d4", "f-d1")
"""The navy of each band from the highest down; the band that is criticised is red."""


def report_html(result: RoundResult, language: Language = "zh", package_digest: str | None = None) -> str:
    """Write the whole report. `package_digest` is the SHA-256 of the verification package, where there is one."""
    subject = Subject(result, language)
    title = _title(subject)
    beside = el("div", _bands(subject), _distribution(subject), self_section(subject), class_="beside")
    main = el(
        "main", _head(subject, title), _notice(subject),
        el("div", el("div", ranking_section(subject)), beside, class_="cols"),
        heat_section(subject), criteria_section(subject), sheets_section(subject), _basis(subject, package_digest),
        id="main", class_="page",
    )  # fmt: skip
    skip = el("a", subject.words.skip, href="#main", class_="skip")
    body = fragment(skip, "\n", _letterhead(subject), "\n", main, "\n", _foot(subject))
    return page(title, body, style=style_sheet("report.css"), language=language)


def _title(subject: Subject) -> str:
    a_round = subject.result.round
    kind = subject.standard.rounds[a_round.kind].title.within(subject.language)
    return subject.words.title.format(year=a_round.year, round=kind)


def _letterhead(subject: Subject) -> Markup:
    words = subject.words
    places = [
        ("ranking", words.ranking), ("bands", words.bands), ("self", words.self_result), ("scores", words.heat),
        ("criteria", words.criteria), ("sheets", words.sheets), ("basis", words.basis),
    ]  # fmt: skip
    links = [el("a", name, href=f"#{anchor}") for anchor, name in places]
    name = subject.standard.source.issuer if subject.language == "zh" else subject.standard.title.en
    brand = el("a", el("b", words.brand), el("span", name), class_="brand", href="#main")
    large = el("label", el("input", type="checkbox", id="large"), f" {words.large}", class_="large", for_="large")
    mine = el("div", el("span", subject.round_name, class_="round"), class_="mast-me")
    menu = el("details", el("summary", words.menu), el("ul", (el("li", link) for link in links)), class_="mast-menu")
    top = el("div", brand, mine, large, menu, class_="mast-top")
    nav = el("nav", links, class_="mast-nav", aria_label=words.contents)
    return el("header", el("div", top, nav, class_="mast-in"), class_="mast")


def _head(subject: Subject, title: str) -> Markup:
    words, units = subject.words, subject.result.units
    told = el("div", el("h1", title), el("p", where_things_stand(subject), class_="sub"))
    totals = [unit.total for unit in units if unit.total is not None]
    mean = points(half_up(Fraction(sum(totals, Decimal(0))) / len(totals))) if totals else "—"
    verified = sum(unit.verified for unit in units)
    pairs = [
        (words.all_units, f"{len(units):,}", ""), (words.verified, f"{verified:,}", f"/ {len(units):,}"),
        (words.average_total, mean, ""),
    ]  # fmt: skip
    small = [el("small", side) if side else None for _, _, side in pairs]
    figs = [el("div", el("dt", n), el("dd", value, side)) for (n, value, _), side in zip(pairs, small, strict=True)]
    return el("div", told, el("dl", figs, class_="figs"), class_="head")


def where_things_stand(subject: Subject) -> str:
    """Say in one breath how many units are scored, in which bands, and how many are verified."""
    words, units = subject.words, subject.result.units
    with_total = sum(unit.total is not None for unit in units)
    form = words.all_scored if with_total == len(units) else words.some_scored
    first = words.count(form, with_total, all=f"{len(units):,}", bands=subject.band_sentence())
    verified = sum(unit.verified for unit in units)
    second = words.count(words.verified_count, verified) + words.pause
    second += words.count(words.self_count, len(units) - verified) + words.stop
    return first + (" " if subject.language == "en" else "") + second


def _notice(subject: Subject) -> Markup | None:
    """Names the units that cannot be published and what they lack, each leading to its sheet."""
    words, waiting = subject.words, subject.result.unscored
    if not waiting:
        return None
    named = [
        fragment(
            el("a", unit.unit.name, href=f"#{subject.anchors[unit.unit.code]}"),
            f"（{'、'.join(unit.unscored)}）" if subject.language == "zh" else f" ({', '.join(unit.unscored)})",
            words.comma if unit is not waiting[-1] else words.stop,
        )
        for unit in waiting
    ]
    rest = fragment(" " if subject.language == "en" else "", words.unscored_rest)
    lead = el("b", words.count(words.unscored_notice, len(waiting)))
    return el("div", lead, el("p", named, rest), class_="notice bad")


def _bands(subject: Subject) -> Markup:
    words = subject.words
    counts = subject.band_counts()
    parts = []
    for (band, count), fill in zip(counts, FILLS * len(counts), strict=False):
        red = band.consequence == "criticism"
        parts.append(Part(count, band.title.within(subject.language), "f-red" if red else fill))
    bar = stacked_bar(parts, label=subject.band_sentence()) if any(count for _, count in counts) else None
    ranges = words.semicolon.join(
        f"{band.title.within(subject.language)}{words.colon}{subject.band_range(band)}" for band, _ in counts
    )
    return section("bands", words.bands, figure(subject.band_sentence(), None, bar), el("p", ranges, class_="src"))


def _distribution(subject: Subject) -> Markup | None:
    words = subject.words
    totals = sorted(unit.total for unit in subject.result.units if unit.total is not None)
    if not totals:
        return None
    middle = half_up(Fraction(totals[(len(totals) - 1) // 2] + totals[len(totals) // 2]) / 2)
    finding = words.distribution_finding.format(low=points(totals[0]), high=points(totals[-1]), median=points(middle))
    chart = figure(finding, words.distribution_unit, distribution(totals, subject.limits(), label=finding))
    return section("totals", words.distribution, chart)


def _basis(subject: Subject, package_digest: str | None) -> Markup:
    words = subject.words
    steps = _recompute(subject, package_digest)
    left = el("div", el("h3", words.standard), _about(subject), el("h3", words.recompute), steps)
    right = el("div", el("h3", words.inputs), _inputs(subject))
    return section("basis", words.basis, el("div", left, right, class_="halves"))


def _about(subject: Subject) -> Markup:
    words, standard, a_round = subject.words, subject.standard, subject.result.round
    version = words.version.format(version=standard.version)
    start, end = (day(value, subject.language) for value in (a_round.start, a_round.end))
    rows = [
        (words.standard, f"{standard.title.within(subject.language)}{words.pause}{standard.id}{words.pause}{version}"),
        (words.document, words.cited.format(title=standard.source.title, number=standard.source.number)),
        (words.digest, el("span", subject.result.file.digest, class_="hash")),
        (words.period, words.period_value.format(start=start, end=end)),
    ]
    return el("dl", [fragment(el("dt", name), el("dd", value)) for name, value in rows], class_="kv")


def _recompute(subject: Subject, package_digest: str | None) -> Markup:
    words = subject.words
    if package_digest is None:
        return fragment(el("p", words.no_package, class_="small"), el("p", words.not_proved, class_="src"))
    digest = package_digest.removeprefix("sha256:")
    steps = [
        fragment(words.step_digest, el("code", "sha256sum verification.zip"), el("span", digest, class_="hash")),
        fragment(words.step_verify, el("code", "kaohe verify verification.zip")),
        words.step_inputs,
    ]
    listed = el("ol", (el("li", step) for step in steps), class_="steps")
    return fragment(listed, el("p", words.not_proved, class_="src"))


def _inputs(subject: Subject) -> Markup:
    words, inputs = subject.words, subject.result.inputs
    if not inputs:
        return el("p", words.no_inputs, class_="small")
    rows = [_input(file) for file in inputs]
    head = heads([(words.file, ""), (words.rows, "num"), ("SHA-256", "")])
    table = el("table", head, el("tbody", rows), class_="tbl files")
    return scrolled(words.inputs, table)


def _input(file: InputFile) -> Markup:
    cells = el("td", f"{file.rows:,}", class_="num"), el("td", file.sha256, class_="hash")
    return el("tr", el("th", file.name, scope="row"), cells)


def _foot(subject: Subject) -> Markup:
    words, standard = subject.words, subject.standard
    version = words.version.format(version=standard.version)
    parts = [
        el("span", words.not_a_circular), el("span", f"{words.standard} {standard.id} {version}"),
        el("span", subject.result.file.digest, class_="hash"),
    ]  # fmt: skip
    return el("footer", el("div", parts, class_="foot-in"), class_="foot")

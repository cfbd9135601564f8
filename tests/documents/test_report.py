"""The report: complete, harmless, in one language, and one file that asks for nothing."""

import base64
import hashlib
import re
from dataclasses import replace
from decimal import Decimal
from html import escape
from html.parser import HTMLParser

import pytest

from kaohe.assessment.result import RoundResult
from kaohe.assessment.scoring import Judgement, UnitResult, score
from kaohe.documents.as_html import Markup, el
from kaohe.documents.reasons import bonus_reason, reason_for, total_reason
from kaohe.documents.report import report_html
from kaohe.documents.report_parts import Subject
from kaohe.documents.report_scores import average
from kaohe.documents.report_self import self_total
from kaohe.standard.figures import Measure
from kaohe.standard.files import parse_standard, read_standard
from kaohe.standard.model import Language, Standard
from tests.builders import city, judgements, result, unit

LANGUAGES: tuple[Language, ...] = ("zh", "en")
HANZI = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
DIGEST = "sha256:" + "ab" * 32


class Reader(HTMLParser):
    """What a browser would find: elements, attributes, texts; tags must match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def ids(self) -> list[str | None]:
        return [value for name, value in self.attributes if name == "id"]


@pytest.fixture(scope="module")
def whole_city() -> RoundResult:
    return city(unscored=2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_and_the_reason_of_every_point_is_in_it(whole_city: RoundResult, language: Language) -> None:
    html = report_html(whole_city, language)

    standard, kind = whole_city.standard, whole_city.round.kind
    for one in whole_city.units:
        sheet = _sheet(html, Subject(whole_city, language).anchors[one.unit.code])
        told = [one.unit.name, one.unit.code, total_reason(one, standard, language)]
        told += [bonus_reason(bonus, standard, language) for bonus in one.bonuses]
        for given in one.criteria:
            reason = reason_for(given, standard, kind, language)
            told += [reason.clause, reason.rule, reason.figures or "", reason.judgement or "", reason.who]
            told += reason.course.split(" → ")
        assert [text for text in told if escape(text, quote=False) not in sheet] == []
        assert sheet.count('class="why"') == 17


def test_the_tags_match_and_every_link_has_a_target(whole_city: RoundResult) -> None:
    page = Reader(report_html(whole_city))

    assert page.open == []
    assert len(page.ids()) == len(set(page.ids()))
    links = {value for name, value in page.attributes if name == "href"}
    assert {link for link in links if not link or link.removeprefix("#") not in page.ids()} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_asks_for_nothing(whole_city: RoundResult, language: Language) -> None:
    html = report_html(whole_city, language)

    page = Reader(html)
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(page.tags)
    assert not {"src", "style", "srcset", "action"} & {name for name, _ in page.attributes}
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "http:" not in html
    assert "https:" not in html
    assert "url(" not in html
    assert "@import" not in html


def test_the_policy_allows_this_style_sheet_and_nothing_else() -> None:
    html = report_html(city(counties=1, departments=1))

    style = html.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'http-equiv="Content-Security-Policy" content="{escape(policy)}"' in html


def test_a_unit_named_like_a_script_is_harmless() -> None:
    standard = read_standard("benxi-2010").standard
    evil = "<script>alert(1)</script>\"'&amp;"
    given = [replace(j, judge=evil, reason=evil) for j in judgements(standard, evil)]

    html = report_html(result([score(standard, unit(code=evil, name=evil), given)]))

    page = Reader(html)
    assert "script" not in page.tags
    assert "".join(page.texts).count(evil) > 17
    assert page.open == []


def test_markup_is_escaped_by_construction() -> None:
    assert el("b", "1 < 2 & 3", Markup("<i>x</i>"), None, 0, ["a", ("b",)], title='"&', hidden=True, id=None) == (
        '<b title="&quot;&amp;" hidden>1 &lt; 2 &amp; 3<i>x</i>0ab</b>'
    )


def test_the_english_report_has_no_chinese_but_names_clauses_and_people(whole_city: RoundResult) -> None:
    html = report_html(whole_city, "en", DIGEST)

    source = whole_city.standard.source
    given = [source.title, source.number]
    given += [criterion.clause or "" for criterion in whole_city.standard.criteria]
    given += [bonus.clause or "" for bonus in whole_city.standard.bonus]
    given += [band.clause or "" for band in whole_city.standard.bands]
    for one in whole_city.units:
        given.append(one.unit.name)
        given += [f"{name}…" for name in (one.unit.name[:11],)]
        given += [t for s in one.criteria for j in s.judgements.values() for t in (j.judge, j.reason or "")]
    text = "\n".join(Reader(html).texts)
    for known in sorted(set(given), key=len, reverse=True):
        text = text.replace(known, "")
    assert HANZI.findall(text) == []
    assert '<html lang="en">' in html


def test_the_chinese_report_has_no_english_word_in_its_headings(whole_city: RoundResult) -> None:
    html = report_html(whole_city, "zh", DIGEST)

    for heading in re.findall(r"<(?:h[1-4]|th|dt|caption)\b[^>]*>(.*?)</(?:h[1-4]|th|dt|caption)>", html):
        plain = re.sub(r"<[^>]+>|\b[A-D]\d\b|SHA-256|\w+\.csv", "", heading)
        assert not re.search(r"[A-Za-z]{2,}", plain), heading


def test_where_things_stand_is_said_first(whole_city: RoundResult) -> None:
    scored = report_html(city())
    waiting = report_html(whole_city)

    assert "46个单位全部计分：全面完成4个、基本完成36个、未完成6个。14个已核，32个的评判指标仍为自评分。" in scored
    assert 'class="notice bad"' not in scored
    assert "46个单位中44个有总分" in waiting
    assert "2个单位没有总分，尚不能公布" in waiting


def test_ties_share_a_rank_and_say_so() -> None:
    standard = read_standard("benxi-2010").standard
    scores = {"D01": "5", "D02": "5", "D03": "4"}
    units = [score(standard, unit(code=c, name=c), judgements(standard, c, {"A1": p})) for c, p in scores.items()]

    html = report_html(result(units))

    overall = html.split('class="panel"')[1]
    ranks = re.findall(r'<td class="num strong">(\d+)</td><td class="num opt">(\d*)</td><th scope="row">', overall)
    assert ranks == [("1", "1"), ("1", "1"), ("3", "3")]
    assert overall.count('class="tag">并列<') == 2


def test_units_without_a_total_stand_last_and_name_what_is_missing(whole_city: RoundResult) -> None:
    overall = report_html(whole_city).split('class="panel"')[1]

    last = overall.rsplit('<tr class="grp', 1)[1]
    assert last.count("<tr>") == 2
    assert last.count('<span class="tag bad">B6</span>') == 2


def test_a_standard_that_ranks_only_the_verified_leaves_the_others_without_a_rank() -> None:
    file = read_standard("benxi-2010")
    file = parse_standard(file.content.replace(b"rank: all", b"rank: verified"), "v.yaml")
    own = score(file.standard, unit("D02", "市财政局"), judgements(file.standard, "D02", stage="self"))
    seen = score(file.standard, unit("D01"), judgements(file.standard, "D01"))

    overall = report_html(result([own, seen], file)).split('class="panel"')[1]

    assert "不排名" in overall
    assert overall.index("市教育局") < overall.index("不排名") < overall.index("市财政局")


def test_a_cell_without_a_score_says_which_kind_it_is(whole_city: RoundResult) -> None:
    html = report_html(whole_city)

    missing = sum(len(one.unscored) for one in whole_city.units)
    absent = sum(len(one.not_applicable) for one in whole_city.units)
    assert html.count('<td class="un"><span aria-hidden="true">未</span><span class="sr">未计分</span></td>') == missing
    assert html.count('<td class="na"><span aria-hidden="true">—</span><span class="sr">不适用</span></td>') == absent


def test_the_average_of_a_criterion_leaves_out_who_has_none() -> None:
    standard = read_standard("benxi-2010").standard
    units = [
        _scored(standard, "D01", self_study_rate=(1, 2)),
        _scored(standard, "D02", self_study_rate=(3, 4)),
        _scored(standard, "D03", self_study_rate=(0, 0)),
    ]

    mean = average(standard.criterion("B3"), units)

    # 2.50 and 3.75 of 5: the mean is 3.125, printed 3.13; 62.5% is printed 63.
    assert (mean.mean, mean.rate, mean.not_applicable, mean.in_full) == (Decimal("3.13"), 63, 1, 0)


def test_the_self_total_takes_the_units_own_scores_where_it_gave_any() -> None:
    standard = read_standard("benxi-2010").standard
    own = Judgement("D01", "A1", "self", Decimal(5), "本单位")
    one = score(standard, unit(), [*judgements(standard, "D01", {"A1": "3"}), own])

    assert one.total is not None
    assert self_total(one, standard) == one.total + 2
    assert self_total(score(standard, unit(), judgements(standard, "D01")), standard) is None


def test_the_digests_and_the_way_to_recompute_are_at_the_end() -> None:
    some = city(counties=1, departments=1)

    with_package = report_html(some, "zh", DIGEST)
    without = report_html(some)

    for told in (some.file.digest, "ab" * 32, "kaohe verify verification.zip", "people.csv", "6,000", "0" * 64):
        assert told in with_package
    assert "kaohe verify" not in without
    assert "没有附验证包" in without


def test_a_city_fits_into_one_point_two_megabytes_and_is_the_same_every_time(whole_city: RoundResult) -> None:
    html = report_html(whole_city)

    assert len(html.encode()) < 1_200_000
    assert report_html(whole_city) == html


def test_more_than_four_hundred_units_have_folded_sheets() -> None:
    few = city(counties=1, departments=1)
    template = few.units[0]
    units = [replace(template, unit=replace(template.unit, code=f"U{n:04}")) for n in range(401)]

    html = report_html(replace(few, units=tuple(units)))

    assert html.count('<details class="fold">') == 401
    assert '<details class="fold">' not in report_html(few)


def test_a_round_without_a_total_or_a_unit_still_makes_a_report() -> None:
    standard = read_standard("benxi-2010").standard
    nobody = score(standard, unit(), [])

    for some in (result([nobody]), result([])):
        page = Reader(report_html(some))
        assert page.open == []
    assert "没有可以排名的单位" in report_html(result([]))


def _scored(standard: Standard, code: str, **changes: Measure) -> UnitResult:
    return score(standard, unit(code=code, **changes), judgements(standard, code))


def _sheet(html: str, anchor: str) -> str:
    return html.split(f'<article class="doc" id="{anchor}"')[1].split("</article>", maxsplit=1)[0]

"""Values for tests: good defaults, no surprises. Everything is made from a seed and from arguments."""

import random
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from kaohe.assessment.ranking import rank
from kaohe.assessment.result import InputFile, Round, RoundResult
from kaohe.assessment.scoring import Judgement, Stage, Unit, UnitResult, score
from kaohe.standard.figures import Measure
from kaohe.standard.files import StandardFile, read_standard
from kaohe.standard.model import Standard

COUNTIES = ("平山区", "溪湖区", "明山区", "南芬区", "本溪满族自治县", "桓仁满族自治县")
DEPARTMENTS = (
    "市政府办公厅", "市发展和改革委员会", "市经济和信息化委员会", "市教育局", "市科学技术局", "市民族和宗教事务局", "市公安局", "市监察局",
    "市民政局", "市司法局", "市财政局", "市人力资源和社会保障局", "市国土资源局", "市环境保护局", "市规划局", "市城乡建设委员会",
    "市房产局", "市城市管理综合行政执法局", "市交通局", "市水务局", "市农村经济委员会", "市林业局", "市畜牧兽医局", "市服务业委员会",
    "市对外贸易经济合作局", "市文化广电新闻出版局", "市卫生局", "市人口和计划生育委员会", "市审计局",
    "市国有资产监督管理委员会", "市体育局", "市统计局", "市安全生产监督管理局", "市食品药品监督管理局", "市旅游局", "市粮食局",
    "市人民防空办公室", "市外事侨务办公室", "市法制办公室", "市信访局",
)  # fmt: skip

ANNUAL_2010 = Round("annual", 2010, date(2010, 1, 1), date(2010, 12, 31))


def metrics(**changes: Measure) -> dict[str, Measure]:
    """The figures of a unit of 40 people in good order; name a metric to change it."""
    figures: dict[str, Measure] = {
        "participation_rate": (40, 40), "self_study_rate": (36, 40), "online_rate": (33, 40),
        "quota_fill_rate": (3, 3), "class_points": (14, 3), "class_points_least": (4, 1),
        "city_contest_kinds": (2, 1), "city_finals": (1, 1), "province_entries": (0, 1), "province_placings": (0, 1),
        "textbook_rate": (34, 40), "handbook_rate": (40, 40), "appraisal_rate": (38, 40), "bulletin_count": (6, 1),
    }  # fmt: skip
    return figures | changes


def unit(code: str = "D01", name: str = "市教育局", group: str = "department", **changes: Measure) -> Unit:
    """A department of 40 people."""
    return Unit(code, name, group, 40, metrics(**changes))


def judgements(
    standard: Standard, code: str, points: Mapping[str, str] | None = None, stage: Stage = "inspection"
) -> list[Judgement]:
    """One judgement for each judged criterion, full points unless `points` says otherwise."""
    given = dict(points or {})
    return [
        Judgement(code, c.id, stage, Decimal(given.get(c.id, c.points)), "于宝成", "依据材料")
        for c in standard.criteria
        if c.kind == "judged"
    ]


def result(units: Iterable[UnitResult], file: StandardFile | None = None) -> RoundResult:
    """The 2010 annual round over these units, ranked."""
    file = file or read_standard("benxi-2010")
    inputs = (InputFile("people.csv", "0" * 64, 6000), InputFile("units.csv", "1" * 64, 46))
    return RoundResult(file, ANNUAL_2010, rank(file.standard, units), inputs)


def city(*, counties: int = 6, departments: int = 40, seed: int = 2010, unscored: int = 0) -> RoundResult:
    """A whole city of good and poor units under benxi-2010, some verified, some not, with all kinds of scores."""
    rng = random.Random(seed)
    file = read_standard("benxi-2010")
    named = [(f"2105{i:02}", name, "county") for i, name in enumerate(COUNTIES[:counties], 2)]
    named += [(f"D{i:02}", name, "department") for i, name in enumerate(DEPARTMENTS[:departments], 1)]
    results = [_some_unit(file.standard, rng, *who, unscored=i < unscored) for i, who in enumerate(named)]
    return result(results, file)


def _some_unit(
    standard: Standard, rng: random.Random, code: str, name: str, group: str, *, unscored: bool
) -> UnitResult:
    staff = rng.randint(18, 260)
    skill = rng.choice([0.45, 0.6, 0.75, 0.85, 0.92, 0.97, 1.0])

    def part(whole: int) -> Measure:
        return (sum(rng.random() < skill for _ in range(whole)), whole)

    figures = metrics(
        participation_rate=(staff - rng.randint(0, 3), staff), self_study_rate=part(staff), online_rate=part(staff),
        quota_fill_rate=part(rng.choice([0, 2, 4, 6])), handbook_rate=part(staff), appraisal_rate=part(staff),
        textbook_rate=(round(staff * rng.uniform(0.5, 1.05)), staff), city_contest_kinds=(rng.randint(0, 2), 1),
        city_finals=(rng.randint(0, 1), 1), province_entries=(int(rng.random() < 0.12), 1),
    )  # fmt: skip
    trainees = rng.choice([0, 4, 7, 11])
    figures["class_points"] = (sum(rng.choice([5, 5, 5, 4, 0]) for _ in range(trainees)), trainees)
    figures["class_points_least"] = (0, 1) if trainees else (0, 0)
    if figures["province_entries"] == (1, 1):
        figures["province_placings"] = (rng.randint(0, 1), 1)
    given = []
    visited = rng.random() < 0.3
    for criterion in standard.criteria:
        if criterion.kind == "judged" and not (unscored and criterion.id == "B6"):
            own = (criterion.points * Decimal(rng.randint(int(skill * 8), 10)) / 10).quantize(Decimal("0.01"))
            given.append(Judgement(code, criterion.id, "self", own, "本单位", "自评材料齐全"))
            if visited:
                seen = max(Decimal(0), own - rng.choice([0, 0, Decimal("0.5"), 1]))
                given.append(
                    Judgement(
                        code, criterion.id, "inspection", seen, "于宝成", "方案未写明责任处室，会议记录1次", "佐证3份"
                    )
                )
        elif rng.random() < 0.1:
            given.append(Judgement(code, criterion.id, "self", criterion.points, "本单位"))
    if visited and rng.random() < 0.4:
        given.append(Judgement(code, "D2", "review", Decimal("3.50"), "于晓岚", "现场清点手册与领取记录不符"))
    return score(standard, Unit(code, name, group, staff, figures), given)

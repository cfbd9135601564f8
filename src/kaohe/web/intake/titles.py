"""What files may hold: the ten tables and the whole city folder, by name, in both languages."""

from collections.abc import Mapping

from kaohe.web.intake.models import CITY
from kaohe.web.lang.choice import say

TITLES: Mapping[str, tuple[str, str]] = {
    CITY: ("整个城市文件夹", "a whole city folder"),
    "units": ("单位", "units"),
    "people": ("人员", "people"),
    "activities": ("训练活动", "activities"),
    "attendance": ("出勤", "attendance"),
    "quotas": ("调训名额", "quotas"),
    "contests": ("竞赛", "contests"),
    "supplies": ("教材手册", "supplies"),
    "appraisals": ("考核测评", "appraisals"),
    "bulletins": ("训练信息", "bulletins"),
    "judgements": ("评分", "judgements"),
}


def title_of(table: str) -> str:
    """Say the name of a table."""
    return say(*TITLES[table])

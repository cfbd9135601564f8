"""Names for the synthetic city: surnames as frequent as in life, given names of one or two characters.

Everybody is invented. Shares of surnames follow the counts of the household registers (per ten
thousand), with a few that are at home in Liaoning; a pinch of rare characters tests fonts and encodings.
"""

from bisect import bisect_right
from itertools import accumulate

from kaohe.ledger.synthesis_chance import Chance

_SHARES = """
王725 李719 张683 刘538 陈353 杨308 赵289 黄143 周192 吴185 徐173 孙174 胡111 朱116 高131 林88 何97 郭125 马125
罗65 梁84 宋101 郑78 谢52 韩88 唐55 冯64 于112 董71 肖59 程57 曹57 袁55 邓44 许54 傅41 沈40 曾30 彭39 吕57 苏46
卢46 蒋45 蔡34 贾42 丁42 魏52 薛40 叶40 闫48 余28 潘37 杜37 戴35 夏35 钟24 汪34 田43 任33 姜63 范32 方31 石30
姚30 谭20 廖20 邹29 熊19 金49 陆28 郝27 孔27 白36 崔36 康26 毛25 邱25 秦25 江24 史24 顾23 侯33 邵23 孟32 龙22
万22 段21 雷21 钱20 汤20 尹30 黎9 易8 常18 武18 乔17 贺17 文12 关32 佟21 那14 富9 鞠9 迟11 曲21 隋14 栾12 单10
矫5 宫9 初7 丛8 欧阳3 上官2 司马1 诸葛1 慕容1
"""
_SURNAMES = tuple(entry.rstrip("0123456789") for entry in _SHARES.split())
_CUMULATED = tuple(accumulate(int(entry[len(name) :]) for entry, name in zip(_SHARES.split(), _SURNAMES, strict=True)))

_OF_MEN = (
    "伟强军勇杰涛明超刚平辉鹏飞鑫波斌宇浩凯健俊帅旭宁龙阳岩峰磊毅博亮东",
    "建志文国德永玉宝洪春晓庆振立景世长广殿家俊海忠成福立金学兆云",
    "国军华平明强东伟杰生林山海成祥斌武义民利文君刚涛峰臣全友波权",
)
_OF_WOMEN = (
    "芳娜敏静丽艳娟霞燕玲洁梅琳婷雪莹颖岩红倩欣瑶悦晶爽蕾",
    "丽桂淑秀玉晓春艳海雪凤红亚佳慧思月冬立文美金素",
    "华英兰珍芳梅敏玲娟霞艳云杰红萍岚洁丹妍君琴茹媛晶颖",
)
"""Given names of one character; first and second characters of the others."""

_RARE = "喆堃翀"


def invented_name(chance: Chance) -> str:
    """Return one invented person's name."""
    surname = _SURNAMES[bisect_right(_CUMULATED, chance.whole(0, _CUMULATED[-1] - 1))]
    alone, first, second = _OF_MEN if chance.happens(0.61) else _OF_WOMEN
    return surname + _given(chance, alone, first, second)


def _given(chance: Chance, alone: str, first: str, second: str) -> str:
    drawn = chance.share()
    if drawn < 0.004:
        return chance.choice(_RARE) if drawn < 0.0015 else chance.choice(first) + chance.choice(_RARE)
    return chance.choice(alone) if drawn < 0.27 else chance.choice(first) + chance.choice(second)

"""README.txt of the verification package: what it is and how to check it, Chinese first, then English."""

from kaohe.assessment.result import RoundResult

_TEXT = """\
考核结果核验包
==============
考核标准：{zh}（{id}，第{version}版）
考核周期：{start} 至 {end}
单位数：{units}

这是什么
  公布的考核结果所依据的全部内容。凭此包，任何人不联网就能把全部得分、总分、档次和名次重新算一遍。

怎样核对
  1. 核对摘要：sha256sum verification.zip（Windows：certutil -hashfile verification.zip SHA256），
     与通报上印的摘要逐位比较。
  2. 重新计算：kaohe verify verification.zip；没有安装考核系统的，用任何一份 Python 3.9 以上版本和
     单个文件 verifier.py（不依赖任何其他程序）：python verifier.py verification.zip --digest 通报上的摘要

证明什么
  结果确由包内的数字和评判按包内的标准算出；摘要与通报一致的，摘要印出之后包内没有任何改动。
不能证明什么
  数字和评判本身是否属实；standard.json 与 standard.yaml 意思是否一致（前者供计算，后者供阅读）。

里面有什么
  standard.yaml    考核标准原文件
  standard.json    同一标准，供程序读取
  units.json       各单位的人数和各项指标（线上数/线下数；null 为未报）
  judgements.json  全部评分：环节、得分、评分人、理由、佐证
  results.json     结果：各项得分、来源、理由代码、加分、总分、档次、名次
  manifest.json    格式、周期、原始文件及各成员的 SHA-256、各单位摘要
  包内没有任何公务员个人的训练记录，只有单位一级的数字。


Verification package of an assessment
=====================================
Standard: {en} ({id}, version {version})
Round: {start} to {end}
Units: {units}

What this is
  All that the published result rests on. With it anyone can recompute every score, total, band and rank, offline.

How to check it
  1. The digest: sha256sum verification.zip (Windows: certutil -hashfile verification.zip SHA256),
     compared digit by digit with the one printed on the circular.
  2. The recomputation: kaohe verify verification.zip; or, without Kaohe, any Python from 3.9 on and the
     single file verifier.py, which needs nothing else: python verifier.py verification.zip --digest HEX

What it proves
  The results follow from the figures and judgements in here under the standard in here; and, where the digest
  is the printed one, nothing in here was altered after that digest was printed.
What it does not prove
  That the figures and judgements are true; that standard.json (for computing) says what standard.yaml (for
  reading) says.

What is inside
  standard.yaml    the standard's file, as it was read
  standard.json    the same standard, for programs
  units.json       headcount and figures of each unit (above and below the line; null: never given)
  judgements.json  all judgements: stage, points, judge, reason, evidence
  results.json     the results: scores, sources, reason codes, bonus, totals, bands, ranks
  manifest.json    format, round, SHA-256 of the input files and of each member, a digest for each unit
  There is no training record of any civil servant in here, only figures of whole units.
"""


def readme(result: RoundResult) -> str:
    """Return the text for a round. It names no machine, path or time, so that packages stay identical."""
    standard, a_round = result.standard, result.round
    return _TEXT.format(
        zh=standard.title.zh, en=standard.title.en, id=standard.id, version=standard.version,
        start=a_round.start.isoformat(), end=a_round.end.isoformat(), units=len(result.units),
    )  # fmt: skip

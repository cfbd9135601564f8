"""`kaohe standard`: list, show, lint and compare standards."""

import argparse
from collections.abc import Iterator

from kaohe.cli.console import Console, Language, table
from kaohe.documents.band_wording import band_range, ordered_bands
from kaohe.documents.fault_wording import sentences
from kaohe.documents.rule_wording import rule_sentence
from kaohe.fault import BadInput
from kaohe.standard.compare import Difference
from kaohe.standard.compare import compare as differences
from kaohe.standard.files import library, read_standard
from kaohe.standard.lint import lint as findings_of
from kaohe.standard.model import Check, Criterion, Item, Standard

CHANGES = {
    "added": ("增加", "added"),
    "removed": ("删去", "removed"),
    "changed": ("改动", "changed"),
    "moved": ("移动", "moved"),
}


def list_all(options: argparse.Namespace, console: Console) -> int:
    """List the standards that come with the program."""
    files = [read_standard(name) for name in library()]
    head = ("名称", "版本", "标题") if console.language == "zh" else ("name", "version", "title")
    rows = [(f.standard.id, f.standard.version, f.standard.title.within(console.language)) for f in files]
    console.lines(table(head, rows, ("left", "left", "left")))
    return 0


def show(options: argparse.Namespace, console: Console) -> int:
    """Show a standard: its items and criteria with points, rules and clauses, bands, bonus and decisions."""
    file = read_standard(options.name)
    console.lines(_shown(file.standard, console.language))
    console.say(f"\n文件 {file.name}　{file.digest}", f"\nfile {file.name}  {file.digest}")
    return 0


def lint(options: argparse.Namespace, console: Console) -> int:
    """Check a standard: exit status 0 where it is clean, 1 with findings, each with its place and remedy."""
    from kaohe.ledger.metrics import METRICS

    try:
        findings = findings_of(read_standard(options.name), frozenset(METRICS))
    except BadInput as refused:
        findings = refused.faults
    console.lines(sentences(findings, console.language))
    count = len(findings)
    if count:
        console.say(f"共 {count} 个问题。", f"{count} finding{'s' if count > 1 else ''}.")
    else:
        console.say("没有问题。", "Clean.")
    return 1 if count else 0


def compare(options: argparse.Namespace, console: Console) -> int:
    """Compare two standards, setting by setting, matched by id."""
    found = differences(read_standard(options.old).standard, read_standard(options.new).standard)
    console.lines(_difference(difference, console.language) for difference in found)
    console.say(f"共 {len(found)} 处不同。", f"{len(found)} differences.")
    return 0


def _difference(difference: Difference, language: Language) -> str:
    kind = CHANGES[difference.kind][0 if language == "zh" else 1]
    change = " → ".join(text for text in (difference.old, difference.new) if text is not None)
    return f"{kind}  {difference.path}" + (f"  {change}" if change else "")


def _shown(standard: Standard, language: Language) -> Iterator[str]:
    zh = language == "zh"
    yield (
        f"{standard.title.within(language)}（{standard.id}，{standard.version}）"
        if zh
        else (f"{standard.title.en} ({standard.id}, version {standard.version})")
    )
    yield f"{standard.source.number}　{standard.source.title}"
    for item in standard.items:
        yield from _item(item, standard, language)
    yield ""
    yield "档次" if zh else "Bands"
    for band in ordered_bands(standard):
        yield f"  {band.title.within(language)}  {band_range(standard, band, language)}  {band.clause or ''}".rstrip()
    for bonus in standard.bonus:
        yield f"  {bonus.id}  +{bonus.points}  {bonus.title.within(language)}  {bonus.clause or ''}".rstrip()
    if standard.decisions:
        yield ""
        yield "文件未写明之处和采用的办法" if zh else "What the document leaves open, and what was decided"
    for decision in standard.decisions:
        yield f"  {decision.number:>2}  {decision.question.within(language)}"
        yield f"      → {decision.decided.within(language)}"
        yield f"        {decision.clause}" + (f"  {decision.setting}" if decision.setting else "")


def _item(item: Item, standard: Standard, language: Language) -> Iterator[str]:
    unit = "分" if language == "zh" else " points"
    yield ""
    yield f"{item.id}  {item.title.within(language)}  {item.points:f}{unit}"
    for criterion in item.criteria:
        yield from _criterion(criterion, standard, language)


def _criterion(criterion: Criterion, standard: Standard, language: Language) -> Iterator[str]:
    unit = "分" if language == "zh" else " points"
    yield f"  {criterion.id}  {criterion.title.within(language)}  {criterion.points:f}{unit}  {criterion.clause or ''}".rstrip()
    wordings = {"": criterion.wording} if isinstance(criterion.wording, str) else criterion.wording
    for group, wording in wordings.items():
        named = f"{standard.group(group).title.within(language)}{'：' if language == 'zh' else ': '}" if group else ""
        yield f"      {named}{wording}"
    kind = next(iter(standard.rounds))
    kind = "annual" if "annual" in standard.rounds else kind
    rule = rule_sentence(criterion, standard, kind, language)
    yield f"      规则：{rule}" if language == "zh" else f"      rule: {rule}"
    if criterion.evidence:
        yield f"      考核办法：{criterion.evidence}" if language == "zh" else f"      evidence: {criterion.evidence}"
    if criterion.checklist:
        checks = [check.title.within(language) + _local(check, language) for check in criterion.checklist]
        yield f"      细目：{'、'.join(checks)}" if language == "zh" else f"      checklist: {', '.join(checks)}"


def _local(check: Check, language: Language) -> str:
    """Mark what the document lacks and the place added (decision 18)."""
    return "" if not check.local else "（本地补充）" if language == "zh" else " (local addition)"

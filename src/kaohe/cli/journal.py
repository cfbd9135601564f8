"""`kaohe journal verify`, `kaohe journal export`: the deployment's own journal, and what was taken out of it."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from kaohe.cli.console import Console
from kaohe.proof import journal_verifier

MOST_TOLD = 20
FOUND, CANNOT = 1, 2


def verify(options: argparse.Namespace, console: Console) -> int:
    """Check files by the stand-alone verifier, or where none is named the deployment's database, which is only read.

    Exit status 0 nothing is wrong, 1 something is and the first of it is named, 2 there is nothing that could be read.
    """
    if options.file:
        return max(_verify_file(name, options, console) for name in options.file)
    if _open(options, console):
        return _verify_database(options.checkpoint, console)
    return CANNOT


def export(options: argparse.Namespace, console: Console) -> int:
    """Write the whole journal as `journal.jsonl`, which the stand-alone verifier reads; the export is an entry."""
    if not _open(options, console):
        return CANNOT
    from django.utils import timezone

    from kaohe.web.journal.export import journal_file

    path, count = Path(options.out), -1
    file = path.open("xb")
    try:
        with file:
            for line in journal_file("system", timezone.now()):
                file.write(line)
                count += 1
    except BaseException:
        path.unlink()  # a part of a journal looks like one that was cut off
        raise
    console.say(f"已写出 {path}，{count:,} 条。", f"Wrote {path}, {count:,} entries.")
    return 0


def _verify_file(name: str, options: argparse.Namespace, console: Console) -> int:
    """One file: an export, or (`.json`) a proof."""
    arguments = ["--proof", name] if name.endswith(".json") else [name]
    if options.checkpoint:
        arguments += ["--checkpoint", *options.checkpoint]
    if options.key:
        arguments += ["--key", options.key]
    if len(options.file) > 1:
        console.say(f"{name}：", f"{name}:")
        console.out.flush()
    return journal_verifier.main([*arguments, "--lang", console.language])


def _open(options: argparse.Namespace, console: Console) -> bool:
    """Open the deployment; False, and said, where its tables are of another version. BadInput where there is none."""
    from kaohe.cli.server import opened, refused_without_key
    from kaohe.web.config import deployment

    opened(options)
    from kaohe.web.journal import signing_key

    with refused_without_key():
        signing_key.known_key()
    if deployment.pending():
        console.tell(
            "数据库还没有升级：先运行 kaohe migrate。",
            "The database is not up to date: run `kaohe migrate` first.",
            "red",
        )
        return False
    return True


def _verify_database(kept: Sequence[str], console: Console) -> int:
    """Check the database of this process, and whatever checkpoints somebody kept."""
    from django.utils import translation

    from kaohe.web.journal.queries import difference_text
    from kaohe.web.journal.verification import Tally, differences
    from kaohe.web.lang.choice import DJANGO_CODES

    tally, count = Tally(), 0
    with translation.override(DJANGO_CODES[console.language]):
        for one in differences(tally, lambda done, of: console.progress(f"{done:,} / {of:,}", f"{done:,} of {of:,}")):
            count += 1
            if count <= MOST_TOLD:
                console.clear()
                text = difference_text(one.code, one.seq if isinstance(one.seq, int) else None, one.place)
                console.say(text, text)
                _detail(one.found, one.expected, console)
        console.clear()
        count += sum([not _agrees(name, console) for name in kept])
    _sum_up(tally.entries, tally.checkpoints, tally.signed, count, console)
    return FOUND if count else 0


def _detail(found: str, expected: str, console: Console) -> None:
    if found:
        console.say(f"    所载：{found}", f"    found: {found}")
    if expected:
        console.say(f"    应为：{expected}", f"    should be: {expected}")


def _agrees(name: str, console: Console) -> bool:
    """Hold a kept checkpoint against the log, and say what came of it."""
    from kaohe.web.journal.checkpoints import compare
    from kaohe.web.journal.comparison import LONGEST, comparison_text

    with Path(name).open("rb") as file:
        compared = compare(file.read(LONGEST).decode("utf-8-sig", "replace"))
    told = comparison_text(compared)
    console.say(f"{name}：{told.title}。{told.text}", f"{name}: {told.title}. {told.text}")
    return compared.code in ("same", "unsigned", "unchecked")


def _sum_up(entries: int, checkpoints: int, signed: bool, count: int, console: Console) -> None:
    from kaohe.web.lang.choice import many

    if count > MOST_TOLD:
        console.say(f"另有 {count - MOST_TOLD:,} 处", f"and {count - MOST_TOLD:,} more")
    if not signed:
        console.say(
            "签名未核对：这台机器上没有 keys/journal-key。",
            "The signatures were not checked: keys/journal-key is not on this machine.",
        )
    if count:
        console.say(
            f"{entries:,} 条、{checkpoints:,} 个检查点中有 {count:,} 处不对。",
            f"{count:,} wrong in {many(entries, 'entry', 'entries')} and {many(checkpoints, 'checkpoint', 'checkpoints')}.",
        )
    else:
        console.say(
            f"核对无误：{entries:,} 条连续无缺，与 {checkpoints:,} 个检查点相符。没有证明：条目属实，最后一个检查点之后的事。",
            f"Verified: {many(entries, 'entry', 'entries')} without a gap, in agreement with {many(checkpoints, 'checkpoint', 'checkpoints')}. Not proved: that an entry is true, and anything after the last checkpoint.",
        )

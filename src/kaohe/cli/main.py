"""`kaohe`: the parser of all commands. Nothing heavy is imported before a command runs."""

import argparse
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from types import FrameType
from typing import NoReturn

from kaohe.cli.console import Console, Language, console

INTERRUPTED = 130
Command = Callable[[argparse.Namespace, Console], int]

HELP: dict[str, tuple[str, str]] = {
    "kaohe": (
        "考核：把一座城市的训练记录变成得分、排名和情况通报。\n\n"
        "  kaohe synthesise 示例 --scale 1 --seed 7          造一座虚构的城市来试用\n"
        "  kaohe assess 示例 --round annual --year 2010      计分、排名，写出通报、评分单、工作簿、网页和验证包\n"
        "  kaohe explain 示例 D04 B3 --round annual --year 2010   某单位某项为什么得这些分\n"
        "  kaohe verify 示例/results/verification.zip        不信任何人，自己重算一遍\n"
        "  kaohe template 模板                               写出各表的空白 Excel 模板",
        "Kaohe: from a city's training records to scores, ranks and the official circular.\n\n"
        "  kaohe synthesise city --scale 1 --seed 7          make an invented city to try it on\n"
        "  kaohe assess city --round annual --year 2010      score and rank it; write circular, sheets, workbook, report, package\n"
        "  kaohe explain city D04 B3 --round annual --year 2010   say why a unit has its points\n"
        "  kaohe verify city/results/verification.zip        trust nobody: recompute the result\n"
        "  kaohe template forms                              write the empty Excel templates",
    ),
    "assess": ("考核一个文件夹：计分、排名，写出全部结果", "assess a folder: score, rank, write every result"),
    "explain": ("说明一个单位为什么得这些分", "say why a unit has its points"),
    "verify": ("离线重算一个验证包", "recompute a verification package, offline"),
    "standard": ("考核标准：列出、查看、检查、比较", "standards: list, show, lint, compare"),
    "template": ("写出空白 Excel 模板", "write the empty Excel templates"),
    "synthesise": ("造一座虚构的城市", "make an invented city"),
    "list": ("列出自带的标准", "list the standards that come with the program"),
    "show": ("查看一个标准：项目、指标、分值、规则、条款", "show a standard: items, criteria, points, rules, clauses"),
    "lint": ("检查一个标准文件（0 无问题，1 有问题）", "check a standard's file (0 clean, 1 findings)"),
    "compare": ("比较两个标准", "compare two standards"),
    "folder": (
        "存放各表的文件夹（units、people 必备）",
        "the folder that holds the tables (units and people at least)",
    ),
    "round": ("哪种考核，如 half_year、annual", "the kind of round, such as half_year or annual"),
    "year": ("年份", "the year"),
    "standard_option": ("标准的名称或文件（默认 benxi-2010）", "a standard's name or file (default: benxi-2010)"),
    "out": ("结果写到哪里（默认 FOLDER/results）", "where the results go (default: FOLDER/results)"),
    "start": ("考核期首日，代替标准所定", "first day of the period, in place of the standard's"),
    "end": ("考核期末日，代替标准所定", "last day of the period, in place of the standard's"),
    "engine": ("在哪个数据库引擎上计算指标", "the engine that measures"),
    "json_only": ("只写 results.json", "write results.json alone"),
    "lang": (
        "提示和文件的语言（默认：提示随系统，文件用中文）",
        "language of messages and files (default: the locale's; files in Chinese)",
    ),
    "number": (
        "通报的文号（序号或全号；不写则留空）",
        "number of the circular (running or whole; left blank otherwise)",
    ),
    "date": ("通报的成文日期（不写则留空）", "date of the circular (left blank otherwise)"),
    "fonts": (
        "本单位字体所在文件夹，可写多次（也可用环境变量 KAOHE_FONT_DIRS）",
        "folder of the office's own faces, may be repeated (or set KAOHE_FONT_DIRS)",
    ),
    "unit": ("单位代码", "the unit's code"),
    "criterion": ("指标编号（不写则全部）", "the criterion's id (all where it is left out)"),
    "package": ("验证包", "the verification package"),
    "digest": ("通报上印的 SHA-256，一并核对", "the SHA-256 printed on the circular, compared as well"),
    "name": ("标准的名称或文件", "a standard's name or file"),
    "old": ("旧标准", "the old standard"),
    "new": ("新标准", "the new standard"),
    "directory": ("写到哪个文件夹", "the folder to write into"),
    "overwrite": ("覆盖同名文件", "replace files of the same name"),
    "scale": ("几座这样的城市（默认 1）", "how many such cities (default: 1)"),
    "seed": ("种子：同样的种子造出同样的城市", "the seed: the same seed makes the same city"),
    "form": ("文件格式（默认 CSV）", "format of the files (default: CSV)"),
    "version": ("显示版本", "show the version"),
}


class _Parser(argparse.ArgumentParser):
    """Keeps the line breaks of the examples."""

    def __init__(self, **options: object) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **options)  # type: ignore[arg-type]


class _Version(argparse.Action):
    """Says the version, which is looked up only now."""

    def __call__(self, parser: argparse.ArgumentParser, *arguments: object, **options: object) -> NoReturn:
        from kaohe import __version__

        print(f"kaohe {__version__}")  # noqa: T201
        parser.exit()


def parser(language: Language) -> argparse.ArgumentParser:
    """Build the parser, its help in one of the two languages."""

    def text(key: str) -> str:
        return HELP[key][0 if language == "zh" else 1]

    top = _Parser(prog="kaohe", description=text("kaohe"))
    top.add_argument("--version", action=_Version, nargs=0, help=text("version"))
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    def command(group: "argparse._SubParsersAction[_Parser]", name: str, runs: str) -> _Parser:
        made = group.add_parser(name, help=text(name), description=text(name))
        made.set_defaults(runs=runs)
        made.add_argument("--lang", choices=("zh", "en"), help=text("lang"))
        return made

    def of_round(made: _Parser) -> None:
        made.add_argument("--round", required=True, metavar="KIND", help=text("round"))
        made.add_argument("--year", required=True, type=int, metavar="YYYY", help=text("year"))
        made.add_argument("--standard", default="benxi-2010", metavar="NAME|FILE", help=text("standard_option"))
        made.add_argument("--start", type=date.fromisoformat, metavar="YYYY-MM-DD", help=text("start"))
        made.add_argument("--end", type=date.fromisoformat, metavar="YYYY-MM-DD", help=text("end"))
        made.add_argument("--engine", choices=("duckdb", "sqlite"), default="duckdb", help=text("engine"))

    assess = command(commands, "assess", "assess:run")
    assess.add_argument("folder", metavar="FOLDER", help=text("folder"))
    of_round(assess)
    assess.add_argument("--out", metavar="DIR", help=text("out"))
    assess.add_argument("--json-only", action="store_true", help=text("json_only"))
    assess.add_argument("--number", metavar="N", help=text("number"))
    assess.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help=text("date"))
    assess.add_argument("--fonts", action="append", default=[], metavar="DIR", help=text("fonts"))

    explain = command(commands, "explain", "explain:run")
    explain.add_argument("folder", metavar="FOLDER", help=text("folder"))
    explain.add_argument("unit", metavar="UNIT", help=text("unit"))
    explain.add_argument("criterion", nargs="?", metavar="CRITERION", help=text("criterion"))
    of_round(explain)

    verify = command(commands, "verify", "verify:run")
    verify.add_argument("package", metavar="FILE", help=text("package"))
    verify.add_argument("--digest", metavar="HEX", help=text("digest"))

    standard = commands.add_parser("standard", help=text("standard"), description=text("standard"))
    kinds = standard.add_subparsers(metavar="COMMAND", required=True)
    command(kinds, "list", "standards:list_all")
    for name in ("show", "lint"):
        command(kinds, name, f"standards:{name}").add_argument("name", metavar="NAME|FILE", help=text("name"))
    compare = command(kinds, "compare", "standards:compare")
    compare.add_argument("old", metavar="OLD", help=text("old"))
    compare.add_argument("new", metavar="NEW", help=text("new"))

    template = command(commands, "template", "template:run")
    template.add_argument("directory", metavar="DIR", help=text("directory"))
    template.add_argument("--standard", default="benxi-2010", metavar="NAME|FILE", help=text("standard_option"))
    template.add_argument("--overwrite", action="store_true", help=text("overwrite"))

    synthesise = command(commands, "synthesise", "synthesise:run")
    synthesise.add_argument("directory", metavar="DIR", help=text("directory"))
    synthesise.add_argument("--scale", type=int, default=1, metavar="N", help=text("scale"))
    synthesise.add_argument("--seed", type=int, default=2010, metavar="S", help=text("seed"))
    synthesise.add_argument("--year", type=int, default=2010, metavar="YYYY", help=text("year"))
    form = synthesise.add_mutually_exclusive_group()
    for name in ("csv", "xlsx", "parquet"):
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, default="csv", help=text("form"))
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status of `data-format.md` (0, 1, 2, 3; 130 when interrupted)."""
    gc.set_threshold(
        100_000, 20, 100
    )  # a command lives for seconds and makes few cycles: collecting costs a tenth of it
    arguments = list(sys.argv[1:] if argv is None else argv)
    spoken = console(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    options = parser(spoken.language).parse_args(arguments)
    module, _, function = options.runs.partition(":")
    try:
        run: Command = getattr(import_module(f"kaohe.cli.{module}"), function)
        return run(options, spoken)
    except KeyboardInterrupt:
        spoken.tell("已中断，没有写出任何结果。", "Interrupted; nothing was written.")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:
        return _failed(error, spoken)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _failed(error: Exception, spoken: Console) -> int:
    from kaohe.fault import BadInput

    if isinstance(error, BadInput):
        from kaohe.documents.fault_wording import sentences

        spoken.clear()
        for line in sentences(error.faults, spoken.language):
            spoken.tell(line, line)
        count = len(error.faults)
        spoken.tell(f"共 {count:,} 处有误，没有写出任何结果。", f"{count:,} in all; nothing was written.", "red")
        return 2
    if isinstance(error, OSError):
        spoken.tell(
            f"读写文件失败：{error}。没有写出任何结果。", f"File access failed: {error}. Nothing was written.", "red"
        )
        return 1
    if os.environ.get("KAOHE_TRACEBACK"):
        raise error
    what = f"{type(error).__name__}: {error}"
    spoken.tell(
        f"程序出错：{what}。没有写出任何结果。设 KAOHE_TRACEBACK=1 再运行可看到出错位置。",
        f"The program failed: {what}. Nothing was written. Run again with KAOHE_TRACEBACK=1 to see where.", "red",
    )  # fmt: skip
    return 1


if __name__ == "__main__":
    sys.exit(main())

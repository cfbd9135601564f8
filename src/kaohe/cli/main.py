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
from typing import Any, NoReturn, TypeAlias

from kaohe.cli import server_commands
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
    "journal": ("日志：核对、导出", "the journal: verify, export"),
    "journal_verify": (
        "核对日志（不写文件名则核对本系统的数据库）",
        "verify the journal (this deployment's, where no file is named)",
    ),
    "journal_export": (
        "把整本日志写成文件，审计员可离线核对",
        "write the whole journal to a file that an auditor can verify offline",
    ),
    "journal_file": ("导出的日志 journal.jsonl，或存在证明 proof.json", "an exported journal.jsonl, or a proof.json"),
    "journal_out": ("写到哪个文件", "the file to write"),
    "checkpoint": ("自己保存的检查点，可写多个", "checkpoints that were kept; may be several"),
    "key": ("检查点的公钥", "the public key of the checkpoints"),
    "home": (
        "系统所在文件夹（默认 KAOHE_HOME 或 ./kaohe-data）",
        "the deployment's folder (default: KAOHE_HOME or ./kaohe-data)",
    ),
}


class _Chinese(argparse.RawDescriptionHelpFormatter):
    """Help in Chinese down to the word for usage."""

    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _ChineseParser(argparse.ArgumentParser):
    """Keeps the line breaks of the examples, and says its own words in Chinese."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Chinese, add_help=False, **options)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")


class _EnglishParser(argparse.ArgumentParser):
    """Keeps the line breaks of the examples."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **options)


class _Version(argparse.Action):
    """Says the version, which is looked up only now."""

    def __call__(self, parser: argparse.ArgumentParser, *arguments: object, **options: object) -> NoReturn:
        from kaohe import __version__

        print(f"kaohe {__version__}")  # noqa: T201
        parser.exit()


def parser(language: Language) -> argparse.ArgumentParser:
    """Build the parser, its help in one of the two languages."""
    made_by = _ChineseParser if language == "zh" else _EnglishParser
    builder = _Builder(language)
    top = made_by(prog="kaohe", description=builder.text("kaohe"))
    top.add_argument("--version", action=_Version, nargs=0, help=builder.text("version"))
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    builder.add_assess(commands)
    builder.add_explain(commands)
    builder.add_verify(commands)
    builder.add_standard(commands)
    builder.add_template(commands)
    builder.add_synthesise(commands)
    builder.add_server(commands)
    builder.add_journal(commands)
    return top


Commands: TypeAlias = "argparse._SubParsersAction[Any]"  # noqa: SLF001 - argparse names it only so


class _Builder:
    """Adds the commands, one a method; every text is looked up in `HELP`."""

    def __init__(self, language: Language) -> None:
        self._side = 0 if language == "zh" else 1

    def text(self, key: str) -> str:
        """Return a text of the help in the builder's language."""
        return HELP[key][self._side]

    def _command(self, group: Commands, name: str, runs: str) -> argparse.ArgumentParser:
        said = self.text(name)
        made: argparse.ArgumentParser = group.add_parser(name.rpartition("_")[2], help=said, description=said)
        made.set_defaults(runs=runs)
        made.add_argument("--lang", choices=("zh", "en"), help=self.text("lang"))
        return made

    def _of_round(self, made: argparse.ArgumentParser) -> None:
        made.add_argument("--round", required=True, metavar="KIND", help=self.text("round"))
        made.add_argument("--year", required=True, type=int, metavar="YYYY", help=self.text("year"))
        self._of_standard(made)
        made.add_argument("--start", type=date.fromisoformat, metavar="YYYY-MM-DD", help=self.text("start"))
        made.add_argument("--end", type=date.fromisoformat, metavar="YYYY-MM-DD", help=self.text("end"))
        made.add_argument("--engine", choices=("duckdb", "sqlite"), default="duckdb", help=self.text("engine"))

    def _of_standard(self, made: argparse.ArgumentParser) -> None:
        made.add_argument("--standard", default="benxi-2010", metavar="NAME|FILE", help=self.text("standard_option"))

    def add_assess(self, commands: Commands) -> None:
        """`kaohe assess FOLDER --round KIND --year YYYY`."""
        made = self._command(commands, "assess", "assess:run")
        made.add_argument("folder", metavar="FOLDER", help=self.text("folder"))
        self._of_round(made)
        made.add_argument("--out", metavar="DIR", help=self.text("out"))
        made.add_argument("--json-only", action="store_true", help=self.text("json_only"))
        made.add_argument("--number", metavar="N", help=self.text("number"))
        made.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help=self.text("date"))
        made.add_argument("--fonts", action="append", default=[], metavar="DIR", help=self.text("fonts"))

    def add_explain(self, commands: Commands) -> None:
        """`kaohe explain FOLDER UNIT [CRITERION] --round KIND --year YYYY`."""
        made = self._command(commands, "explain", "explain:run")
        made.add_argument("folder", metavar="FOLDER", help=self.text("folder"))
        made.add_argument("unit", metavar="UNIT", help=self.text("unit"))
        made.add_argument("criterion", nargs="?", metavar="CRITERION", help=self.text("criterion"))
        self._of_round(made)

    def add_verify(self, commands: Commands) -> None:
        """`kaohe verify FILE`."""
        made = self._command(commands, "verify", "verify:run")
        made.add_argument("package", metavar="FILE", help=self.text("package"))
        made.add_argument("--digest", metavar="HEX", help=self.text("digest"))

    def add_standard(self, commands: Commands) -> None:
        """`kaohe standard list | show NAME | lint FILE | compare OLD NEW`."""
        standard = commands.add_parser("standard", help=self.text("standard"), description=self.text("standard"))
        kinds = standard.add_subparsers(metavar="COMMAND", required=True)
        self._command(kinds, "list", "standards:list_all")
        for name in ("show", "lint"):
            self._command(kinds, name, f"standards:{name}").add_argument(
                "name", metavar="NAME|FILE", help=self.text("name")
            )
        compare = self._command(kinds, "compare", "standards:compare")
        compare.add_argument("old", metavar="OLD", help=self.text("old"))
        compare.add_argument("new", metavar="NEW", help=self.text("new"))

    def add_server(self, commands: Commands) -> None:
        """`kaohe demo | init | serve | migrate | backup | restore | doctor`."""

        def command(name: str, said: str, runs: str) -> argparse.ArgumentParser:
            made: argparse.ArgumentParser = commands.add_parser(name, help=said, description=said)
            made.set_defaults(runs=runs)
            made.add_argument("--lang", choices=("zh", "en"), help=self.text("lang"))
            return made

        server_commands.add(command, self._side)

    def add_journal(self, commands: Commands) -> None:
        """`kaohe journal verify [FILE …] | export FILE`."""
        journal = commands.add_parser("journal", help=self.text("journal"), description=self.text("journal"))
        kinds = journal.add_subparsers(metavar="COMMAND", required=True)
        verify = self._command(kinds, "journal_verify", "journal:verify")
        verify.add_argument("file", nargs="*", metavar="FILE", help=self.text("journal_file"))
        verify.add_argument(
            "--checkpoint", nargs="+", action="extend", default=[], metavar="FILE", help=self.text("checkpoint")
        )
        verify.add_argument("--key", metavar="FILE", help=self.text("key"))
        export = self._command(kinds, "journal_export", "journal:export")
        export.add_argument("out", metavar="FILE", help=self.text("journal_out"))
        for made in (verify, export):
            made.add_argument("--home", metavar="DIR", help=self.text("home"))

    def add_template(self, commands: Commands) -> None:
        """`kaohe template DIR`."""
        made = self._command(commands, "template", "template:run")
        made.add_argument("directory", metavar="DIR", help=self.text("directory"))
        self._of_standard(made)
        made.add_argument("--overwrite", action="store_true", help=self.text("overwrite"))

    def add_synthesise(self, commands: Commands) -> None:
        """`kaohe synthesise DIR --scale N --seed S [--xlsx | --parquet]`."""
        made = self._command(commands, "synthesise", "synthesise:run")
        made.add_argument("directory", metavar="DIR", help=self.text("directory"))
        made.add_argument("--scale", type=int, default=1, metavar="N", help=self.text("scale"))
        made.add_argument("--seed", type=int, default=2010, metavar="S", help=self.text("seed"))
        made.add_argument("--year", type=int, default=2010, metavar="YYYY", help=self.text("year"))
        form = made.add_mutually_exclusive_group()
        for name in ("csv", "xlsx", "parquet"):
            form.add_argument(
                f"--{name}", dest="form", action="store_const", const=name, default="csv", help=self.text("form")
            )


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status of `data-format.md` (0, 1, 2, 3; 130 when interrupted)."""
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


def program() -> int:
    """Run as a process of its own: it lives for seconds and makes few cycles, so collecting them would cost a fifth."""
    gc.set_threshold(100_000, 20, 100)
    status = main()
    gc.freeze()
    return status


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
    sys.exit(program())

"""`kaohe template`: the empty Excel templates of a standard."""

import argparse
from pathlib import Path

from kaohe.cli.console import Console
from kaohe.fault import BadInput, Fault, Faults, Place
from kaohe.ledger.templates import write_templates
from kaohe.standard.files import read_standard
from kaohe.standard.model import Language


def run(options: argparse.Namespace, console: Console) -> int:
    """Write one workbook a table; refuse to replace any unless told to."""
    standard = read_standard(options.standard).standard
    language: Language = options.lang or "zh"
    try:
        written = write_templates(
            Path(options.directory),
            groups=[(group.id, group.title.zh) for group in standard.groups],
            criteria=[(c.id, c.title.within(language), c.points) for c in standard.criteria],
            language=language,
            overwrite=options.overwrite,
        )
    except FileExistsError as error:
        place = Place(options.directory)
        raise BadInput(Faults.of([Fault("template_exists", place, str(error))])) from None
    console.say(
        f"已写出 {len(written)} 张空表：{options.directory}", f"{len(written)} templates written: {options.directory}"
    )
    return 0

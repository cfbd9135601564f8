"""`kaohe verify`: the stand-alone verifier, by its command, and the one check that needs a YAML reader."""

import argparse
import json
from pathlib import Path
from zipfile import ZipFile

from kaohe.cli.console import Console
from kaohe.proof import verifier


def run(options: argparse.Namespace, console: Console) -> int:
    """Recompute a package and say OK, or name the first difference (exit status 0, 1, 2)."""
    arguments = [options.package, "--lang", console.language]
    status = verifier.main([*arguments, "--digest", options.digest] if options.digest else arguments)
    if status == 0 and not _says_the_same(Path(options.package)):
        console.say(
            "standard.yaml 与 standard.json 说的不是同一个标准：重算依据的是后者，公布的是前者。",
            "standard.yaml and standard.json are not the same standard: the latter was recomputed, the former is published.",
        )
        return 1
    return status


def _says_the_same(package: Path) -> bool:
    """Whether the standard as published (YAML) is the one that was recomputed (JSON)."""
    from kaohe.fault import BadInput
    from kaohe.standard.files import parse_standard
    from kaohe.standard.model import Standard

    with ZipFile(package) as archive:
        published, recomputed = archive.read("standard.yaml"), archive.read("standard.json")
    try:
        return parse_standard(published, "standard.yaml").standard == Standard.model_validate(json.loads(recomputed))
    except (BadInput, ValueError):
        return False

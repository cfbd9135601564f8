"""`kaohe verify`: the stand-alone verifier, by its command."""

import argparse

from kaohe.cli.console import Console
from kaohe.proof import verifier


def run(options: argparse.Namespace, console: Console) -> int:
    """Recompute a package and say OK, or name the first difference (exit status 0, 1, 2)."""
    arguments = [options.package, "--lang", console.language]
    return verifier.main([*arguments, "--digest", options.digest] if options.digest else arguments)

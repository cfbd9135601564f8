"""`kaohe assess`: the loading of the folder is begun first, so that the rest of the program is imported beside it."""

import argparse
from pathlib import Path

from kaohe.cli.console import Console
from kaohe.fault import BadInput, Fault, Faults, Place
from kaohe.ledger.reading import loading


def run(options: argparse.Namespace, console: Console) -> int:
    """Assess a folder and write the results; exit status 0, or 3 where some units are unscored."""
    folder = Path(options.folder)
    out = Path(options.out) if options.out else folder / "results"
    if out.exists() and not out.is_dir():
        raise BadInput(Faults.of([Fault("out_not_folder", Place("--out"), str(out))]))
    with loading(folder) as begun:
        from kaohe.cli.assessing import finish  # a fifth of a small city's time, now spent beside

        return finish(begun, out, options, console)

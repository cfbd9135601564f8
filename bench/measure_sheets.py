"""How fast are score sheets against bare Typst? At least half the rate of a one-page table, one warm compiler each."""

import os
import sys
import tempfile
from pathlib import Path

import typst
from measuring import DATA, kaohe, seconds, tell

BARE = """
#set page(paper: "a4")
#set text(font: "Noto Serif SC", size: 8.5pt)
#table(columns: 4, ..range(17 * 4).map(i => [指标#str(i)]))
"""


def main() -> int:
    from kaohe.city import assess
    from kaohe.documents.as_pdf import Press, write_score_sheets

    folder = DATA / "city-csv"
    if not folder.exists():
        kaohe("synthesise", str(folder), "--scale", "1", "--seed", "2010")()
    result = assess(folder, kind="annual", year=2010).result
    press = Press()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "bare.typ").write_text(BARE, encoding="utf-8")
        fonts = typst.Fonts(
            include_system_fonts=False, font_paths=[str(Path(f.path).parent) for f in press.fonts if f.path][:1]
        )
        compiler = typst.Compiler(root=name, font_paths=fonts, ignore_system_fonts=True)

        def bare() -> None:
            for number in range(len(result.units)):
                # another page each time, as every sheet is: the compiler would answer the same page from its memory
                (work / "bare.typ").write_text(BARE.replace("指标", f"指标{number}-"), encoding="utf-8")
                (work / f"{number}.pdf").write_bytes(compiler.compile(str(work / "bare.typ"), format="pdf"))

        taken = seconds(
            {
                "sheets": lambda: write_score_sheets(result, work / "sheets", press, workers=os.cpu_count() or 1),
                "bare": bare,
            }
        )
    return (
        0 if tell("seconds for 46 score sheets / 46 bare one-page tables", taken["sheets"], taken["bare"], 2.0) else 1
    )


if __name__ == "__main__":
    sys.exit(main())

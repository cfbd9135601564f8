"""Contents as PDF/A-2b by Typst: one warm compiler, fonts of the office first, the same data giving the same bytes."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, time
from datetime import date as Date
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import pylopdf_fonts_zh_cn
import typst

from kaohe.assessment.result import RoundResult
from kaohe.documents.content import Circular, ScoreSheet
from kaohe.documents.faces import Face, Font, for_layout, resolve
from kaohe.documents.font_coverage import lacking
from kaohe.documents.score_sheet import score_sheet
from kaohe.standard.model import Language

LAYOUT = Path(__file__).parent / "layout"


class Press:
    """A warm Typst compiler with its fonts: make one, print many documents.

    `font_dirs` are searched in their order, below them too; the packaged Chinese fonts always come last,
    so that a document can be printed anywhere. Fonts of the system are left alone.
    """

    def __init__(self, font_dirs: Sequence[Path] = ()) -> None:
        packaged = Path(pylopdf_fonts_zh_cn.serif_path()).parent
        paths = [str(folder) for folder in (*font_dirs, packaged) if Path(folder).is_dir()]
        self._fonts = typst.Fonts(include_system_fonts=False, font_paths=paths)
        self._compiler = typst.Compiler(root=str(LAYOUT), font_paths=self._fonts, ignore_system_fonts=True)

    @cached_property
    def fonts(self) -> tuple[Font, ...]:
        """Every font there is to choose from."""
        return tuple(Font(f.family, f.weight, f.path, f.index) for f in self._fonts.fonts())

    @cached_property
    def faces(self) -> tuple[Face, ...]:
        """Which family stands for each face of the standard."""
        return resolve(self.fonts)

    @cached_property
    def _faces_input(self) -> str:
        return json.dumps(for_layout(self.faces, self.fonts), ensure_ascii=False)

    def missing(self, texts: Iterable[str]) -> dict[str, str]:
        """The characters of unit and person names that each role's face lacks (roles that lack none are left out)."""
        text = "".join(texts)
        found = {face.role: self._missing(face, text) for face in self.faces}
        return {role: characters for role, characters in found.items() if characters}

    def _missing(self, face: Face, text: str) -> str:
        files = [font for font in self.fonts if font.family == face.family and font.path is not None]
        return lacking(text, cast(str, files[0].path), files[0].index) if files else ""

    def circular(self, content: Circular) -> bytes:
        """Print a circular: in the official layout, or as a memorandum in English."""
        return self._print("circular.typ" if content.language == "zh" else "memo.typ", content, content.dated)

    def score_sheet(self, content: ScoreSheet) -> bytes:
        """Print a score sheet."""
        return self._print("score_sheet.typ", content, content.dated)

    def _print(self, layout: str, content: Any, dated: Date) -> bytes:
        inputs = {"data": json.dumps(asdict(content), ensure_ascii=False, default=str), "faces": self._faces_input}
        printed = self._compiler.compile(
            str(LAYOUT / layout), format="pdf", sys_inputs=inputs, pdf_standards=["a-2b"],
            timestamp=datetime.combine(dated, time(), UTC), pdf_tags=False,
        )  # fmt: skip
        return cast(bytes, printed)


def faces(font_dirs: Sequence[Path] = ()) -> tuple[Face, ...]:
    """Say which face stands in for each role, for given folders of fonts."""
    return Press(font_dirs).faces


def write_circular_pdf(content: Circular, path: Path, press: Press) -> None:
    """Print a circular into a file."""
    path.write_bytes(press.circular(content))


def write_score_sheets(
    result: RoundResult, folder: Path, press: Press, language: Language = "zh", *,
    digests: Mapping[str, str] | None = None, package_digest: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Path, ...]:  # fmt: skip
    """Print the sheet of every unit into `folder/<code>.pdf`; `digests` are by unit code.

    `progress` is told after each sheet how many are done, and how many there are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for done, unit in enumerate(result.units, 1):
        own = (digests or {}).get(unit.unit.code)
        content = score_sheet(result, unit, language, digest=own, package_digest=package_digest)
        path = folder / f"{unit.unit.code}.pdf"
        path.write_bytes(press.score_sheet(content))
        written.append(path)
        if progress is not None:
            progress(done, len(result.units))
    return tuple(written)

"""Contents as PDF/A-2b by Typst: one warm compiler, fonts of the office first, the same data giving the same bytes."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from importlib import resources
from pathlib import Path
from queue import SimpleQueue
from shutil import rmtree
from tempfile import mkdtemp
from typing import cast
from weakref import finalize

import pylopdf_fonts_zh_cn
import typst

from kaohe.assessment.result import RoundResult
from kaohe.assessment.scoring import UnitResult
from kaohe.documents.content import Circular, ScoreSheet
from kaohe.documents.faces import Face, Font, for_layout, resolve
from kaohe.documents.font_coverage import characters_of, lacking
from kaohe.documents.record_sheet import RecordSheet
from kaohe.documents.score_sheet import score_sheet
from kaohe.standard.model import Language

LAYOUT = "kaohe.documents"
FIRST_IDEOGRAPH = 0x2E80
"""Below it stand Latin and signs, which the fonts built into Typst have."""


class Press:
    """A warm Typst compiler with its fonts: make one, print many documents. Not for several threads at once.

    `font_dirs` are searched in their order, below them too; the packaged Chinese fonts always come last,
    so that a document can be printed anywhere. Fonts of the system are left alone.

    The layouts stand in a folder of the press's own, and each document's data is a file beside them:
    Typst then keeps what it has set before, where data in its inputs would make it start anew each time.
    """

    def __init__(self, font_dirs: Sequence[Path] = ()) -> None:
        self._font_dirs = tuple(font_dirs)
        packaged = pylopdf_fonts_zh_cn.serif_path().parent
        paths = [str(folder) for folder in (*font_dirs, packaged) if Path(folder).is_dir()]
        self._bench = Path(mkdtemp(prefix="kaohe-press-"))
        finalize(self, rmtree, self._bench, ignore_errors=True)
        self._fonts = typst.Fonts(include_system_fonts=False, font_paths=paths)
        self._compiler = typst.Compiler(root=str(self._bench), font_paths=self._fonts, ignore_system_fonts=True)
        for layout in resources.files(LAYOUT).joinpath("layout").iterdir():
            if layout.name.endswith(".typ"):
                self._lay(layout.name, layout.read_bytes())
        self._lay("faces.json", json.dumps(for_layout(self.faces, self.fonts)).encode())

    def twin(self) -> "Press":
        """Return another press with the same fonts, to print beside this one."""
        return Press(self._font_dirs)

    def _lay(self, name: str, content: bytes) -> None:
        (self._bench / name).write_bytes(content)

    @cached_property
    def fonts(self) -> tuple[Font, ...]:
        """Every font there is to choose from."""
        return tuple(Font(f.family, f.weight, f.path, f.index) for f in self._fonts.fonts())

    @cached_property
    def faces(self) -> tuple[Face, ...]:
        """Which family stands for each face of the standard."""
        return resolve(self.fonts)

    def missing(self, texts: Iterable[str]) -> dict[str, str]:
        """The characters of unit and person names that each role's face lacks; roles that lack none are left out."""
        text = "".join(texts)
        found = {face.role: self._missing(face, text) for face in self.faces}
        return {role: characters for role, characters in found.items() if characters}

    def _missing(self, face: Face, text: str) -> str:
        files = [(font.path, font.index) for font in self.fonts if font.family == face.family and font.path]
        return lacking(text, *files[0]) if files else ""

    def circular(self, content: Circular) -> bytes:
        """Print a circular: in the official layout, or as a memorandum in English."""
        return self._print("circular.typ" if content.language == "zh" else "memo.typ", content)

    def score_sheet(self, content: ScoreSheet) -> bytes:
        """Print a score sheet."""
        return self._print("score_sheet.typ", content)

    def record_sheet(self, content: RecordSheet) -> bytes:
        """Print a person's record sheet."""
        return self._print("record_sheet.typ", content)

    def _print(self, layout: str, content: Circular | ScoreSheet | RecordSheet) -> bytes:
        data = json.dumps(asdict(content), ensure_ascii=False, default=_iso)
        try:
            return self._compile(layout, data, content.dated)
        except typst.TypstError:
            shown = self._with_marks(data)
            if shown == data:
                raise
            return self._compile(layout, shown, content.dated)

    def _with_marks(self, text: str) -> str:
        """Put the printer's mark 〓 where no font at all has the character: PDF/A refuses an empty box."""
        files = {(font.path, font.index) for font in self.fonts if font.path}
        known = frozenset().union(*(characters_of(*file) for file in files))
        return "".join(char if ord(char) < FIRST_IDEOGRAPH or ord(char) in known else "〓" for char in text)

    def _compile(self, layout: str, data: str, dated: date) -> bytes:
        self._lay("data.json", data.encode())
        printed = self._compiler.compile(
            str(self._bench / layout), format="pdf", pdf_standards=["a-2b"], pdf_tags=False,
            timestamp=datetime.combine(dated, time(), UTC),
        )  # fmt: skip
        return cast(bytes, printed)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)


def faces(font_dirs: Sequence[Path] = ()) -> tuple[Face, ...]:
    """Say which face stands in for each role, for given folders of fonts."""
    return Press(font_dirs).faces


def write_circular_pdf(content: Circular, path: Path, press: Press) -> None:
    """Print a circular into a file."""
    path.write_bytes(press.circular(content))


@dataclass(frozen=True, slots=True)
class Digests:
    """What sheets cite of the verification package: its SHA-256, and each unit's own by its code."""

    package: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)


NO_DIGESTS = Digests()
LONGEST_NAME = 120
DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever their extension."""


def write_score_sheets(
    result: RoundResult, folder: Path, press: Press, language: Language = "zh", *,
    digests: Digests = NO_DIGESTS, workers: int = 1, progress: Callable[[int, int], None] = lambda done, whole: None,
) -> tuple[Path, ...]:  # fmt: skip
    """Print the sheet of every unit into `folder/<code>.pdf` (see `sheet_name`), on several presses at once.

    `progress` is told after each sheet how many are done, and how many there are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    presses: SimpleQueue[Press] = SimpleQueue()
    for another in (press, *(press.twin() for _ in range(workers - 1))):
        presses.put(another)

    def print_one(unit: UnitResult) -> Path:
        own = digests.units.get(unit.unit.code)
        content = score_sheet(result, unit, language, digest=own, package_digest=digests.package)
        path = folder / f"{sheet_name(unit.unit.code)}.pdf"
        free = presses.get()
        try:
            path.write_bytes(free.score_sheet(content))
        finally:
            presses.put(free)
        return path

    written = []
    with ThreadPoolExecutor(workers) as pool:  # Typst leaves the interpreter alone while it sets a page
        for path in pool.map(print_one, result.units):
            written.append(path)
            progress(len(written), len(result.units))
    return tuple(written)


def sheet_name(code: str) -> str:
    """Name a unit's sheet after its code, so that every system can store it and no code leads out of the folder.

    Letters of any script, digits and `-_+@` stay; any other character is written `%XX` of its UTF-8; names that
    Windows keeps for devices, and names too long, are marked.

    >>> [sheet_name(code) for code in ("D04", "平山-1", "../x", "CON")]
    ['D04', '平山-1', '%2E%2E%2Fx', '%CON']
    """
    name = "".join(c if c.isalnum() or c in "-_+@" else "".join(f"%{byte:02X}" for byte in c.encode()) for c in code)
    if len(name.encode()) > LONGEST_NAME:
        return f"{name[:40]}%{hashlib.sha256(code.encode()).hexdigest()[:16]}"
    return f"%{name}" if DEVICE.fullmatch(name) else name

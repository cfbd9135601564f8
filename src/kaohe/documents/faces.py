"""Which font stands in for which face of the standard: the office's own first, the packaged ones always last."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROLES: Mapping[str, tuple[str, ...]] = {
    "小标宋": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "Noto Serif CJK SC", "FandolSong", "Noto Serif SC"),
    "仿宋": ("FangSong_GB2312", "FangSong", "FandolFang R", "LXGW WenKai", "Noto Serif SC"),
    "楷体": ("KaiTi_GB2312", "KaiTi", "FandolKai", "LXGW WenKai", "Noto Serif SC"),
    "黑体": ("SimHei", "FandolHei", "Noto Sans SC"),
    "宋体": ("SimSun", "FandolSong", "Noto Serif SC"),
}
"""The families that may stand for each face, the best first."""
GENUINE = frozenset({
    "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "FangSong_GB2312", "FangSong", "KaiTi_GB2312", "KaiTi",
    "SimHei", "SimSun",
})  # fmt: skip
LATIN: Mapping[str, tuple[str, ...]] = {
    "west": ("Times New Roman", "Libertinus Serif"),
    "west-sans": ("Arial", "Noto Sans SC"),
    "mono": ("DejaVu Sans Mono",),
}
LAYOUT_NAMES: Mapping[str, str] = {"小标宋": "title", "仿宋": "fang", "楷体": "kai", "黑体": "hei", "宋体": "song"}
BOLD_FROM = 600


@dataclass(frozen=True, slots=True)
class Font:
    """A font that the machine offers: family, weight, and the file that holds it (None: built into Typst)."""

    family: str
    weight: int
    path: str | None
    index: int = 0


@dataclass(frozen=True, slots=True)
class Face:
    """A role of the standard (小标宋, 仿宋, 楷体, 黑体, 宋体) and the family that stands for it.

    substitute: it is not the face that the standard names; thickened: it has no bold weight, so titles
    are drawn with an outline; fallbacks: where a rare character comes from.
    """

    role: str
    family: str
    substitute: bool
    thickened: bool = False
    fallbacks: tuple[str, ...] = ()


def resolve(fonts: Iterable[Font]) -> tuple[Face, ...]:
    """Choose the family of every role from the fonts that there are."""
    found = tuple(fonts)
    families = {font.family for font in found}
    return tuple(_face(role, [name for name in chain if name in families], found) for role, chain in ROLES.items())


def _face(role: str, available: list[str], fonts: tuple[Font, ...]) -> Face:
    family = available[0]
    bold = any(font.family == family and font.weight >= BOLD_FROM for font in fonts)
    thickened = role == "小标宋" and not bold and family not in GENUINE
    return Face(role, family, family not in GENUINE, thickened, tuple(available[1:]))


def for_layout(faces: Iterable[Face], fonts: Iterable[Font]) -> dict[str, object]:
    """The families by the names that the layouts use, each with what follows where a character is missing."""
    families = {font.family for font in fonts}
    chosen: dict[str, object] = {LAYOUT_NAMES[f.role]: [f.family, *f.fallbacks] for f in faces}
    chosen |= {name: [family for family in chain if family in families] for name, chain in LATIN.items()}
    return chosen | {"heavy": any(face.thickened for face in faces)}


def font_folders(said: Sequence[str], environment: str) -> tuple[Path, ...]:
    """Return the folders that may hold the office's own faces: those said, then those of the environment."""
    named = [*said, *(part for part in environment.split(os.pathsep) if part)]
    return tuple(Path(name) for name in named)

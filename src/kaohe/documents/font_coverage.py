"""Which characters a font file has, read from its character map (OpenType `cmap`, formats 4 and 12)."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from struct import unpack_from

SEGMENTS, GROUPS = 4, 12
NO_MORE = 0xFFFF


@lru_cache(maxsize=32)
def characters_of(path: str, index: int = 0) -> frozenset[int]:
    """The code points that a font has glyphs for; `index` picks one out of a collection."""
    data = Path(path).read_bytes()
    start = unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
    table = next((offset for tag, offset in _tables(data, start) if tag == b"cmap"), None)
    if table is None:
        return frozenset()
    (count,) = unpack_from(">H", data, table + 2)
    subtables = {table + unpack_from(">I", data, table + 8 + 8 * n)[0] for n in range(count)}
    return frozenset(code for subtable in subtables for code in _codes(data, subtable))


def _tables(data: bytes, start: int) -> Iterator[tuple[bytes, int]]:
    (count,) = unpack_from(">H", data, start + 4)
    for n in range(count):
        tag, _, offset, _ = unpack_from(">4sIII", data, start + 12 + 16 * n)
        yield tag, offset


def _codes(data: bytes, at: int) -> Iterator[int]:
    (form,) = unpack_from(">H", data, at)
    if form == GROUPS:
        (count,) = unpack_from(">I", data, at + 12)
        for n in range(count):
            first, last, _ = unpack_from(">III", data, at + 16 + 12 * n)
            yield from range(first, last + 1)
    elif form == SEGMENTS:
        (twice,) = unpack_from(">H", data, at + 6)
        lasts = unpack_from(f">{twice // 2}H", data, at + 14)
        firsts = unpack_from(f">{twice // 2}H", data, at + 16 + twice)
        for first, last in zip(firsts, lasts, strict=True):
            if first != NO_MORE:
                yield from range(first, last + 1)


def lacking(text: Iterable[str], path: str, index: int = 0) -> str:
    """The characters of a text that a font has no glyph for, each once, in the order of the text."""
    has = characters_of(path, index)
    return "".join(char for char in dict.fromkeys("".join(text)) if ord(char) not in has and not char.isspace())

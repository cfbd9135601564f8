"""A title in rows, broken by sense: a word, a name, a date stays whole; trapezoid or diamond (GB/T 9704)."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from kaohe.standard.model import Source

WIDEST = 20
"""Characters of 22 points that a row holds."""


def width(text: str) -> float:
    """The width of a text in full characters; digits and Latin letters are half as wide.

    >>> width("2010年度")
    4.0
    """
    return sum(0.5 if ord(char) < 0x2000 else 1.0 for char in text)


def title_rows(chunks: Sequence[str], widest: float = WIDEST) -> tuple[str, ...]:
    """Join chunks that must stay whole into as few rows as hold them, in the best shape.

    >>> title_rows(["本溪市行政机关公务员", "基本功训练", "工作领导小组办公室", "关于2010年度", "全市",
    ...             "行政机关公务员", "基本功训练", "考核情况的通报"])
    ('本溪市行政机关公务员基本功训练', '工作领导小组办公室关于2010年度全市', '行政机关公务员基本功训练考核情况的通报')
    """
    pieces = [piece for chunk in chunks for piece in _fitting(chunk, widest)]
    for count in range(1, len(pieces) + 1):
        fitting = [rows for rows in _partitions(pieces, count) if all(width(row) <= widest for row in rows)]
        if fitting:
            return min(fitting, key=_ugliness)
    return tuple(pieces)


def _fitting(chunk: str, widest: float) -> Iterator[str]:
    """A chunk longer than a row is cut by force, in equal parts."""
    parts = int(-(-width(chunk) // widest)) or 1
    size = -(-len(chunk) // parts)
    yield from (chunk[start : start + size] for start in range(0, len(chunk), size))


def _partitions(pieces: Sequence[str], count: int) -> Iterator[tuple[str, ...]]:
    for cuts in combinations(range(1, len(pieces)), count - 1):
        borders = (0, *cuts, len(pieces))
        yield tuple("".join(pieces[a:b]) for a, b in pairwise(borders))


def _ugliness(rows: tuple[str, ...]) -> tuple[bool, float]:
    """Rows that grow, shrink, or grow and then shrink are in order; then the more even the better."""
    widths = [width(row) for row in rows]
    peak = widths.index(max(widths))
    rises = all(a <= b for a, b in pairwise(widths[: peak + 1]))
    falls = all(a >= b for a, b in pairwise(widths[peak:]))
    even = sum(widths) / len(widths)
    return not (rises and falls), sum((w - even) ** 2 for w in widths)


def issuer_chunks(source: Source) -> tuple[str, ...]:
    """The issuer's name where it may be broken: between its rows, and around the name of the work."""
    rows = source.issuer_rows if "".join(source.issuer_rows) == source.issuer else (source.issuer,)
    breaks = {sum(len(row) for row in rows[:index]) for index in range(len(rows) + 1)}
    at = source.issuer.find(source.work)
    if at >= 0:
        breaks |= {at + len(source.work)}
    ordered = sorted(breaks)
    return tuple(source.issuer[a:b] for a, b in pairwise(ordered))


def work_chunks(source: Source) -> tuple[str, ...]:
    """The name of the work, broken where the issuer's rows break it: 行政机关公务员 | 基本功训练."""
    for row in source.issuer_rows:
        for start in range(1, len(source.work) - 1):
            if row.startswith(source.work[start:]):
                return source.work[:start], source.work[start:]
    return (source.work,)

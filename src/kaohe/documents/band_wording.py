"""Bands in words: their ranges, as the lower bounds of the standard give them."""

from kaohe.documents.numerals import pick, points
from kaohe.standard.figures import HUNDREDTH
from kaohe.standard.model import Band, Language, Standard


def ordered_bands(standard: Standard) -> tuple[Band, ...]:
    """The bands, highest first."""
    return tuple(sorted(standard.bands, key=lambda band: band.at_least, reverse=True))


def band_range(standard: Standard, band: Band, language: Language) -> str:
    """Write a band's range: 90.00分以上; 60.00分至89.99分; 不满60.00分 (以上 includes, 不满 excludes)."""
    ordered = ordered_bands(standard)
    index = ordered.index(band)
    lower = points(band.at_least)
    if index == len(ordered) - 1 and index > 0:
        upper = points(ordered[index - 1].at_least)
        return pick(language, f"不满{upper}分", f"below {upper}")
    if index == 0:
        return pick(language, f"{lower}分以上", f"{lower} and over")
    upper = points(ordered[index - 1].at_least - HUNDREDTH)
    return pick(language, f"{lower}分至{upper}分", f"{lower} to {upper}")

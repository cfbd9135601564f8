"""Kaohe (考核): a government office's assessment of training work, from records to a published circular.

`kaohe.assess(folder, kind="annual", year=2010)` assesses a city folder and answers frozen values:

    import kaohe

    result = kaohe.assess("city", kind="annual", year=2010)
    result.unit("D04").total            # Decimal('87.50'), or None while something is unscored
    print(result.explain("D04", "B3"))  # why D04 has its points for B3

Bad input raises `kaohe.BadInput`, whose `faults` name every cell. Nothing heavy is imported before use.
"""

from typing import TYPE_CHECKING, Any

from kaohe.fault import BadInput, Fault, Faults

if TYPE_CHECKING:
    from kaohe.city import Assessment, assess

    __version__: str

__all__ = ["Assessment", "BadInput", "Fault", "Faults", "__version__", "assess"]


def __getattr__(name: str) -> Any:
    if name in ("assess", "Assessment"):
        from kaohe import city  # noqa: PLC0415 - the engine is heavy, and `kaohe verify` needs none of it

        return getattr(city, name)
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - reads files, and few ask

        return version("kaohe")
    raise AttributeError(f"module 'kaohe' has no attribute {name!r}")

"""How deep the tests go: `make test` takes samples, `make prove` (KAOHE_DEPTH=prove) the full matrix."""

import os

PROVE = os.environ.get("KAOHE_DEPTH") == "prove"


def deep(sample: int, full: int) -> int:
    """Return how many cases to run at the present depth."""
    return full if PROVE else sample

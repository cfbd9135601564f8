"""How much does measuring a touched unit cost over the narrowed query alone? In the demonstration's city, on SQLite.

One record of a unit has changed: its figures are stale. Ours finds what is stale, measures it and keeps it, in one
transaction; the rival runs the same narrowed `metrics.sql` once. Limit 2.
"""

import os
import sys

from measure_pages import environment, prepared
from measuring import seconds, tell

LIMIT = 2


def main() -> int:
    prepared()
    os.environ |= environment() | {"DJANGO_SETTINGS_MODULE": "kaohe.web.config.settings"}
    import django

    django.setup()
    from django.utils import timezone

    from kaohe.web.rounds.models import Round
    from kaohe.web.training.figures import measure_stale, measured_rows
    from kaohe.web.training.models import UnitFigures

    a_round, kept = Round.objects.select_related("standard").get(), True
    while measure_stale(a_round, timezone.now()):
        pass
    codes = sorted(a_round.units.values_list("code", flat=True))
    for code in (codes[0], codes[len(codes) // 2], codes[-1]):

        def ours(code: str = code) -> None:
            UnitFigures.objects.filter(round=a_round, unit=code).update(stale=True)
            assert measure_stale(a_round, timezone.now()) == 1

        def rival(code: str = code) -> None:
            assert code in measured_rows(a_round, [code])

        taken = seconds({"ours": ours, "rival": rival}, 15)
        kept &= tell(f"unit {code} measured again", taken["ours"], taken["rival"], LIMIT)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())

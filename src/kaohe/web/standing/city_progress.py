"""How a round comes along, month by month: who has reached the minimums, and the hours that are recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kaohe.web.rounds.models import Round
from kaohe.web.training.figures import records_of

_BY_MONTH = """
SELECT x.what, x.month, x.number FROM (
  WITH held AS (
    SELECT a.id, a.minutes, SUBSTR(CAST(a.ends_on AS TEXT), 1, 7) AS month,
           CASE WHEN a.form = 'half_day' THEN 1 WHEN a.form = 'online' THEN 2 ELSE 0 END AS counts_for
    FROM activities a CROSS JOIN the_round r
    WHERE a.ends_on >= r.period_start AND a.ends_on <= r.period_end
  ),
  monthly AS (
    SELECT t.person, h.month,
           SUM(CASE WHEN h.counts_for = 1 THEN COALESCE(t.minutes, h.minutes) ELSE 0 END) AS self_minutes,
           SUM(CASE WHEN h.counts_for = 2 THEN COALESCE(t.minutes, h.minutes) ELSE 0 END) AS online_minutes,
           SUM(COALESCE(t.minutes, h.minutes)) AS minutes
    FROM attendance t JOIN held h ON h.id = t.activity
    WHERE t.status = 'present' AND t.person IN (SELECT p.id FROM people p)
    GROUP BY t.person, h.month
  ),
  so_far AS (
    SELECT m.person, m.month,
           SUM(m.self_minutes) OVER (PARTITION BY m.person ORDER BY m.month) AS self_minutes,
           SUM(m.online_minutes) OVER (PARTITION BY m.person ORDER BY m.month) AS online_minutes
    FROM monthly m
  ),
  reached AS (
    SELECT s.person,
           MIN(CASE WHEN s.self_minutes >= r.minimum_self_study THEN s.month END) AS self_month,
           MIN(CASE WHEN s.online_minutes >= r.minimum_online THEN s.month END) AS online_month
    FROM so_far s CROSS JOIN the_round r
    WHERE s.person IN (
      SELECT p.id FROM people p CROSS JOIN the_round q
      WHERE (p.joined IS NULL OR p.joined <= q.period_end) AND (p.departed IS NULL OR p.departed > q.period_end)
    )
    GROUP BY s.person
  )
  SELECT 'self' AS what, self_month AS month, COUNT(*) AS number FROM reached WHERE self_month IS NOT NULL GROUP BY self_month
  UNION ALL
  SELECT 'online', online_month, COUNT(*) FROM reached WHERE online_month IS NOT NULL GROUP BY online_month
  UNION ALL
  SELECT 'minutes', month, SUM(minutes) FROM monthly GROUP BY month
) x
"""
"""Whoever reaches a minimum reaches it in one month. What counts, and whose, is as in `metrics.sql`."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a round: how many of the staff had reached each minimum by its end, and the minutes recorded by then."""

    first: date
    last: date
    self_study: int
    online: int
    minutes: int


def progress_of(a_round: Round) -> tuple[Month, ...]:
    """Count a round's months up to the last with a record, in one query on the ledger."""
    _, rows = records_of(a_round).rows(_BY_MONTH)
    found = {(str(what), str(month)): int(number) for what, month, number in rows}
    last = max((month for _, month in found), default="")
    totals = dict.fromkeys(("self", "online", "minutes"), 0)
    months = []
    for first, end in _months(a_round.start, a_round.end):
        name = first.isoformat()[:7]
        if name <= last:
            totals = {what: total + found.get((what, name), 0) for what, total in totals.items()}
            months.append(Month(first, end, totals["self"], totals["online"], totals["minutes"]))
    return tuple(months)


def _months(start: date, end: date) -> Iterator[tuple[date, date]]:
    """The calendar months of a period, cut to it."""
    first = start
    while first <= end:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, min(following - timedelta(days=1), end)
        first = following

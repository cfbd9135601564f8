-- The quotas of the classes of a round, one row a (class, unit): the seats, and how many people the unit sent.
-- Portable core of SQL only; bound names as in `metrics.sql`, and `title` of activities. Whoever has a row of
-- attendance was sent, whatever its status.
WITH
sent AS (
  SELECT t.activity, p.unit, COUNT(*) AS people_sent
  FROM attendance t
  JOIN activities a ON a.id = t.activity
  JOIN people p ON p.id = t.person
  WHERE a.form = 'class'
  GROUP BY t.activity, p.unit
)
SELECT q.activity, a.title, a.ends_on, q.unit,
       CAST(q.seats AS BIGINT) AS seats,
       CAST(COALESCE(s.people_sent, 0) AS BIGINT) AS sent
FROM quotas q
JOIN activities a ON a.id = q.activity
CROSS JOIN the_round r
LEFT JOIN sent s ON s.activity = q.activity AND s.unit = q.unit
WHERE a.ends_on >= r.period_start AND a.ends_on <= r.period_end
ORDER BY q.unit, a.ends_on, q.activity

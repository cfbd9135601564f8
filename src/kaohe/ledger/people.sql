-- What the ledger says of each person in a round, one row a person of the scope, staff or not.
-- Portable core of SQL only; bound names as in `metrics.sql`, and `name` of people. Summed over the staff of a unit,
-- the rows are the unit's row of `metrics.sql`.
WITH
held AS (                                   -- activities that belong to the round, as `metrics.sql` has them
  SELECT a.id, a.minutes,
         CASE WHEN a.form = 'half_day' THEN 1 WHEN a.form = 'online' THEN 2 ELSE 0 END AS counts_for
  FROM activities a CROSS JOIN the_round r
  WHERE a.ends_on >= r.period_start AND a.ends_on <= r.period_end
),
roll AS (
  SELECT p.id, p.name, p.unit,
         CASE WHEN (p.joined IS NULL OR p.joined <= r.period_end)
               AND (p.departed IS NULL OR p.departed > r.period_end) THEN 1 ELSE 0 END AS is_staff
  FROM people p CROSS JOIN the_round r
),
trained AS (                                -- only who was present
  SELECT t.person, COUNT(*) AS records,
         SUM(CASE WHEN h.counts_for = 1 THEN 1 ELSE 0 END) AS self_records,
         SUM(CASE WHEN h.counts_for = 2 THEN 1 ELSE 0 END) AS online_records,
         SUM(CASE WHEN h.counts_for = 1 THEN COALESCE(t.minutes, h.minutes) ELSE 0 END) AS self_minutes,
         SUM(CASE WHEN h.counts_for = 2 THEN COALESCE(t.minutes, h.minutes) ELSE 0 END) AS online_minutes
  FROM attendance t JOIN held h ON h.id = t.activity
  WHERE t.status = 'present'
  GROUP BY t.person
),
tested AS (
  SELECT e.person, COUNT(*) AS tests
  FROM appraisals e CROSS JOIN the_round r
  WHERE e.tested_on >= r.period_start AND e.tested_on <= r.period_end
  GROUP BY e.person
)
SELECT p.id, p.name, p.unit,
       CAST(p.is_staff AS BIGINT) AS is_staff,
       CAST(CASE WHEN t.person IS NULL THEN 0 ELSE 1 END AS BIGINT) AS took_part,
       CAST(COALESCE(t.self_minutes, 0) AS BIGINT) AS self_minutes,
       CAST(COALESCE(t.online_minutes, 0) AS BIGINT) AS online_minutes,
       CAST(CASE WHEN e.person IS NULL THEN 0 ELSE 1 END AS BIGINT) AS appraised,
       CAST(COALESCE(t.records, 0) AS BIGINT) AS records,
       CAST(COALESCE(t.self_records, 0) AS BIGINT) AS self_records,
       CAST(COALESCE(t.online_records, 0) AS BIGINT) AS online_records,
       CAST(COALESCE(e.tests, 0) AS BIGINT) AS tests
FROM roll p
LEFT JOIN trained t ON t.person = p.id
LEFT JOIN tested e ON e.person = p.id
ORDER BY p.unit, p.id

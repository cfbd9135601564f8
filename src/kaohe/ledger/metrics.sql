-- The metrics of a round, one row a unit, as integer numerators and denominators.
-- Portable core of SQL only. Bound names: the_round (one row), units, people, activities, attendance, quotas,
-- contests, supplies, appraisals, bulletins. Dates meet only dates; time is whole minutes; empty is NULL.
-- Empty time of somebody present is the planned time.
WITH
held AS (                                   -- activities that belong to the round
  SELECT a.id, a.form, a.minutes,           -- and what its time counts for: 1 self-study, 2 online, 0 neither
         CASE WHEN a.form = 'half_day' THEN 1 WHEN a.form = 'online' THEN 2 ELSE 0 END AS counts_for
  FROM activities a CROSS JOIN the_round r
  WHERE a.ends_on >= r.period_start AND a.ends_on <= r.period_end
),
roll AS (                                   -- everybody ever sent by a unit, and whether still staff
  SELECT p.id, p.unit,
         CASE WHEN (p.joined IS NULL OR p.joined <= r.period_end)
               AND (p.departed IS NULL OR p.departed > r.period_end) THEN 1 ELSE 0 END AS is_staff
  FROM people p CROSS JOIN the_round r
),
trained AS (                                -- staff rates need only who was present: one row a person
  SELECT t.person,
         SUM(CASE WHEN h.counts_for = 1 THEN COALESCE(t.minutes, h.minutes) ELSE 0 END) AS self_minutes,
         SUM(CASE WHEN h.counts_for = 2 THEN COALESCE(t.minutes, h.minutes) ELSE 0 END) AS online_minutes
  FROM attendance t JOIN held h ON h.id = t.activity
  WHERE t.status = 'present'
  GROUP BY t.person
),
classes AS (                                -- a class and the unit that sent to it
  SELECT t.activity, p.unit, COUNT(*) AS people_sent,
         SUM(CASE WHEN t.status = 'absent' THEN 0
                  WHEN t.status = 'leave' AND COALESCE(t.minutes, 0) = 0 THEN 4
                  WHEN (h.minutes - COALESCE(t.minutes, h.minutes)) * 10 > h.minutes THEN 4
                  ELSE 5 END) AS points,
         SUM(CASE WHEN t.status = 'absent' THEN 1 ELSE 0 END) AS absences
  FROM attendance t
  JOIN held h ON h.id = t.activity
  JOIN people p ON p.id = t.person
  WHERE h.form = 'class'
  GROUP BY t.activity, p.unit
),
by_class AS (
  SELECT s.unit, SUM(s.people_sent) AS class_rows, SUM(s.points) AS class_points,
         CASE WHEN SUM(s.absences) > 0 THEN 0
              WHEN SUM(s.points) < 5 * SUM(s.people_sent) THEN 4 ELSE 5 END AS class_points_least
  FROM classes s GROUP BY s.unit
),
tested AS (
  SELECT DISTINCT e.person
  FROM appraisals e CROSS JOIN the_round r
  WHERE e.tested_on >= r.period_start AND e.tested_on <= r.period_end
),
by_people AS (
  SELECT p.unit,
         SUM(p.is_staff) AS headcount,
         SUM(CASE WHEN p.is_staff = 1 AND t.person IS NOT NULL THEN 1 ELSE 0 END) AS took_part,
         SUM(CASE WHEN p.is_staff = 1 AND COALESCE(t.self_minutes, 0) >= r.minimum_self_study THEN 1 ELSE 0 END) AS self_studied,
         SUM(CASE WHEN p.is_staff = 1 AND COALESCE(t.online_minutes, 0) >= r.minimum_online THEN 1 ELSE 0 END) AS studied_online,
         SUM(CASE WHEN p.is_staff = 1 AND e.person IS NOT NULL THEN 1 ELSE 0 END) AS appraised
  FROM roll p CROSS JOIN the_round r
  LEFT JOIN trained t ON t.person = p.id
  LEFT JOIN tested e ON e.person = p.id
  GROUP BY p.unit
),
offered AS (                                -- quotas of classes of the round
  SELECT q.activity, q.unit, q.seats
  FROM quotas q JOIN held h ON h.id = q.activity
),
by_quota AS (
  SELECT o.unit, SUM(o.seats) AS seats,
         SUM(CASE WHEN s.people_sent IS NULL THEN 0
                  WHEN s.people_sent > o.seats THEN o.seats ELSE s.people_sent END) AS seats_filled
  FROM offered o LEFT JOIN classes s ON s.activity = o.activity AND s.unit = o.unit
  GROUP BY o.unit
),
by_contest AS (
  SELECT p.unit,
         MAX(CASE WHEN c.level IN ('city', 'city_final') AND c.kind = 'writing' THEN 1 ELSE 0 END)
       + MAX(CASE WHEN c.level IN ('city', 'city_final') AND c.kind = 'speech' THEN 1 ELSE 0 END) AS city_contest_kinds,
         SUM(CASE WHEN c.level = 'city_final' AND c.kind IN ('writing', 'speech') THEN 1 ELSE 0 END) AS city_finals,
         SUM(CASE WHEN c.level = 'province' THEN 1 ELSE 0 END) AS province_entries,
         SUM(CASE WHEN c.level = 'province' AND c.place IS NOT NULL THEN 1 ELSE 0 END) AS province_placings
  FROM contests c JOIN people p ON p.id = c.person CROSS JOIN the_round r
  WHERE c.held_on >= r.period_start AND c.held_on <= r.period_end
  GROUP BY p.unit
),
by_supply AS (
  SELECT s.unit,
         SUM(CASE WHEN s.item = 'textbook' THEN 1 ELSE 0 END) AS textbook_rows,
         SUM(CASE WHEN s.item = 'textbook' THEN s.received ELSE 0 END) AS textbooks_received,
         SUM(CASE WHEN s.item = 'textbook' THEN s.planned ELSE 0 END) AS textbooks_planned,
         SUM(CASE WHEN s.item = 'handbook' THEN s.received ELSE 0 END) AS handbooks_received
  FROM supplies s GROUP BY s.unit
),
by_bulletin AS (
  SELECT b.unit, COUNT(*) AS bulletins
  FROM bulletins b CROSS JOIN the_round r
  WHERE b.sent_on >= r.period_start AND b.sent_on <= r.period_end
  GROUP BY b.unit
)
SELECT u.code AS unit,
       CAST(COALESCE(p.headcount, 0) AS BIGINT) AS headcount,
       CAST(COALESCE(p.took_part, 0) AS BIGINT) AS took_part,
       CAST(COALESCE(p.self_studied, 0) AS BIGINT) AS self_studied,
       CAST(COALESCE(p.studied_online, 0) AS BIGINT) AS studied_online,
       CAST(COALESCE(q.seats_filled, 0) AS BIGINT) AS seats_filled,
       CAST(COALESCE(q.seats, 0) AS BIGINT) AS seats,
       CAST(COALESCE(k.class_points, 0) AS BIGINT) AS class_points,
       CAST(COALESCE(k.class_rows, 0) AS BIGINT) AS class_rows,
       CAST(COALESCE(k.class_points_least, 0) AS BIGINT) AS class_points_least,
       CAST(COALESCE(c.city_contest_kinds, 0) AS BIGINT) AS city_contest_kinds,
       CAST(COALESCE(c.city_finals, 0) AS BIGINT) AS city_finals,
       CAST(COALESCE(c.province_entries, 0) AS BIGINT) AS province_entries,
       CAST(COALESCE(c.province_placings, 0) AS BIGINT) AS province_placings,
       CAST(COALESCE(s.textbook_rows, 0) AS BIGINT) AS textbook_rows,
       CAST(COALESCE(s.textbooks_received, 0) AS BIGINT) AS textbooks_received,
       CAST(COALESCE(s.textbooks_planned, 0) AS BIGINT) AS textbooks_planned,
       CAST(CASE WHEN COALESCE(s.handbooks_received, 0) > COALESCE(p.headcount, 0)
                 THEN COALESCE(p.headcount, 0) ELSE COALESCE(s.handbooks_received, 0) END AS BIGINT) AS handbooks_received,
       CAST(COALESCE(p.appraised, 0) AS BIGINT) AS appraised,
       CAST(COALESCE(b.bulletins, 0) AS BIGINT) AS bulletins
FROM units u
LEFT JOIN by_people p ON p.unit = u.code
LEFT JOIN by_class k ON k.unit = u.code
LEFT JOIN by_quota q ON q.unit = u.code
LEFT JOIN by_contest c ON c.unit = u.code
LEFT JOIN by_supply s ON s.unit = u.code
LEFT JOIN by_bulletin b ON b.unit = u.code
ORDER BY u.code

-- The trainees of the classes of a round, one row a (class, trainee), with the points that the rule of attendance gives.
-- Portable core of SQL only; bound names as in `metrics.sql`, and `title` of activities and `name` of people.
-- minutes: what was attended; empty of somebody present is the planned time, empty of anybody else none.
SELECT t.activity, a.title, a.ends_on, t.person, p.name, p.unit, t.status,
       CAST(a.minutes AS BIGINT) AS planned,
       CAST(CASE WHEN t.status = 'present' THEN COALESCE(t.minutes, a.minutes) ELSE COALESCE(t.minutes, 0) END AS BIGINT) AS minutes,
       CAST(CASE WHEN t.status = 'absent' THEN 0
                 WHEN t.status = 'leave' AND COALESCE(t.minutes, 0) = 0 THEN 4
                 WHEN (a.minutes - COALESCE(t.minutes, a.minutes)) * 10 > a.minutes THEN 4
                 ELSE 5 END AS BIGINT) AS points
FROM attendance t
JOIN activities a ON a.id = t.activity
JOIN people p ON p.id = t.person
CROSS JOIN the_round r
WHERE a.form = 'class' AND a.ends_on >= r.period_start AND a.ends_on <= r.period_end
ORDER BY p.unit, a.ends_on, t.activity, t.person

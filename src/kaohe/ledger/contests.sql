-- The entries in contests of a round, one row a (contest, person), for the unit that sent the person.
-- Portable core of SQL only; bound names as in `metrics.sql`, and `name` of people.
SELECT c.contest, c.kind, c.level, c.person, p.name, p.unit, c.held_on, c.place
FROM contests c
JOIN people p ON p.id = c.person
CROSS JOIN the_round r
WHERE c.held_on >= r.period_start AND c.held_on <= r.period_end
ORDER BY p.unit, c.held_on, c.contest, c.person

-- People who return to the dashboard: Of the people who looked at the dashboard in one week, how many are back the next week?
-- $1: from, $2: to (not included), both timestamptz
WITH weeks AS (
  SELECT DISTINCT e.actor_id AS person, date_trunc('week', e.occurred_at, 'UTC') AS week
  FROM product_events AS e
  WHERE e.name = 'dashboard_viewed' AND e.actor_id IS NOT NULL AND (e.occurred_at >= $1::timestamptz AND e.occurred_at < $2::timestamptz)
)
SELECT a.week::date AS week,
       count(*) AS people,
       count(b.person) AS returned,
       round(count(b.person)::numeric / NULLIF(count(*), 0), 4) AS retention
FROM weeks AS a
LEFT JOIN weeks AS b ON b.person = a.person AND b.week = a.week + interval '7 days'
GROUP BY 1
ORDER BY 1;

-- Sign-ins by day and hour: Who signs in, how often, and at which hours?
SELECT date_trunc('day', e.occurred_at, 'UTC')::date AS day,
       extract(hour FROM e.occurred_at AT TIME ZONE 'UTC')::int AS hour,
       count(*) AS sign_ins,
       count(DISTINCT e.actor_id) AS people
FROM product_events AS e
WHERE e.name = 'user_signed_in' AND (e.occurred_at >= (now() - interval '30 days') AND e.occurred_at < now())
GROUP BY 1, 2
ORDER BY 1, 2;

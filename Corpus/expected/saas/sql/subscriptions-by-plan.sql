-- Subscriptions by plan and state: Which plans do customers have, and how many of them are active?
SELECT s."price_id"::text AS plan, s."status"::text AS state, count(*) AS subscriptions
FROM "subscriptions" AS s
WHERE (s."created_at" >= (now() - interval '30 days') AT TIME ZONE 'UTC' AND s."created_at" < now() AT TIME ZONE 'UTC')
GROUP BY 1, 2
ORDER BY count(*) DESC;

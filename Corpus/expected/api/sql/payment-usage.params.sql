-- Purchases by day and hour: Who pays, how often, and at which hours?
-- $1: from, $2: to (not included), both timestamptz
SELECT date_trunc('day', p."created_at", 'UTC')::date AS day,
       extract(hour FROM p."created_at" AT TIME ZONE 'UTC')::int AS hour,
       count(*) AS purchases,
       count(DISTINCT p."user_id") AS customers
FROM "payments" AS p
WHERE (p."created_at" >= $1::timestamptz AND p."created_at" < $2::timestamptz)
GROUP BY 1, 2
ORDER BY 1, 2;

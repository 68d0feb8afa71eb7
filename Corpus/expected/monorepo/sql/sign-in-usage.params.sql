-- Sign-ins by day and hour: Who signs in, how often, and at which hours?
-- $1: from, $2: to (not included), both timestamptz
SELECT date_trunc('day', s."createdAt", 'UTC')::date AS day,
       extract(hour FROM s."createdAt" AT TIME ZONE 'UTC')::int AS hour,
       count(*) AS sign_ins,
       count(DISTINCT s."accountId") AS people
FROM "Login" AS s
WHERE (s."createdAt" >= $1::timestamptz AND s."createdAt" < $2::timestamptz)
GROUP BY 1, 2
ORDER BY 1, 2;

-- Sign-ins by day and hour: Who signs in, how often, and at which hours?
SELECT date_trunc('day', s."createdAt", 'UTC')::date AS day,
       extract(hour FROM s."createdAt" AT TIME ZONE 'UTC')::int AS hour,
       count(*) AS sign_ins,
       count(DISTINCT s."accountId") AS people
FROM "Login" AS s
WHERE (s."createdAt" >= (now() - interval '30 days') AND s."createdAt" < now())
GROUP BY 1, 2
ORDER BY 1, 2;

-- Sign-ups by day and hour: How many people sign up, and at which hours?
SELECT date_trunc('day', u."joinedAt", 'UTC')::date AS day,
       extract(hour FROM u."joinedAt" AT TIME ZONE 'UTC')::int AS hour,
       count(*) AS sign_ups
FROM "Account" AS u
WHERE (u."joinedAt" >= (now() - interval '30 days') AND u."joinedAt" < now())
GROUP BY 1, 2
ORDER BY 1, 2;

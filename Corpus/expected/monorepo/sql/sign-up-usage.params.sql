-- Sign-ups by day and hour: How many people sign up, and at which hours?
-- $1: from, $2: to (not included), both timestamptz
SELECT date_trunc('day', u."joinedAt", 'UTC')::date AS day,
       extract(hour FROM u."joinedAt" AT TIME ZONE 'UTC')::int AS hour,
       count(*) AS sign_ups
FROM "Account" AS u
WHERE (u."joinedAt" >= $1::timestamptz AND u."joinedAt" < $2::timestamptz)
GROUP BY 1, 2
ORDER BY 1, 2;

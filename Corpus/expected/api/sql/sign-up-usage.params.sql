-- Sign-ups by day and hour: How many people sign up, and at which hours?
-- $1: from, $2: to (not included), both timestamptz
SELECT date_trunc('day', u."created_at", 'UTC')::date AS day,
       extract(hour FROM u."created_at" AT TIME ZONE 'UTC')::int AS hour,
       count(*) AS sign_ups
FROM "users" AS u
WHERE (u."created_at" >= $1::timestamptz AND u."created_at" < $2::timestamptz)
  AND u."deleted_at" IS NULL
GROUP BY 1, 2
ORDER BY 1, 2;

-- Sign-ups by day and hour: How many people sign up, and at which hours?
SELECT date_trunc('day', u."created_at", 'UTC')::date AS day,
       extract(hour FROM u."created_at" AT TIME ZONE 'UTC')::int AS hour,
       count(*) AS sign_ups
FROM "users" AS u
WHERE (u."created_at" >= (now() - interval '30 days') AND u."created_at" < now())
  AND u."deleted_at" IS NULL
GROUP BY 1, 2
ORDER BY 1, 2;

-- Password resets requested: How many people lose access and ask for a new password?
SELECT date_trunc('day', r."created_at", 'UTC')::date AS day,
       count(*) AS requests,
       count(DISTINCT r."user_id") AS people
FROM "password_resets" AS r
WHERE (r."created_at" >= (now() - interval '30 days') AND r."created_at" < now())
GROUP BY 1
ORDER BY 1;

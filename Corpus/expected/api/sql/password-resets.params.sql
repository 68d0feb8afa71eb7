-- Password resets requested: How many people lose access and ask for a new password?
-- $1: from, $2: to (not included), both timestamptz
SELECT date_trunc('day', r."created_at", 'UTC')::date AS day,
       count(*) AS requests,
       count(DISTINCT r."user_id") AS people
FROM "password_resets" AS r
WHERE (r."created_at" >= $1::timestamptz AND r."created_at" < $2::timestamptz)
GROUP BY 1
ORDER BY 1;

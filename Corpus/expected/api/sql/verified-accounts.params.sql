-- Share of accounts that are verified: How many of the people who join confirm that they are who they say?
-- $1: from, $2: to (not included), both timestamptz
SELECT date_trunc('day', u."created_at", 'UTC')::date AS day,
       count(*) AS new_accounts,
       count(*) FILTER (WHERE u."is_verified") AS verified_accounts,
       round((count(*) FILTER (WHERE u."is_verified"))::numeric / NULLIF(count(*), 0), 4) AS verified_share
FROM "users" AS u
WHERE (u."created_at" >= $1::timestamptz AND u."created_at" < $2::timestamptz)
  AND u."deleted_at" IS NULL
GROUP BY 1
ORDER BY 1;

-- Share of accounts that are verified: How many of the people who join confirm that they are who they say?
-- $1: from, $2: to (not included), both timestamptz
SELECT date_trunc('day', (u."created_at" AT TIME ZONE 'UTC'), 'UTC')::date AS day,
       count(*) AS new_accounts,
       count(u."email_verified") AS verified_accounts,
       round(count(u."email_verified")::numeric / NULLIF(count(*), 0), 4) AS verified_share
FROM "users" AS u
WHERE (u."created_at" >= $1::timestamptz AT TIME ZONE 'UTC' AND u."created_at" < $2::timestamptz AT TIME ZONE 'UTC')
GROUP BY 1
ORDER BY 1;

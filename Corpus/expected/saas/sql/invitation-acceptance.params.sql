-- Invitations sent and accepted: How many invitations are sent, and how many lead to a new person?
-- $1: from, $2: to (not included), both timestamptz
SELECT date_trunc('day', (i."created_at" AT TIME ZONE 'UTC'), 'UTC')::date AS day,
       count(*) AS sent,
       count(i."accepted_at") AS accepted,
       round(count(i."accepted_at")::numeric / NULLIF(count(*), 0), 4) AS acceptance
FROM "invitations" AS i
WHERE (i."created_at" >= $1::timestamptz AT TIME ZONE 'UTC' AND i."created_at" < $2::timestamptz AT TIME ZONE 'UTC')
GROUP BY 1
ORDER BY 1;

-- Activation within seven days: Of the people who join, how many make something of their own in the first week?
-- $1: from, $2: to (not included), both timestamptz
SELECT date_trunc('week', u."joinedAt", 'UTC')::date AS week,
       count(*) AS new_people,
       count(first.made) AS activated,
       round(count(first.made)::numeric / NULLIF(count(*), 0), 4) AS activation
FROM "Account" AS u
LEFT JOIN LATERAL (
  SELECT 1 AS made
  FROM "Task" AS w
  WHERE w."accountId" = u."id"
    AND w."createdAt" >= u."joinedAt"
    AND w."createdAt" < u."joinedAt" + interval '7 days'
  LIMIT 1
) AS first ON true
WHERE (u."joinedAt" >= $1::timestamptz AND u."joinedAt" < $2::timestamptz)
GROUP BY 1
ORDER BY 1;

-- Revenue per day: How much do customers pay?
SELECT date_trunc('day', p."created_at", 'UTC')::date AS day,
       p."currency" AS currency,
       sum(p."amount_cents") AS revenue,
       count(*) AS payments
FROM "payments" AS p
WHERE (p."created_at" >= (now() - interval '30 days') AND p."created_at" < now())
  AND p."status"::text ~* '^(paid|complete|completed|succeeded|success|settled|active)$'
GROUP BY 1, 2
ORDER BY 1, 2;

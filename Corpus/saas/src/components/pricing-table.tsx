"use client";

import { useRouter } from "next/navigation";

export function PricingTable() {
  const router = useRouter();

  async function startCheckout(plan: string) {
    const response = await fetch("/api/billing/checkout", { method: "POST", body: JSON.stringify({ plan }) });
    if (response.status === 401) return router.push("/login");
    const { url } = await response.json();
    window.location.href = url;
  }

  return (
    <section>
      <h2>Choose a plan</h2>
      <button onClick={() => startCheckout("starter")}>Starter</button>
      <button onClick={() => startCheckout("studio")}>Studio</button>
    </section>
  );
}

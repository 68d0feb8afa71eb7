import Link from "next/link";
import { PricingTable } from "@/components/pricing-table";

export default function HomePage() {
  return (
    <main>
      <h1>Never lose a plant again</h1>
      <Link href="/signup">Get started</Link>
      <Link href="/login">Sign in</Link>
      <PricingTable />
    </main>
  );
}

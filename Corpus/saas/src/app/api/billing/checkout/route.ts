import { NextResponse } from "next/server";
import { prisma } from "@/lib/prisma";
import { getCurrentUser } from "@/lib/session";
import { plans, stripe } from "@/lib/stripe";

export async function POST(request: Request) {
  const user = await getCurrentUser();
  if (!user) return NextResponse.json({ error: "Sign in first" }, { status: 401 });
  const { plan } = (await request.json()) as { plan: keyof typeof plans };
  const workspace = await prisma.workspace.findFirstOrThrow({ where: { memberships: { some: { userId: user.id } } } });
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer: workspace.stripeCustomerId ?? undefined,
    client_reference_id: workspace.id,
    line_items: [{ price: plans[plan].price, quantity: 1 }],
    success_url: `${process.env.APP_URL}/dashboard?paid=1`,
  });
  return NextResponse.json({ url: session.url });
}

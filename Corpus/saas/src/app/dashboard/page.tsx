import { redirect } from "next/navigation";
import { InviteForm } from "@/components/invite-form";
import { WateringChart } from "@/components/watering-chart";
import { prisma } from "@/lib/prisma";
import { getCurrentUser } from "@/lib/session";

export default async function DashboardPage() {
  const user = await getCurrentUser();
  if (!user) redirect("/login");
  const plants = await prisma.plant.findMany({ where: { ownerId: user.id } });

  return (
    <main>
      <h1>Dashboard</h1>
      <WateringChart plants={plants} />
      <InviteForm workspaceId={user.memberships[0].workspaceId} />
    </main>
  );
}

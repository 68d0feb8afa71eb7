import { NextResponse } from "next/server";
import { prisma } from "@/lib/prisma";
import { getCurrentUser } from "@/lib/session";

export async function GET() {
  const user = await getCurrentUser();
  if (!user) return NextResponse.json([], { status: 401 });
  return NextResponse.json(await prisma.plant.findMany({ where: { ownerId: user.id } }));
}

export const POST = async (request: Request) => {
  const user = await getCurrentUser();
  if (!user) return NextResponse.json(null, { status: 401 });
  const { name } = await request.json();
  const plant = await prisma.plant.create({ data: { name, ownerId: user.id } });
  return NextResponse.json(plant, { status: 201 });
};

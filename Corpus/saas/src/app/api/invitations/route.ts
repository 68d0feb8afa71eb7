import { randomUUID } from "node:crypto";
import { NextResponse } from "next/server";
import { prisma } from "@/lib/prisma";
import { getCurrentUser } from "@/lib/session";

export async function POST(request: Request) {
  const user = await getCurrentUser();
  if (!user) return NextResponse.json(null, { status: 401 });
  const { email, workspaceId } = await request.json();
  const invitation = await prisma.invitation.create({ data: { email, workspaceId, token: randomUUID() } });
  return NextResponse.json({ id: invitation.id }, { status: 201 });
}

"use server";

import bcrypt from "bcryptjs";
import { redirect } from "next/navigation";
import { prisma } from "@/lib/prisma";
import { createSession, deleteSession } from "@/lib/session";

export async function signUp(form: FormData) {
  const email = String(form.get("email"));
  const passwordHash = await bcrypt.hash(String(form.get("password")), 10);
  const user = await prisma.user.create({ data: { email, passwordHash, name: String(form.get("name")) } });
  const token = form.get("token");
  if (token) {
    const invitation = await prisma.invitation.update({
      where: { token: String(token) },
      data: { acceptedAt: new Date() },
    });
    await prisma.membership.create({ data: { userId: user.id, workspaceId: invitation.workspaceId } });
  } else {
    const workspace = await prisma.workspace.create({ data: { name: `${email}'s plants` } });
    await prisma.membership.create({ data: { userId: user.id, workspaceId: workspace.id, role: "OWNER" } });
  }
  await createSession(user.id);
  redirect("/dashboard");
}

export async function login(form: FormData) {
  const user = await prisma.user.findUnique({ where: { email: String(form.get("email")) } });
  if (!user || !(await bcrypt.compare(String(form.get("password")), user.passwordHash))) {
    return { error: "Wrong e-mail or password" };
  }
  await createSession(user.id);
  redirect("/dashboard");
}

export async function logout() {
  await deleteSession();
  redirect("/");
}

import { SignJWT, jwtVerify } from "jose";
import { cookies } from "next/headers";
import { prisma } from "./prisma";

const secret = new TextEncoder().encode(process.env.AUTH_SECRET);

export async function createSession(userId: string) {
  const token = await new SignJWT({ sub: userId }).setProtectedHeader({ alg: "HS256" }).setExpirationTime("30d").sign(secret);
  (await cookies()).set("session", token, { httpOnly: true, secure: true });
}

export async function getCurrentUser() {
  const token = (await cookies()).get("session")?.value;
  if (!token) return null;
  const { payload } = await jwtVerify(token, secret);
  return prisma.user.findUnique({ where: { id: payload.sub }, include: { memberships: true } });
}

export async function deleteSession() {
  (await cookies()).delete("session");
}

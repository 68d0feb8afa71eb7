import { PrismaClient } from "@prisma/client";

function makeClient() {
  return new PrismaClient({ log: ["warn", "error"] });
}

const globalForDb = globalThis as unknown as { db?: ReturnType<typeof makeClient> };

export const db = globalForDb.db ?? makeClient();

export { db } from "./client";
export type { Account, Task } from "@prisma/client";

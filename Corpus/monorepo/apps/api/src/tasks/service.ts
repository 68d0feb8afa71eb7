import { db } from "@tasklane/db";

export const listTasks = (accountId: number) => db.task.findMany({ where: { accountId } });

export async function finishTask(id: number) {
  return db.task.update({ where: { id }, data: { state: "DONE" } });
}

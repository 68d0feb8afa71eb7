import { Panel } from "@tasklane/ui";
import { db } from "@tasklane/db";
import { TaskList } from "~/components/task-list";

export default async function OverviewPage() {
  const open = await db.task.count({ where: { state: "OPEN" } });
  return (
    <Panel>
      <h1>Overview</h1>
      <p>{open} open tasks</p>
      <TaskList />
    </Panel>
  );
}

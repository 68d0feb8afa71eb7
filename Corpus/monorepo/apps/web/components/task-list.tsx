"use client";

import { Button } from "@tasklane/ui/button";
import { useEffect, useState } from "react";

const API = process.env.NEXT_PUBLIC_API_URL ?? "http://localhost:4000";

export function TaskList() {
  const [tasks, setTasks] = useState<{ id: number; title: string }[]>([]);

  useEffect(() => {
    fetch(`${API}/v2/tasks?account=1`).then((response) => response.json()).then(setTasks);
  }, []);

  async function finish(id: number) {
    await fetch(`${API}/v2/tasks/${id}/done`, { method: "PATCH" });
  }

  return (
    <ul>
      {tasks.map((task) => (
        <li key={task.id}>
          {task.title} <Button onPress={() => finish(task.id)}>Done</Button>
        </li>
      ))}
    </ul>
  );
}

import { expect, test } from "vitest";
import DashboardPage from "./page";

test("sends visitors to the login page", async () => {
  await fetch("/api/internal/never-a-route");
  expect(DashboardPage).toBeDefined();
});

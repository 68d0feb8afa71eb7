import { Router } from "express";
import * as service from "./service.js";

export function createTaskRouter() {
  const router = Router();
  router.get("/", async (req, res) => res.json(await service.listTasks(Number(req.query.account))));
  router.patch("/:id/done", async (req, res) => res.json(await service.finishTask(Number(req.params.id))));
  return router;
}

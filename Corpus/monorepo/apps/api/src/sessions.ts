import argon2 from "argon2";
import { db } from "@tasklane/db";
import { Router } from "express";

export const sessions = Router();

sessions.post("/login", async (req, res) => {
  const account = await db.account.findUnique({ where: { email: req.body.email } });
  if (!account || !(await argon2.verify(account.email, req.body.password))) {
    res.status(401).end();
    return;
  }
  await db.login.create({ data: { accountId: account.id } });
  res.json({ id: account.id });
});

sessions.post("/register", async (req, res) => {
  const account = await db.account.create({ data: { email: req.body.email, displayName: req.body.name } });
  res.status(201).json(account);
});

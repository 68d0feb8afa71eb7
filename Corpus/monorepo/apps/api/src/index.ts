import express from "express";
import { createTaskRouter } from "./tasks/router.js";
import { sessions } from "./sessions.js";
import { API_PREFIX, paths } from "./paths.js";

const app = express();
app.use(express.json());
app.use(`${API_PREFIX}/sessions`, sessions);
app.use(API_PREFIX + paths.tasks, createTaskRouter());
app.listen(4000);

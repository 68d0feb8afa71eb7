export const API_PREFIX = "/v2";
export const paths = { tasks: "/tasks" } as const;

export * from "./button";
export { Card as Panel } from "./card";

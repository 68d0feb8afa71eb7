import { memo, type ReactNode } from "react";

export const Card = memo(function Card({ children }: { children: ReactNode }) {
  return <div className="card">{children}</div>;
});

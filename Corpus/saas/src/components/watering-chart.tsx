"use client";

import { Bar, BarChart, XAxis } from "recharts";

export const WateringChart = ({ plants }: { plants: { name: string; waterDays: number }[] }) => (
  <BarChart data={plants} width={480} height={240}>
    <XAxis dataKey="name" />
    <Bar dataKey="waterDays" />
  </BarChart>
);

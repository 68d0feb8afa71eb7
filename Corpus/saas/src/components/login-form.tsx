"use client";

import Link from "next/link";
import { login } from "@/app/actions/auth";

export function LoginForm() {
  return (
    <form action={login as never}>
      <h2>Sign in</h2>
      <input name="email" type="email" />
      <input name="password" type="password" />
      <button type="submit">Log in</button>
      <Link href="/signup">Create an account</Link>
    </form>
  );
}

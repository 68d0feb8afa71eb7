"use client";

import { signUp } from "@/app/actions/auth";

export function SignUpForm({ invitation }: { invitation?: string }) {
  return (
    <form action={signUp}>
      <h2>Create an account</h2>
      {invitation && <input type="hidden" name="token" value={invitation} />}
      <input name="name" placeholder="Your name" />
      <input name="email" type="email" />
      <input name="password" type="password" />
      <button type="submit">Sign up</button>
    </form>
  );
}

export default function LoginPage() {
  async function submit(form: FormData) {
    await fetch(process.env.NEXT_PUBLIC_API_URL + "/v2/sessions/login", { method: "POST", body: form });
  }
  return (
    <form action={submit}>
      <h1>Sign in</h1>
      <input name="email" />
      <input name="password" type="password" />
      <button>Log in</button>
    </form>
  );
}

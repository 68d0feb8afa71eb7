"use client";

export function InviteForm({ workspaceId }: { workspaceId: string }) {
  const invite = async (form: FormData) => {
    await fetch("/api/invitations", {
      method: "POST",
      body: JSON.stringify({ email: form.get("email"), workspaceId }),
    });
  };

  return (
    <form action={invite}>
      <label>Invite a teammate</label>
      <input name="email" type="email" />
      <button type="submit">Send invitation</button>
    </form>
  );
}

import { SignUpForm } from "@/components/signup-form";

export default async function SignUpPage({ searchParams }: { searchParams: Promise<{ token?: string }> }) {
  const { token } = await searchParams;
  return <SignUpForm invitation={token} />;
}

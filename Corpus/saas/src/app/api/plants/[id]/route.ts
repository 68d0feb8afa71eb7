import { prisma } from "@/lib/prisma";

type Context = { params: Promise<{ id: string }> };

async function remove(_request: Request, { params }: Context) {
  const { id } = await params;
  await prisma.plant.delete({ where: { id } });
  return new Response(null, { status: 204 });
}

export { remove as DELETE };

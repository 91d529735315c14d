import type { FastifyInstance } from "fastify";

/** Bodies are checked by schemas that are compiled when a body first comes: all at once, they would take a twelfth of a start. */
export function checkBodiesLate(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    // Schemas here are JSON Schema; Fastify's type leaves open what they are.
    const schema = route.schema?.body as Record<string, unknown> | undefined;
    if (schema === undefined) return;
    route.schema = undefined;
    route.preValidation = async (request) => {
      const check = request.compileValidationSchema(schema);
      if (check(request.body)) return;
      const validation = check.errors ?? [];
      const message = validation.map((problem) => `body${problem.instancePath} ${problem.message}`).join(", ");
      throw Object.assign(new Error(message), { statusCode: 400, validation });
    };
  });
}

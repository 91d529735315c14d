import { IdParams, ProviderTestInput, TemplateTestInput, TestResult } from "@tincan/api";
import type { RoutePlugin } from "../http/app.ts";
import { testProvider, testTemplate, type SendTestDeps } from "./send-test.ts";

const config = { permission: "messages.send" } as const;
const response = { 202: TestResult };

/** Send test, for a template and for a provider. */
export function sendTestRoutes(deps: SendTestDeps): RoutePlugin {
  return async (app) => {
    app.post(
      "/templates/:id/test",
      { config, schema: { tags: ["Templates"], summary: "Send the template to a few numbers or contacts", params: IdParams, body: TemplateTestInput, response } },
      async ({ actor, params, body }, reply) => reply.code(202).send(await testTemplate(deps, actor, params.id, body)),
    );

    app.post(
      "/providers/:id/test",
      { config, schema: { tags: ["Providers"], summary: "Send a text to a few numbers or contacts", params: IdParams, body: ProviderTestInput, response } },
      async ({ actor, params, body }, reply) => reply.code(202).send(await testProvider(deps, actor, params.id, body)),
    );
  };
}

/**
 * A login like Facebook's, for Embedded Signup: the person confirms the business account and picks or adds a number.
 * With `redirect_uri` the code travels back in the address; without, it is posted to the window that opened the dialog.
 * Either way the opener is told the ids, as Meta's own dialog does (type WA_EMBEDDED_SIGNUP).
 */
import { randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { digitsOf } from "../world/identity.ts";
import { newNumber, type BusinessNumber } from "../world/account.ts";
import type { World } from "../world/world.ts";
import { ControlError, invalidField } from "../control/control-error.ts";
import { dialogPage, refusalPage } from "./page.ts";

/** A login code is good for this long, virtual milliseconds. */
const codeLifeMs = 30_000;

interface DialogQuery {
  client_id?: string;
  redirect_uri?: string;
  state?: string;
  origin?: string;
}

interface Finish {
  phoneNumberId?: string;
  newNumber?: string;
  verifiedName?: string;
  redirectUri?: string;
}

const finishSchema = {
  type: "object",
  additionalProperties: false,
  properties: Object.fromEntries(["phoneNumberId", "newNumber", "verifiedName", "redirectUri"].map((name) => [name, { type: "string" }])),
};

export function loginDialog(app: FastifyInstance, world: World): void {
  for (const path of ["/dialog/oauth", "/:version(^v\\d+\\.\\d+$)/dialog/oauth"]) {
    app.get<{ Querystring: DialogQuery }>(path, async ({ query }, reply) => {
      const nonce = randomBytes(12).toString("base64url");
      reply.type("text/html; charset=utf-8").header("content-security-policy", `default-src 'none'; connect-src 'self'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`);
      if (query.client_id !== world.account.appId) return reply.status(400).send(refusalPage(nonce, `No app has the id "${query.client_id ?? ""}". The sandbox's app is ${world.account.appId}.`));
      if (query.redirect_uri !== undefined && !/^https?:\/\//.test(query.redirect_uri)) return reply.status(400).send(refusalPage(nonce, "redirect_uri must be an http or https address."));
      return reply.send(dialogPage(nonce, world.account, query));
    });
  }
  app.post<{ Body: Finish }>("/dialog/oauth/finish", { schema: { body: finishSchema } }, async ({ body }) => {
    const number = body.newNumber ? addNumber(world, body.newNumber, body.verifiedName) : world.account.numbers.get(body.phoneNumberId ?? "");
    if (!number) throw invalidField("phoneNumberId", "the id of one of the account's numbers");
    const code = world.random.letters(48);
    world.account.codes.set(code, { until: world.clock.now() + codeLifeMs, redirectUri: body.redirectUri });
    const { wabaId, businessId } = world.account;
    return { code, data: { phone_number_id: number.id, waba_id: wabaId, business_id: businessId } };
  });
}

/** A number added in the dialog still has to be registered, as a real one. */
function addNumber(world: World, typed: string, verifiedName: string | undefined): BusinessNumber {
  const digits = digitsOf(typed);
  if (!digits) throw invalidField("newNumber", "a phone number with country code, 7 to 15 digits");
  const { numbers } = world.account;
  const known = [...numbers.values()].find((number) => number.digits === digits);
  if (known) return known;
  if (numbers.size >= 20) throw new ControlError(409, "too_many_numbers", "The account has 20 numbers, the most it may have.");
  const number = { ...newNumber(world.random.digits(15), digits, verifiedName || world.account.name), registered: false };
  numbers.set(number.id, number);
  return number;
}

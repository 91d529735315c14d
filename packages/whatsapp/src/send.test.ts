import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorBody, metaError } from "./errors.ts";
import { readSendAnswer, sendRequest } from "./send.ts";

const target = { version: "v26.0", phoneNumberId: "700800900100200", accessToken: "EAAtoken" };

function accepted(message: object, contact: object): string {
  return JSON.stringify({ messaging_product: "whatsapp", contacts: [contact], messages: [message] });
}

describe("a send request", () => {
  test("goes to the number's messages edge with the token and a JSON body", () => {
    const request = sendRequest(target, { messaging_product: "whatsapp", to: "+15550100123", type: "text", text: { body: "Hi" } });
    expect(request.path).toBe("/v26.0/700800900100200/messages");
    expect(request.headers).toEqual({ authorization: "Bearer EAAtoken", "content-type": "application/json" });
    expect(JSON.parse(request.body)).toEqual({ messaging_product: "whatsapp", to: "+15550100123", type: "text", text: { body: "Hi" } });
  });

  test("carries the proof of the app secret and can go to the marketing edge", () => {
    const request = sendRequest(
      { ...target, appSecretProof: "ab12", edge: "marketing_messages" },
      { messaging_product: "whatsapp", status: "read", message_id: "wamid.1" },
    );
    expect(request.path).toBe("/v26.0/700800900100200/marketing_messages?appsecret_proof=ab12");
  });
});

describe("the answer to a send", () => {
  test("an accepted template send gives the wamid, its status and the number Meta knows", () => {
    const text = accepted({ id: "wamid.A=", message_status: "held_for_quality_assessment" }, { input: "+5511987654321", wa_id: "551187654321" });
    expect(readSendAnswer(200, text)).toEqual({
      kind: "submitted",
      wireId: "wamid.A=",
      messageStatus: "held_for_quality_assessment",
      waId: "551187654321",
    });
  });

  test("a send to a business-scoped user id gives the user id and no number", () => {
    const answer = readSendAnswer(200, accepted({ id: "wamid.B" }, { input: "US.7700", user_id: "US.7700" }));
    expect(answer).toEqual({ kind: "submitted", wireId: "wamid.B", userId: "US.7700" });
  });

  test.each([
    [130429, "backOff"],
    [131056, "pairBackOff"],
    [131048, "later"],
    [132000, "never"],
    [131000, "ambiguous"],
  ])("a refusal with code %i has retry class %s", (code, retry) => {
    const error = metaError(code);
    expect(readSendAnswer(error.httpStatus, JSON.stringify(errorBody(error)))).toEqual({ kind: "refused", error, retry });
  });

  test.each([[200, "{}"], [200, "not json"], [200, ""], [502, "<html>"], [504, ""]])("HTTP %i with %j leaves open whether it was sent", (status, text) => {
    expect(readSendAnswer(status, text)).toMatchObject({ kind: "refused", retry: "ambiguous" });
  });

  test("any status and any body give an outcome, never an exception", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.oneof(fc.string(), fc.json()), (status, text) => {
        expect(["submitted", "refused"]).toContain(readSendAnswer(status, text).kind);
      }),
    );
  });
});

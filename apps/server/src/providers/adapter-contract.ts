/**
 * What every adapter must keep, whatever its wire. An adapter's own test calls this with examples of its answers.
 */
import type { MessageContent } from "@tincan/api";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../lanes/work.ts";
import type { OutboundMessage } from "../ledger/claim.ts";
import type { Adapter } from "./adapter.ts";

/** An answer of the wire, as it came. */
export interface Answer {
  status: number;
  body: string;
}

export interface AdapterExamples {
  adapter: Adapter;
  taken: Answer & { wireId: string | undefined };
  /** What the wire has no words for: it must be refused with a reason instead of being sent as something else. */
  unsayable?: (content: MessageContent) => boolean;
  /** By kind of outcome: answers that mean it. */
  answers: Record<Exclude<Outcome["kind"], "submitted" | "turn">, Answer[]>;
}

const everyContent: MessageContent[] = [
  { type: "template", name: "hello_world", language: "en_US" },
  {
    type: "template", name: "order_ready", language: "en",
    header: { kind: "image", media: { link: "https://cdn.example/a.png" } },
    body: [{ text: "Ada" }, { text: "A-1042" }],
    buttons: [{ kind: "url", index: 0, suffix: "t/81" }, { kind: "quickReply", index: 1, payload: "STOP" }],
  },
  { type: "template", name: "offer", language: "en", expiresAtMs: 1_798_761_600_000, buttons: [{ kind: "copyCode", index: 0, code: "SPRING15" }] },
  { type: "template", name: "cards", language: "en", cards: [{ header: { kind: "image", media: { id: "33" } }, body: [{ text: "Blue" }] }, {}] },
  { type: "text", text: "Hello \"you\"\n🎉", previewUrl: true },
  { type: "image", media: { link: "https://cdn.example/a.png", caption: "A" } },
  { type: "video", media: { id: "33" } },
  { type: "audio", media: { id: "33", voice: true } },
  { type: "document", media: { link: "https://cdn.example/a.pdf", filename: "a.pdf" } },
  { type: "sticker", media: { id: "33" } },
  { type: "location", location: { latitude: "37.48", longitude: "-122.14", name: "Depot" } },
  { type: "contacts", contacts: [{ name: { formatted_name: "Ada", first_name: "Ada" } }] },
  { type: "interactive", interactive: { type: "button", body: { text: "?" }, action: { buttons: [{ type: "reply", reply: { id: "y", title: "Yes" } }] } } },
  { type: "reaction", emoji: "✅", replyTo: "0199-inbound" },
];

/** A message as the lane hands it to an adapter. */
export function outbound(content: MessageContent, more: Partial<OutboundMessage> = {}): OutboundMessage {
  return { messageId: "01890a5d-ac96-774b-bcce-b302099a8057", recipient: "+15550100123", category: "utility", attempts: 1, content, ...more };
}

export function adapterContract(name: string, { adapter, taken, answers, unsayable = () => false }: AdapterExamples): void {
  describe(`${name} keeps the contract of adapters`, () => {
    const inItsWords = (wanted: boolean) => everyContent.filter((content) => unsayable(content) !== wanted).map((content) => [content.type, content] as const);

    test.each(inItsWords(false))("refuses %s content with a reason, before any request", (_, content) => {
      const request = adapter.request(outbound(content, { replyToWireId: "wire-7" }));
      expect("refusal" in request && request.refusal.title).toBeTruthy();
    });

    test.each(inItsWords(true))("renders %s content as a POST of JSON to a path of its own", (_, content) => {
      const request = adapter.request(outbound(content, { replyToWireId: "wire-7" }));
      if ("refusal" in request) throw new Error(request.refusal.title);
      expect(request.method).toBe("POST");
      expect(request.path).toMatch(/^\/\S*$/);
      expect(JSON.parse(request.body)).toBeTypeOf("object");
    });

    test("writes degrees without an exponent", () => {
      const location = { latitude: "1e-7", longitude: "-2.5E-7" };
      for (const content of [{ type: "location", location }, { type: "template", name: "shop", language: "en", header: { kind: "location", location } }] satisfies MessageContent[]) {
        const request = adapter.request(outbound(content));
        if ("refusal" in request) throw new Error(request.refusal.title);
        expect(JSON.stringify(JSON.parse(request.body))).toMatch(/"0\.0000001".*"-0\.00000025"/);
      }
    });

    test("carries our id of the message, so that a receipt can name it", () => {
      const message = outbound({ type: "text", text: "hi" });
      const request = adapter.request(message);
      expect("body" in request && request.body).toContain(message.messageId);
    });

    test("renders the same message to the same bytes, and leaves it as it was", () => {
      const message = Object.freeze(outbound(Object.freeze({ type: "text", text: "hi" } as const)));
      expect(adapter.request(message)).toEqual(adapter.request(message));
    });

    test("reads a success as submitted, with the provider's id if it gives one", () => {
      expect(adapter.readAnswer(taken.status, taken.body)).toMatchObject({ kind: "submitted", ...(taken.wireId && { wireId: taken.wireId }) });
    });

    for (const [kind, examples] of Object.entries(answers)) {
      test.each(examples)(`reads $status $body as ${kind}`, ({ status, body }) => {
        const outcome = adapter.readAnswer(status, body);
        expect(outcome.kind).toBe(kind);
        expect("error" in outcome && outcome.error.title).toBeTruthy();
      });
    }

    test("never says that a server fault was a refusal", () => {
      for (const status of [500, 502, 503, 504]) expect(adapter.readAnswer(status, "<html>")).toMatchObject({ kind: "ambiguous" });
    });

    test("gives an outcome for any answer at all, its text cut to 8,000 characters", () => {
      const anyBody = fc.oneof(fc.string(), fc.json(), fc.constant("x".repeat(20_000)));
      fc.assert(
        fc.property(fc.integer({ min: 200, max: 599 }), anyBody, (status, body) => {
          const outcome = adapter.readAnswer(status, body);
          expect(outcome.answer?.length ?? 0).toBeLessThanOrEqual(8000);
        }),
      );
    });
  });
}

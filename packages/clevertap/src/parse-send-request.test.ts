import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildSendRequest } from "./build-send-request.ts";
import { sendCodes } from "./codes.ts";
import { parseSendRequest } from "./parse-send-request.ts";
import type { ParseError } from "./parsed.ts";
import type { FreeFormRequest, TemplateRequest } from "./send-request.ts";
import { mutated, sendRequestDraft } from "./testing/arbitraries.ts";
import { body, button, freeFormBody, header, templateBody, textValue, verificationBody, withComponents } from "./testing/bodies.ts";

function template(json: unknown): TemplateRequest {
  const parsed = parseSendRequest(json);
  if (!parsed.ok || parsed.value.kind !== "template") throw new Error(JSON.stringify(parsed));
  return parsed.value;
}

function freeForm(json: unknown): FreeFormRequest {
  const parsed = parseSendRequest(json);
  if (!parsed.ok || parsed.value.kind !== "freeForm") throw new Error(JSON.stringify(parsed));
  return parsed.value;
}

function refusal(json: unknown): ParseError {
  const parsed = parseSendRequest(json);
  if (parsed.ok) throw new Error("the body was accepted");
  return parsed.error;
}

describe("a template request", () => {
  test("keeps msgId, numbers, template and language", () => {
    expect(template(templateBody())).toEqual({
      kind: "template",
      msgId: "5512|1790002222|20260922|5512|1",
      to: "+919800000011",
      toE164: "+919800000011",
      wabaNumber: "918000000022",
      wabaNumberE164: "+918000000022",
      template: { name: "parcel_ready", language: "en" },
      buttons: [],
      customProps: {},
    });
  });

  test("has a msgId of any characters, byte for byte", () => {
    expect(template(templateBody({ msgId: "  Ä|\t0|é|e\u0301 " })).msgId).toBe("  Ä|\t0|é|e\u0301 ");
  });

  test.each([
    ["text with values", header("text", { text: "Parcel 88", parameters: [textValue("88")] }), { kind: "text", text: "Parcel 88", parameters: ["88"] }],
    ["text without values", header("text", { text: "Parcel" }), { kind: "text", text: "Parcel", parameters: [] }],
    ["an image", header("image", { mediaURL: "https://cdn.example.org/p.jpg" }), { kind: "image", mediaUrl: "https://cdn.example.org/p.jpg" }],
    ["a video", header("video", { mediaURL: "https://cdn.example.org/p.mp4" }), { kind: "video", mediaUrl: "https://cdn.example.org/p.mp4" }],
    [
      "a file",
      header("file", { mediaURL: "https://cdn.example.org/p.pdf", filename: "receipt" }),
      { kind: "document", mediaUrl: "https://cdn.example.org/p.pdf", filename: "receipt" },
    ],
    [
      "a location",
      header("location", { latitude: "18.52", longitude: "73.85", name: "Shop", address: "4 Mill St" }),
      { kind: "location", latitude: "18.52", longitude: "73.85", name: "Shop", address: "4 Mill St" },
    ],
    ["a location without its name", header("location", { latitude: "18.52", longitude: "73.85" }), { kind: "location", latitude: "18.52", longitude: "73.85" }],
  ])("can have a header of %s", (_name, component, expected) => {
    expect(template(withComponents(component)).header).toEqual(expected);
  });

  test("has a body with positional values", () => {
    expect(template(withComponents(body("Hi Mina, 88 is here", "Mina", "88"))).body).toEqual({ text: "Hi Mina, 88 is here", parameters: ["Mina", "88"] });
  });

  test("has a body without values when the template has no variables", () => {
    expect(template(withComponents({ type: "body", body: { text: "Hello" } })).body).toEqual({ text: "Hello", parameters: [] });
  });

  test.each([
    ["a quick reply without payload", button(0, "quickReply", "OK"), { index: 0, kind: "quickReply", text: "OK" }],
    ["a quick reply with payload", button(1, "quickReply", "OK", { type: "payload", payload: "ok-88" }), { index: 1, kind: "quickReply", text: "OK", value: "ok-88" }],
    ["a dynamic URL", button(2, "dynamicUrl", "Track", textValue("t/88")), { index: 2, kind: "dynamicUrl", text: "Track", value: "t/88" }],
    ["a static URL", button(0, "staticUrl", "Site", textValue("https://example.org")), { index: 0, kind: "staticUrl", text: "Site", value: "https://example.org" }],
    ["a call", button(0, "callPhone", "Call", textValue("+918000000022")), { index: 0, kind: "callPhone", text: "Call", value: "+918000000022" }],
    ["a code to copy", button(0, "copy_code", "Copy", { type: "coupon_code", coupon_code: "TEN" }), { index: 0, kind: "copyCode", text: "Copy", value: "TEN" }],
  ])("can have a button for %s", (_name, component, expected) => {
    expect(template(withComponents(component)).buttons).toEqual([expected]);
  });

  test("can have a limited-time offer with its end", () => {
    const offer = {
      type: "limited_time_offer",
      text: "Until midnight",
      parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: 1_790_009_000_000 } }],
    };
    expect(template(withComponents(offer)).limitedTimeOffer).toEqual({ text: "Until midnight", expiresAtMs: 1_790_009_000_000 });
  });

  test("can have a limited-time offer without a countdown", () => {
    expect(template(withComponents({ type: "limited_time_offer", text: "Soon over" })).limitedTimeOffer).toEqual({ text: "Soon over" });
  });

  test("can have a carousel whose buttons count from 0 in every card", () => {
    const card = (name: string) => ({
      components: [
        header("image", { mediaURL: `https://cdn.example.org/${name}.jpg` }),
        body(`For ${name}`, name),
        button(0, "dynamicUrl", "Shop", textValue(`p/${name}`)),
      ],
    });
    const { carousel } = template(withComponents({ type: "carousel", cards: [card("a"), card("b")] }));
    expect(carousel).toEqual(
      ["a", "b"].map((name) => ({
        header: { kind: "image", mediaUrl: `https://cdn.example.org/${name}.jpg` },
        body: { text: `For ${name}`, parameters: [name] },
        buttons: [{ index: 0, kind: "dynamicUrl", text: "Shop", value: `p/${name}` }],
      })),
    );
  });

  test("passes over a carousel inside a card", () => {
    const inner = { type: "carousel", cards: [{ components: [body("deep")] }] };
    expect(template(withComponents({ type: "carousel", cards: [{ components: [inner] }] })).carousel).toEqual([{ buttons: [] }]);
  });
});

describe("a free-form request", () => {
  test.each([
    ["text", { text: { body: "Noted" } }, { kind: "text", text: "Noted" }],
    ["image", { image: { mediaURL: "https://cdn.example.org/i.jpg", caption: "Map" } }, { kind: "image", mediaUrl: "https://cdn.example.org/i.jpg", caption: "Map" }],
    ["video", { video: { mediaURL: "https://cdn.example.org/v.mp4" } }, { kind: "video", mediaUrl: "https://cdn.example.org/v.mp4" }],
    ["audio", { audio: { mediaURL: "https://cdn.example.org/a.ogg" } }, { kind: "audio", mediaUrl: "https://cdn.example.org/a.ogg" }],
    [
      "file",
      { file: { mediaURL: "https://cdn.example.org/f.pdf", caption: "Bill", filename: "bill.pdf" } },
      { kind: "document", mediaUrl: "https://cdn.example.org/f.pdf", caption: "Bill", filename: "bill.pdf" },
    ],
    ["location", { location: { latitude: "18.52", longitude: "73.85" } }, { kind: "location", latitude: "18.52", longitude: "73.85" }],
  ])("can be %s", (type, object, expected) => {
    expect(freeForm(freeFormBody({ type, ...object })).content).toEqual(expected);
  });
});

describe("the contract's contradictions are forgiven", () => {
  test("1: msg_id stands for msgId", () => {
    const { msgId: _dropped, ...rest } = freeFormBody();
    expect(freeForm({ ...rest, msg_id: "7|8|9|1" }).msgId).toBe("7|8|9|1");
  });

  test("2: the whole request may be wrapped in a body object", () => {
    expect(template({ body: verificationBody() })).toEqual(template(verificationBody()));
  });

  test("3: the footer's text may be under footertext", () => {
    expect(template(withComponents({ type: "footer", footer: "Reply STOP" })).footer).toBe("Reply STOP");
    expect(template(withComponents({ type: "footer", footertext: "Reply STOP" })).footer).toBe("Reply STOP");
  });

  test.each([{ payloadVersion: "0.1" }, { payloadVersion: 0.1 }, { payloadversion: 0.1 }, { paytloadVersion: "0.1" }, {}])(
    "4: the version is not insisted on: %j",
    (version) => {
      const { payloadVersion: _dropped, ...rest } = templateBody();
      expect(template({ ...rest, ...version }).msgId).toBe(rest.msgId);
    },
  );

  test.each([
    ["quickReply", "quickReply"],
    ["Quickreply", "quickReply"],
    ["quick_reply", "quickReply"],
    ["dynamic_url", "dynamicUrl"],
    ["DynamicURL", "dynamicUrl"],
    ["static_url", "staticUrl"],
    ["call_phone", "callPhone"],
    ["copy_code", "copyCode"],
    ["copyCode", "copyCode"],
  ])("5: the sub-type may be spelled %s", (spelling, kind) => {
    expect(template(withComponents(button(0, spelling, "Go"))).buttons[0]!.kind).toBe(kind);
  });

  test("6: repeated button indexes give way to the order in the request", () => {
    const { buttons } = template(withComponents(button(0, "quickReply", "Yes"), button(0, "quickReply", "No"), button(1, "quickReply", "Later")));
    expect(buttons.map((each) => [each.index, each.text])).toEqual([[0, "Yes"], [1, "No"], [2, "Later"]]);
  });

  test("6: a missing button index gives way to the order in the request", () => {
    const { buttons } = template(withComponents(button(5, "quickReply", "Yes"), { type: "button", subType: "quickReply" }));
    expect(buttons.map((each) => each.index)).toEqual([0, 1]);
  });

  test("7: custom props may stand inside components without a type, or at the top", () => {
    const customProps = [{ cost_centre: "B3" }, { team: "care", floor: 2 }];
    expect(template(withComponents({ customProps })).customProps).toEqual({ cost_centre: "B3", team: "care", floor: "2" });
    expect(template(templateBody({ customProps })).customProps).toEqual({ cost_centre: "B3", team: "care", floor: "2" });
  });

  test("7: unknown components and elements without a type are passed over", () => {
    expect(template(withComponents({ type: "sparkle" }, { note: 1 }, body("Hi", "Mina"))).body!.parameters).toEqual(["Mina"]);
  });

  test.each(["919800000011", "+919800000011", "+91 98000-00011"])("8: the numbers may be written as %s", (number) => {
    const request = template(templateBody({ to: number, wabaNumber: number }));
    expect([request.to, request.toE164, request.wabaNumberE164]).toEqual([number, "+919800000011", "+919800000011"]);
  });

  test("8: a business number without quotes is read as its digits", () => {
    expect(template(templateBody({ wabaNumber: 918_000_000_022 })).wabaNumber).toBe("918000000022");
  });

  test.each(["en(uk)", "en(UK)"])("9: the language %s is British English", (languageCode) => {
    expect(template(templateBody({ template: { namespace: "parcel_ready", languageCode } })).template.language).toBe("en_GB");
  });
});

describe("a refusal names the field and what was expected", () => {
  const badBody = { type: "body", body: { text: "b", parameters: 4 } };
  const badValue = { type: "body", body: { text: "b", parameters: [textValue("a"), { type: "text" }] } };
  test.each<[string, unknown, string, number]>([
    ["null", null, "body", 2004],
    ["a list", [], "body", 2004],
    ["a text", "text", "body", 2004],
    ["an empty object", {}, "msgId", 2004],
    ["a numeric msgId", templateBody({ msgId: 12 }), "msgId", 2004],
    ["an empty msgId", templateBody({ msgId: "" }), "msgId", 2004],
    ["an endless msgId", templateBody({ msgId: "x".repeat(256) }), "msgId", 2004],
    ["a msgId with NUL", templateBody({ msgId: "a\0b" }), "msgId", 2004],
    ["no recipient", templateBody({ to: undefined }), "to", 2004],
    ["an object as recipient", templateBody({ to: {} }), "to", 2004],
    ["an empty recipient", templateBody({ to: "" }), "to", 2002],
    ["no business number", templateBody({ wabaNumber: null }), "wabaNumber", 2004],
    ["isTemplate in words", templateBody({ isTemplate: "yes" }), "isTemplate", 2004],
    ["a wrong field in a wrapped body", { body: { ...templateBody({ msgId: 1 }) } }, "body.msgId", 2004],
    ["a text as template", templateBody({ template: "parcel_ready" }), "template", 2004],
    ["a template without name", templateBody({ template: { languageCode: "en" } }), "template.namespace", 2004],
    ["a template without language", templateBody({ template: { namespace: "parcel_ready" } }), "template.languageCode", 2004],
    ["components that are no list", templateBody({ components: {} }), "components", 2004],
    ["a number as component", withComponents(3), "components[0]", 2001],
    ["a second body", withComponents(body("a"), body("b")), "components[1].type", 2001],
    ["a number as parameters", withComponents({}, badBody), "components[1].body.parameters", 2001],
    ["a parameter without text", withComponents(badValue), "components[0].body.parameters[1].text", 2001],
    ["an audio header", withComponents(header("audio", { mediaURL: "https://cdn.example.org/a.ogg" })), "components[0].header.type", 2001],
    ["a script as media URL", withComponents(header("image", { mediaURL: "javascript:alert(1)" })), "components[0].header.image.mediaURL", 2001],
    ["an unknown sub-type", withComponents(button(0, "teleport", "Go")), "components[0].subType", 2001],
    ["a negative index", withComponents(button(-1, "quickReply", "Go")), "components[0].index", 2001],
    [
      "an empty header in a card",
      withComponents({ type: "carousel", cards: [{ components: [{ type: "header" }] }] }),
      "components[0].cards[0].components[0].header",
      2001,
    ],
    ["an unknown free-form type", freeFormBody({ type: "sticker" }), "type", 2004],
    ["an empty free-form text", freeFormBody({ text: { body: "" } }), "text.body", 2004],
    ["a type without its object", freeFormBody({ type: "image" }), "image", 2004],
  ])("%s", (_name, json, field, code) => {
    const error = refusal(json);
    expect(error).toMatchObject({ field, code });
    expect(error.expected).not.toBe("");
    expect(error.message).toContain(field);
  });

  test("a long wrong value is not repeated in full", () => {
    expect(refusal(freeFormBody({ type: "x".repeat(100_000) })).message.length).toBeLessThan(200);
  });
});

describe("hostile bodies", () => {
  test("keys named after the prototype are only keys", () => {
    const json = JSON.parse('{"__proto__":{"msgId":"x"},"constructor":{"prototype":{}}}') as unknown;
    expect(refusal(json).field).toBe("msgId");
    const request = template(JSON.parse(JSON.stringify(templateBody()).replace('"components":[]', '"components":[{"customProps":[{"__proto__":"p"}]}]')));
    expect(Object.entries(request.customProps)).toEqual([["__proto__", "p"]]);
    expect(Object.getPrototypeOf(request.customProps)).toBe(Object.prototype);
  });

  test("types named after the prototype are unknown types", () => {
    expect(template(withComponents({ type: "constructor" }, { type: "__proto__" })).buttons).toEqual([]);
    expect(refusal(freeFormBody({ type: "toString" })).field).toBe("type");
  });

  test("endless nesting is answered", () => {
    const deep = JSON.parse(`${'{"body":'.repeat(5_000)}1${"}".repeat(5_000)}`) as unknown;
    expect(refusal(deep).field).toBe("body.msgId");
    let cards: unknown = 1;
    for (let level = 0; level < 100_000; level++) cards = [{ components: [{ type: "carousel", cards }] }];
    expect(template(withComponents({ type: "carousel", cards })).carousel).toEqual([{ buttons: [] }]);
  });

  test("a list of two hundred thousand components is answered", () => {
    const components = Array.from({ length: 200_000 }, () => ({ type: "button", subType: "quickReply", index: 0 }));
    expect(template(templateBody({ components })).buttons).toHaveLength(200_000);
  });
});

describe("properties", () => {
  test("a built request reads as its draft", () => {
    fc.assert(
      fc.property(sendRequestDraft, (draft) => {
        const parsed = parseSendRequest(JSON.parse(JSON.stringify(buildSendRequest(draft))));
        if (!parsed.ok) throw new Error(parsed.error.message);
        const { toE164, wabaNumberE164, ...rest } = parsed.value;
        expect(rest).toEqual(draft);
        expect([toE164, wabaNumberE164]).toEqual([`+${draft.to}`, `+${draft.wabaNumber}`]);
      }),
      { numRuns: 500 },
    );
  });

  test("any JSON gives a request or an error with a field and a send code", () => {
    const bodies = fc.oneof(fc.jsonValue(), mutated(sendRequestDraft.map(buildSendRequest)));
    fc.assert(
      fc.property(bodies, (json) => {
        const parsed = parseSendRequest(json);
        if (parsed.ok) return;
        expect(parsed.error.field).not.toBe("");
        expect(parsed.error.expected).not.toBe("");
        expect(Object.keys(sendCodes)).toContain(String(parsed.error.code));
      }),
      { numRuns: 3000 },
    );
  });
});

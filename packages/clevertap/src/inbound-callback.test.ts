import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildInboundCallback, parseInboundCallback, type InboundContent, type InboundDraft, type InboundMessage } from "./inbound-callback.ts";
import { inboundDraft, mutated } from "./testing/arbitraries.ts";
import { inboundBody } from "./testing/bodies.ts";

const mediaURL = "https://media.example.org/m1";

function read(json: unknown): InboundMessage {
  const parsed = parseInboundCallback(json);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function draft(content: InboundContent, changes: Partial<InboundDraft> = {}): InboundDraft {
  return { from: "+919800000011", wabaNumber: "918000000022", timestamp: 1_790_003_000, content, ...changes };
}

describe("a received inbound message", () => {
  test("has both numbers, its time and no context of its own", () => {
    expect(read(inboundBody("text", { text: { body: "yes" } }))).toEqual({
      from: "919800000011",
      fromE164: "+919800000011",
      wabaNumber: "918000000022",
      wabaNumberE164: "+918000000022",
      timestamp: 1_790_003_000,
      content: { kind: "text", text: "yes" },
    });
  });

  test("names the msgId it answers", () => {
    expect(read(inboundBody("text", { text: { body: "yes" }, context: { id: "5|6|7|8" } })).replyTo).toBe("5|6|7|8");
  });

  test.each([
    ["an image", "image", { image: { mediaURL, mimeType: "image/jpeg", caption: "here" } }, { kind: "image", mediaUrl: mediaURL, mimeType: "image/jpeg", caption: "here" }],
    ["a video", "video", { video: { mediaURL, mimeType: "mp4" } }, { kind: "video", mediaUrl: mediaURL, mimeType: "mp4" }],
    ["audio", "audio", { audio: { mediaURL, mimeType: "audio/ogg" } }, { kind: "audio", mediaUrl: mediaURL, mimeType: "audio/ogg" }],
    ["a file", "file", { file: { mediaURL, mimeType: "pdf", caption: "bill" } }, { kind: "document", mediaUrl: mediaURL, mimeType: "pdf", caption: "bill" }],
    ["a pressed button", "button", { button: { payload: "ok-88", text: "OK" } }, { kind: "button", payload: "ok-88", text: "OK" }],
    [
      "a location",
      "location",
      { location: { latitude: "18.52", longitude: "73.85", address: "4 Mill St", name: "Shop", url: "https://maps.example/1" } },
      { kind: "location", latitude: "18.52", longitude: "73.85", name: "Shop", address: "4 Mill St", url: "https://maps.example/1" },
    ],
    ["a location in numbers", "location", { location: { latitude: 18.52, longitude: 73.85 } }, { kind: "location", latitude: "18.52", longitude: "73.85" }],
  ])("can be %s", (_name, type, object, expected) => {
    expect(read(inboundBody(type, object)).content).toEqual(expected);
  });

  test.each([
    ["file", "file"],
    ["file", "document"],
    ["document", "file"],
    ["document", "document"],
  ])("11: a document may be of type %s with its object under %s", (type, key) => {
    expect(read(inboundBody(type, { [key]: { mediaURL } })).content).toEqual({ kind: "document", mediaUrl: mediaURL });
  });

  test.each([
    ["audio", "audio"],
    ["voice", "voice"],
    ["voice", "audio"],
  ])("11: a voice note may be of type %s with its object under %s", (type, key) => {
    expect(read(inboundBody(type, { [key]: { mediaURL } })).content).toEqual({ kind: "audio", mediaUrl: mediaURL });
  });

  test("may spell mimeType in lower case", () => {
    expect(read(inboundBody("image", { image: { mediaURL, mimetype: "image/png" } })).content).toMatchObject({ mimeType: "image/png" });
  });

  test("4: may spell its version payloadversion", () => {
    const { payloadVersion: _dropped, ...rest } = inboundBody("text", { text: { body: "yes" } });
    expect(read({ ...rest, payloadversion: 0.1 }).content).toEqual({ kind: "text", text: "yes" });
  });

  test("of a type the contract has no word for is kept under that word", () => {
    expect(read(inboundBody("reaction", { reaction: { emoji: "👍" } }))).toMatchObject({ fromE164: "+919800000011", content: { kind: "unknown", type: "reaction" } });
  });

  test.each([
    ["no sender", inboundBody("text", { text: { body: "yes" }, from: undefined }), "from"],
    ["no type", inboundBody("", {}), "type"],
    ["no text", inboundBody("text", {}), "text"],
    ["media without a link", inboundBody("image", { image: {} }), "image.mediaURL"],
    ["a document without an object", inboundBody("file", {}), "file"],
    ["a list", [inboundBody("text", { text: { body: "yes" } })], "body"],
  ])("with %s is refused by name", (_name, json, field) => {
    const parsed = parseInboundCallback(json);
    expect(!parsed.ok && parsed.error).toMatchObject({ field, code: 400 });
  });
});

describe("a built inbound message", () => {
  test("has a version in quotes, a sender in digits and its time as text", () => {
    expect(buildInboundCallback(draft({ kind: "text", text: "yes" }))).toEqual({
      payloadVersion: "0.1",
      from: "919800000011",
      wabaNumber: "918000000022",
      timestamp: "1790003000",
      type: "text",
      text: { body: "yes" },
    });
  });

  test("names the message it answers in its context", () => {
    const built = buildInboundCallback(draft({ kind: "button", payload: "ok-88", text: "OK" }, { replyTo: "5|6|7|8" }));
    expect(built).toMatchObject({ type: "button", context: { id: "5|6|7|8" }, button: { payload: "ok-88", text: "OK" } });
  });

  test("has a document as a file, under both keys", () => {
    const file = { mediaURL, mimeType: "application/pdf", caption: "bill" };
    const built = buildInboundCallback(draft({ kind: "document", mediaUrl: mediaURL, mimeType: "application/pdf", caption: "bill" }));
    expect(built).toMatchObject({ type: "file", file, document: file });
  });

  test("has an address with every place, and no name where there is none", () => {
    const built = buildInboundCallback(draft({ kind: "location", latitude: "19.07", longitude: "72.87" }));
    expect(built["location"]).toEqual({ latitude: "19.07", longitude: "72.87", address: "" });
  });

  test("has a voice note as audio", () => {
    expect(buildInboundCallback(draft({ kind: "audio", mediaUrl: mediaURL }))).toMatchObject({ type: "audio", audio: { mediaURL } });
  });
});

describe("properties", () => {
  test("a built message reads as its draft", () => {
    fc.assert(
      fc.property(inboundDraft, (message) => {
        const { fromE164, wabaNumberE164, ...rest } = read(JSON.parse(JSON.stringify(buildInboundCallback(message))));
        expect(rest).toEqual(message);
        expect([fromE164, wabaNumberE164]).toEqual([`+${message.from}`, `+${message.wabaNumber}`]);
      }),
      { numRuns: 500 },
    );
  });

  test("any JSON gives a message or an error that names a field", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), mutated(inboundDraft.map(buildInboundCallback))), (json) => {
        const parsed = parseInboundCallback(json);
        expect(parsed.ok || parsed.error.field !== "").toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

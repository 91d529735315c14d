import { describe, expect, test } from "vitest";
import { buildSendRequest } from "./build-send-request.ts";
import type { SendRequestDraft, TemplateDraft } from "./send-request.ts";

function templateDraft(changes: Partial<TemplateDraft> = {}): SendRequestDraft {
  return {
    kind: "template",
    msgId: "1|2|3|4|0",
    to: "+919800000011",
    wabaNumber: "918000000022",
    template: { name: "parcel_ready", language: "en_GB" },
    buttons: [],
    customProps: {},
    ...changes,
  };
}

describe("a built request", () => {
  test("has the envelope of the contract with a numeric version", () => {
    expect(buildSendRequest(templateDraft())).toEqual({
      payloadVersion: 0.1,
      to: "+919800000011",
      wabaNumber: "918000000022",
      isTemplate: true,
      msgId: "1|2|3|4|0",
      template: { namespace: "parcel_ready", languageCode: "en_GB" },
      components: [],
    });
  });

  test("calls a document header file", () => {
    const built = buildSendRequest(templateDraft({ header: { kind: "document", mediaUrl: "https://cdn.example.org/p.pdf", filename: "p" } }));
    expect(built.components).toEqual([{ type: "header", header: { type: "file", file: { mediaURL: "https://cdn.example.org/p.pdf", filename: "p" } } }]);
  });

  test("spells sub-types as the current table does", () => {
    const kinds = ["quickReply", "dynamicUrl", "staticUrl", "callPhone", "copyCode"] as const;
    const built = buildSendRequest(templateDraft({ buttons: kinds.map((kind, index) => ({ index, kind })) }));
    expect(built.components!.map((each) => each.subType)).toEqual(["quickReply", "dynamicUrl", "staticUrl", "callPhone", "copy_code"]);
  });

  test("puts the payload, the coupon code and other values under their own keys", () => {
    const built = buildSendRequest(
      templateDraft({
        buttons: [
          { index: 0, kind: "quickReply", value: "ok-88" },
          { index: 1, kind: "copyCode", value: "TEN" },
          { index: 2, kind: "dynamicUrl", value: "t/88" },
        ],
      }),
    );
    expect(built.components!.map((each) => each.parameters)).toEqual([
      [{ type: "payload", payload: "ok-88" }],
      [{ type: "coupon_code", coupon_code: "TEN" }],
      [{ type: "text", text: "t/88" }],
    ]);
  });

  test("has custom props as a list of one-key objects among the components", () => {
    const built = buildSendRequest(templateDraft({ customProps: { team: "care", floor: "2" } }));
    expect(built.components).toEqual([{ customProps: [{ team: "care" }, { floor: "2" }] }]);
  });

  test("of free form has its content beside its type and no template", () => {
    const built = buildSendRequest({
      kind: "freeForm",
      msgId: "1|2|3|4",
      to: "919800000011",
      wabaNumber: "918000000022",
      customProps: {},
      content: { kind: "document", mediaUrl: "https://cdn.example.org/f.pdf", filename: "f.pdf" },
    });
    expect(built).toEqual({
      payloadVersion: 0.1,
      to: "919800000011",
      wabaNumber: "918000000022",
      isTemplate: false,
      msgId: "1|2|3|4",
      type: "file",
      file: { mediaURL: "https://cdn.example.org/f.pdf", filename: "f.pdf" },
    });
  });
});

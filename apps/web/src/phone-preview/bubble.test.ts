import type { TemplateComponent } from "@tincan/api";
import { describe, expect, it } from "vitest";
import { bubbleOfContent, bubbleOfTemplate, fill } from "./bubble.ts";

const order: TemplateComponent[] = [
  { type: "HEADER", format: "IMAGE", example: { header_handle: ["https://cdn.example.com/a.jpg"] } },
  { type: "BODY", text: "Hi {{1}}, order {{2}} is ready", example: { body_text: [["Ravi", "42"]] } },
  { type: "FOOTER", text: "Reply STOP to opt out" },
  {
    type: "BUTTONS",
    buttons: [
      { type: "URL", text: "Track", url: "https://example.com/t/{{1}}", example: ["https://example.com/t/1"] },
      { type: "QUICK_REPLY", text: "OK" },
    ],
  },
];

describe("filling variables", () => {
  it("puts values in by place and by name", () => {
    expect(fill("{{1}} {{order_no}}", [{ text: "Ada" }, { name: "order_no", text: "A-1" }])).toBe("Ada A-1");
  });
  it("leaves a variable without a value to be seen", () => expect(fill("Hi {{1}} {{2}}", [{ text: "Ada" }])).toBe("Hi Ada {{2}}"));
});

describe("a template on the phone", () => {
  it("shows the samples it was submitted with when there are no values", () => {
    const bubble = bubbleOfTemplate(order);
    expect(bubble).toMatchObject({ text: "Hi Ravi, order 42 is ready", header: { kind: "image", url: "https://cdn.example.com/a.jpg" } });
  });

  it("shows its open variables when asked to", () => {
    expect(bubbleOfTemplate(order, undefined, { examples: false }).text).toBe("Hi {{1}}, order {{2}} is ready");
  });

  it("shows one person's values and never a sample beside them", () => {
    const bubble = bubbleOfContent(
      { type: "template", name: "order", language: "en", body: [{ text: "Ada" }], buttons: [{ kind: "url", index: 0, suffix: "77" }] },
      { components: order },
    );
    expect(bubble.text).toBe("Hi Ada, order {{2}} is ready");
    expect(bubble.header).toEqual({ kind: "image" });
    expect(bubble.buttons[0]?.detail).toBe("https://example.com/t/77");
  });

  it("gives the offer the code of its copy button", () => {
    const bubble = bubbleOfTemplate([
      { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Ends soon", has_expiration: true } },
      { type: "BUTTONS", buttons: [{ type: "COPY_CODE", example: "SPRING15" }] },
    ]);
    expect(bubble.offer).toEqual({ text: "Ends soon", code: "SPRING15" });
  });

  it("labels the button of a one-time code as WhatsApp does", () => {
    const button = (otp: object) => bubbleOfTemplate([{ type: "BUTTONS", buttons: [{ type: "OTP", ...otp }] }]).buttons[0]?.text;
    expect([button({ otp_type: "COPY_CODE" }), button({ otp_type: "ONE_TAP" }), button({ otp_type: "ONE_TAP", autofill_text: "Fill in" })]).toEqual(["Copy code", "Autofill", "Fill in"]);
  });

  it("fills each card of a carousel with its own values", () => {
    const card = { components: [{ type: "BODY", text: "Card {{1}}" }] };
    const content = { type: "template" as const, name: "c", language: "en", cards: [{ body: [{ text: "one" }] }, { body: [{ text: "two" }] }] };
    const bubble = bubbleOfContent(content, { components: [{ type: "CAROUSEL", cards: [card, card] }] });
    expect(bubble.cards?.map((one) => one.text)).toEqual(["Card one", "Card two"]);
  });
});

describe("free-form content on the phone", () => {
  it("shows a caption under its picture", () => {
    expect(bubbleOfContent({ type: "image", media: { link: "https://x.example/a.jpg", caption: "Here" } }, null)).toMatchObject({ text: "Here", header: { kind: "image" } });
  });
  it("shows reply buttons of an interactive message", () => {
    const interactive = { type: "button", body: { text: "Choose" }, action: { buttons: [{ type: "reply", reply: { id: "y", title: "Yes" } }] } };
    expect(bubbleOfContent({ type: "interactive", interactive }, null)).toEqual({ text: "Choose", buttons: [{ kind: "reply", text: "Yes" }] });
  });
});

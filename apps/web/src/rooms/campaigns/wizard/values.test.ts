import type { Template } from "@tincan/api";
import { expect, test } from "vitest";
import { fitted, slotsOf } from "./values.ts";

/** A template with only what values depend on. */
const template = (components: object[], parameterFormat = "POSITIONAL"): Template => ({ category: "MARKETING", parameterFormat, components }) as unknown as Template;

const order = template([
  { type: "HEADER", format: "IMAGE" },
  { type: "BODY", text: "Hi {{1}}, your order {{2}} is ready." },
  { type: "BUTTONS", buttons: [{ type: "URL", text: "See order", url: "https://shop.example/{{1}}" }, { type: "QUICK_REPLY", text: "Thanks" }] },
]);

test("each variable of a template has a field, and what fits stays when another template is chosen", () => {
  const values = fitted(order, { body: [{ text: "{{ profile.name }}" }], offerEnds: { kind: "after", minutes: 5 } });
  expect(values).toEqual({ header: { kind: "image", media: {} }, body: [{ text: "{{ profile.name }}" }, { text: "" }] });
  expect(slotsOf(order, values).own.map(({ path, label, value }) => [path, label, value])).toEqual([
    ["header", "Address of the image", ""],
    ["body[0]", "Value of {{1}}", "{{ profile.name }}"],
    ["body[1]", "Value of {{2}}", ""],
    ["buttons", "End of the link “See order”", ""],
    ["buttons", "Payload of “Thanks”", ""],
  ]);
});

test("a field changes its own value only, and an emptied button has none", () => {
  const values = fitted(order, { body: [{ text: "a" }, { text: "b" }] });
  const [, , second, link] = slotsOf(order, values).own;
  expect(second!.set("c").body).toEqual([{ text: "a" }, { text: "c" }]);
  const linked = link!.set("A-1");
  expect(linked.buttons).toEqual([{ kind: "url", index: 0, suffix: "A-1" }]);
  expect(slotsOf(order, linked).own[3]!.set("").buttons).toEqual([]);
});

test("a link button can be tracked, and then takes a whole address", () => {
  const [choice] = slotsOf(order, fitted(order)).links;
  const tracked = choice!.set(true);
  expect(tracked.buttons).toEqual([{ kind: "url", index: 0, suffix: null, target: "" }]);
  expect(slotsOf(order, tracked).own[3]!.label).toBe("Where “See order” leads");
});

test("cards have fields of their own, and named variables keep their names", () => {
  const carousel = template(
    [{ type: "BODY", text: "For {{who}}" }, { type: "CAROUSEL", cards: [{ components: [{ type: "HEADER", format: "IMAGE" }, { type: "BODY", text: "{{what}}" }] }] }],
    "NAMED",
  );
  const values = fitted(carousel);
  expect(values.body).toEqual([{ name: "who", text: "" }]);
  const [picture, what] = slotsOf(carousel, values).cards[0]!;
  expect(picture!.path).toBe("cards[0].header");
  expect(what!.set("tulips")).toMatchObject({ cards: [{ body: [{ name: "what", text: "tulips" }] }] });
});

test("a one-time code is written once and stands in the text and on the button", () => {
  const login = { ...template([{ type: "BODY", add_security_recommendation: true }, { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] }]), category: "AUTHENTICATION" };
  const [code, ...others] = slotsOf(login, fitted(login)).own;
  expect(others).toEqual([]);
  const filled = code!.set("{{ event.code }}");
  expect(filled).toEqual({ body: [{ text: "{{ event.code }}" }], buttons: [{ kind: "url", index: 0, suffix: "{{ event.code }}" }] });
  expect(slotsOf(login, filled).own[0]!.value).toBe("{{ event.code }}");
});

test("an offer that ends has an end from the beginning", () => {
  const offer = template([{ type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Now", has_expiration: true } }, { type: "BODY", text: "Hi" }]);
  expect(fitted(offer).offerEnds).toEqual({ kind: "after", minutes: 1440 });
  expect(slotsOf(offer, fitted(offer)).offer).toBe(true);
});

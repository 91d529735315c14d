import { describe, expect, it } from "vitest";
import { definitionOf } from "./definition.ts";
import { type Draft, draftOf, newButton, newCard, newDraft } from "./draft.ts";
import { fieldOf, problemsOf } from "./problems.ts";

const draft = (changes: Partial<Draft> = {}): Draft => ({
  ...newDraft("provider-1"),
  name: "order_ready",
  category: "UTILITY",
  body: "Hi {{1}}, your order {{2}} is ready for you to collect.",
  samples: { "1": "Ada", "2": "A-1042" },
  ...changes,
});

/** What is saved, read back into the form and saved again. */
const again = (given: Draft) => {
  const written = definitionOf(given);
  return definitionOf(
    draftOf({
      provider: { id: given.provider, nickname: "Main", kind: "cloud-api" },
      ...written,
      buttonSettings: written.buttonSettings ?? [],
      samples: written.samples ?? {},
      timeToLiveSeconds: written.timeToLiveSeconds ?? null,
    }),
  );
};

const fieldsWrong = (given: Draft) => problemsOf(given, "cloud-api").map(({ field }) => field);

describe("a draft as Meta's components", () => {
  it("says beside the field that Meta takes no such time to live", () => expect(fieldsWrong(draft({ timeToLive: 5 }))).toEqual(["timeToLiveSeconds"]));
  it("puts the samples of numbered variables into one row", () =>
    expect(definitionOf(draft()).components).toEqual([
      { type: "BODY", text: "Hi {{1}}, your order {{2}} is ready for you to collect.", example: { body_text: [["Ada", "A-1042"]] } },
    ]));
  it("is named as soon as one variable has a name", () => {
    const named = draft({ body: "Hi {{first_name}}, welcome to the club.", samples: { first_name: "Ada" } });
    expect(definitionOf(named)).toMatchObject({
      parameterFormat: "NAMED",
      components: [{ example: { body_text_named_params: [{ param_name: "first_name", example: "Ada" }] } }],
      samples: { body: [{ name: "first_name", text: "Ada" }] },
    });
  });
  it("keeps payloads, tracking and the opt-out beside the buttons", () => {
    const buttons = [
      { ...newButton("URL"), text: "Track", url: "https://shop.example/t/{{1}}", example: "https://shop.example/t/81", tracked: true },
      { ...newButton("QUICK_REPLY"), text: "Thanks", payload: "thanks-1" },
      newButton("OPT_OUT"),
    ];
    const written = definitionOf(draft({ category: "MARKETING", buttons }));
    expect(written.buttonSettings).toEqual([
      { index: 0, tracked: true },
      { index: 1, payload: "thanks-1" },
      { index: 2, optOut: true },
    ]);
    expect(written.samples?.buttons).toEqual([
      { kind: "url", index: 0, suffix: "81" },
      { kind: "quickReply", index: 1, payload: "thanks-1" },
    ]);
  });
  it("has no footer in a limited-time offer", () =>
    expect(definitionOf(draft({ shape: "offer", footer: "Bye", offer: { text: "Ends soon", expires: true } })).components.map(({ type }) => type)).toEqual(["LIMITED_TIME_OFFER", "BODY"]));
});

describe("a saved template read into the form and saved again", () => {
  const media = { ...newDraft("").header, format: "IMAGE" as const, handle: "4::aW", link: "https://cdn.example/a.jpg" };
  it.each<[string, Draft]>([
    ["a plain one", draft({ header: { ...newDraft("").header, format: "TEXT", text: "Order {{1}}", samples: { "1": "A-1042" } }, footer: "Reply STOP to opt out" })],
    ["one with a picture and buttons", draft({ header: media, buttons: [{ ...newButton("PHONE_NUMBER"), text: "Call", phone: "+15550100199" }] })],
    ["one that is given up after an hour", draft({ timeToLive: 3600 })],
    ["an offer", draft({ category: "MARKETING", shape: "offer", offer: { text: "Ends soon", expires: true }, buttons: [{ ...newButton("COPY_CODE"), example: "SAVE5" }] })],
    ["a carousel", draft({ category: "MARKETING", shape: "carousel", cards: [1, 2].map(() => ({ ...newCard(), header: media, body: "New in our shop" })) })],
    ["a one-time code", draft({ category: "AUTHENTICATION", body: "", samples: {}, code: { ...newDraft("").code, kind: "ONE_TAP", apps: [{ id: 1, packageName: "com.example.app", signatureHash: "K8a/AINcGX7" }] } })],
  ])("is the same: %s", (_name, given) => expect(again(given)).toEqual(definitionOf(given)));
  it("keeps a button the form cannot write", () => {
    const flow = { type: "FLOW", text: "Book", flow_id: "123" };
    const read = draftOf({
      provider: { id: "p", nickname: "Main", kind: "cloud-api" },
      name: "book",
      language: "en",
      category: "UTILITY",
      components: [{ type: "BODY", text: "Book now" }, { type: "BUTTONS", buttons: [flow] }],
      buttonSettings: [],
      samples: {},
      timeToLiveSeconds: null,
    });
    expect(definitionOf(read).components[1]).toEqual({ type: "BUTTONS", buttons: [flow] });
  });
});

describe("broken rules find their fields", () => {
  it("has none for a good template", () => expect(problemsOf(draft(), "cloud-api")).toEqual([]));
  it("the name", () => expect(fieldsWrong(draft({ name: "Order Ready" }))).toEqual(["name"]));
  it("the body that begins with a variable", () => expect(fieldsWrong(draft({ body: "{{1}} and {{2}} are names of people we know well" }))).toEqual(["body"]));
  it("a sample that is missing, as missing", () => expect(problemsOf(draft({ samples: { "1": "Ada" } }), "cloud-api")).toMatchObject([{ field: "samples", missing: true }]));
  it("a button's text that is too long", () => expect(fieldsWrong(draft({ buttons: [{ ...newButton("QUICK_REPLY"), text: "x".repeat(26) }] }))).toEqual(["buttons.0.text"]));
  it("a payload that is too long", () => expect(fieldsWrong(draft({ buttons: [{ ...newButton("QUICK_REPLY"), text: "OK", payload: "x".repeat(129) }] }))).toEqual(["buttons.0.payload"]));
  it("a card's body", () => {
    const cards = [1, 2].map(() => ({ ...newCard(), header: { ...newCard().header, handle: "4::aW" }, buttons: [{ ...newButton("QUICK_REPLY"), text: "Yes" }] }));
    const [first, second] = cards;
    if (!first || !second) throw new Error("two cards");
    second.body = "x".repeat(161);
    first.body = "Fine";
    expect(fieldsWrong(draft({ category: "MARKETING", shape: "carousel", cards }))).toEqual(["cards.1.body"]);
  });
  it("a picture that is chosen and goes up when saved is no problem", () => {
    const header = { ...newDraft("").header, format: "IMAGE" as const };
    expect(fieldsWrong(draft({ header }))).toEqual(["header.file"]);
    expect(fieldsWrong(draft({ header: { ...header, file: new File([], "a.png") } }))).toEqual([]);
  });
  it("a minute too many", () => expect(fieldsWrong(draft({ category: "AUTHENTICATION", code: { ...newDraft("").code, minutes: 91 } }))).toEqual(["code"]));
  it("what belongs to no field belongs to the whole", () => expect(fieldOf("somewhere", [])).toBe(""));
});

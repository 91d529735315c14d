/** Requests as CleverTap posts them (CleverTap: Generic WhatsApp, outbound), of the templates every sandbox starts with. */

const wabaNumber = "15550100199";

function template(msgId: string, to: string, namespace: string, languageCode: string, components: object[]): object {
  return { payloadVersion: 0.1, to, wabaNumber, isTemplate: true, msgId, template: { namespace, languageCode }, components };
}

const texts = (values: readonly string[]): object[] => values.map((text) => ({ type: "text", text }));

/** A utility template without a variable. */
export function helloWorld(msgId: string, to: string): object {
  return template(msgId, to, "hello_world", "en_US", [{ type: "body", body: { text: "This message shows that your number can send. It has no variables." } }]);
}

/** A utility template with everything: image, two values, footer, dynamic URL, quick reply with or without a payload. */
export function orderReady(msgId: string, to: string, order: { image: string; name: string; number: string; path: string; payload?: string }): object {
  const { image, name, number, path, payload } = order;
  return template(msgId, to, "order_ready", "en", [
    { type: "header", header: { type: "image", image: { mediaURL: image } } },
    { type: "body", body: { text: `Hi ${name}, your order *${number}* is ready for collection.`, parameters: texts([name, number]) } },
    { type: "footer", footer: "Open every day from 9 to 18" },
    { type: "button", index: 0, subType: "dynamicUrl", buttonText: "See order", parameters: texts([path]) },
    { type: "button", index: 1, subType: "quickReply", buttonText: "On my way", ...(payload && { parameters: [{ type: "payload", payload }] }) },
    { customProps: [{ cost_centre: "A7" }] },
  ]);
}

/** A marketing template with a limited-time offer. */
export function springOffer(msgId: string, to: string, offer: { code: string; expiresAtMs: number }): object {
  return template(msgId, to, "spring_offer", "en", [
    {
      type: "limited_time_offer", text: "Spring offer",
      parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: offer.expiresAtMs } }],
    },
    { type: "body", body: { text: "Spring is here." } },
    { type: "button", index: 0, subType: "copy_code", buttonText: "Copy offer code", parameters: [{ type: "coupon_code", coupon_code: offer.code }] },
    { type: "button", index: 1, subType: "staticUrl", buttonText: "Shop now", parameters: texts(["https://shop.example/spring"]) },
  ]);
}

/** A free-form message; `content` such as `{ type: "text", text: { body: "Hi" } }`. */
export function freeForm(msgId: string, to: string, content: { type: string } & Record<string, unknown>): object {
  return { payloadVersion: 0.1, to, wabaNumber, isTemplate: false, msgId, ...content };
}

/** What CleverTap posts while its WhatsApp Connect form is being saved. */
export function verificationProbe(): object {
  return template("0|0|0|0", "+910000000000", "whatsapp:hsm:technology:generic:verify", "en", [
    { type: "body", body: { text: "Hello 0, 1 and 2", parameters: texts(["0", "1", "2"]) } },
  ]);
}

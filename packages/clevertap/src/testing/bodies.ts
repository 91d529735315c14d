/* Builders of wire bodies as CleverTap or a provider would post them. Every value is invented. */

type Json = Record<string, unknown>;

export function templateBody(changes: Json = {}): Json {
  return {
    payloadVersion: 0.1,
    to: "+919800000011",
    wabaNumber: "918000000022",
    isTemplate: true,
    msgId: "5512|1790002222|20260922|5512|1",
    template: { namespace: "parcel_ready", languageCode: "en" },
    components: [],
    ...changes,
  };
}

export function withComponents(...components: unknown[]): Json {
  return templateBody({ components });
}

export function freeFormBody(changes: Json = {}): Json {
  return {
    payloadVersion: 0.1,
    to: "919800000011",
    wabaNumber: "918000000022",
    isTemplate: false,
    msgId: "5512|1790002222|20260922|5512",
    type: "text",
    text: { body: "On our way" },
    ...changes,
  };
}

export function header(type: string, content: Json): Json {
  return { type: "header", header: { type, [type]: content } };
}

export function body(text: string, ...values: string[]): Json {
  return { type: "body", body: { text, parameters: values.map((value) => ({ type: "text", text: value })) } };
}

export function button(index: number, subType: string, buttonText: string, parameter?: Json): Json {
  return { type: "button", index, subType, buttonText, ...(parameter && { parameters: [parameter] }) };
}

export function textValue(text: string): Json {
  return { type: "text", text };
}

/** What CleverTap posts when a provider is saved. */
export function verificationBody(): Json {
  return templateBody({
    msgId: "0|0|0|0",
    template: { namespace: "whatsapp:hsm:technology:generic:verify", languageCode: "en" },
    components: [body("Hello 0, 1 and 2", "0", "1", "2")],
  });
}

export function inboundBody(type: string, content: Json): Json {
  return { payloadVersion: "0.1", from: "919800000011", wabaNumber: "918000000022", timestamp: "1790003000", type, ...content };
}

export function statusBody(...statuses: unknown[]): Json {
  return { payloadVersion: "0.1", statuses };
}

export function status(word: string, changes: Json = {}): Json {
  return { msgId: "5512|1790002222|20260922|5512|1", status: word, timestamp: "1790003100", ...changes };
}

export function importedTemplate(changes: Json = {}): Json {
  return {
    name: "parcel_ready",
    id: "700600500",
    language: "en",
    status: "APPROVED",
    category: "UTILITY",
    components: [{ type: "BODY", text: "Hi {{1}}", example: { body_text: [["Mina"]] } }],
    ...changes,
  };
}

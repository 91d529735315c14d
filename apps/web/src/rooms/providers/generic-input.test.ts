import { describe, expect, it } from "vitest";
import { addressProblem, genericInput, type GenericFields } from "./generic-input.ts";

const fields = (changes: Partial<GenericFields> = {}): GenericFields => ({
  nickname: " Haptik ",
  number: "+918000000002",
  endpoint: "https://provider.example/send",
  authentication: "headers",
  username: "",
  password: "",
  headers: [],
  customKeys: [],
  maxConcurrency: 200,
  default: false,
  autoReply: false,
  autoReplyText: "",
  importUrl: "",
  importLimit: 100,
  repeatIsHarmless: false,
  ...changes,
});

describe("the request of the generic form", () => {
  it("has no Basic when headers authenticate, and no import without an address", () =>
    expect(genericInput(fields())).toMatchObject({ nickname: "Haptik", auth: null, templateImport: null }));
  it("keeps the stored password while none is typed", () =>
    expect(genericInput(fields({ authentication: "basic", username: "acme" }), { auth: { kind: "basic", username: "acme", password: "••••cret" } })).toMatchObject({
      auth: { kind: "basic", username: "acme", password: "••••cret" },
    }));
  it("sends the page size with the import address", () =>
    expect(genericInput(fields({ importUrl: "https://provider.example/templates", importLimit: 50 }))).toMatchObject({
      templateImport: { url: "https://provider.example/templates", limit: 50 },
    }));
});

describe("addresses", () => {
  it("must be https", () => expect(addressProblem("http://provider.example/send", { sandbox: true })).toBe("The address must begin with https://"));
  it("may be this machine's while the sandbox is on", () => {
    expect(addressProblem("http://127.0.0.1:3000/wire", { sandbox: true })).toBeNull();
    expect(addressProblem("http://127.0.0.1:3000/wire", { sandbox: false })).not.toBeNull();
  });
  it("hold no password", () => expect(addressProblem("https://user:secret@provider.example", { sandbox: false })).toContain("Basic"));
});

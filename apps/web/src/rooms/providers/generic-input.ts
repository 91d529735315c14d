import type { GenericProvider, GenericProviderInput } from "@tincan/api";
import { type KeyValue, pairsOf } from "./key-values.ts";

/** What the form of "Other (Generic)" holds while somebody types. */
export interface GenericFields {
  nickname: string;
  number: string;
  endpoint: string;
  authentication: string;
  username: string;
  password: string;
  headers: KeyValue[];
  customKeys: KeyValue[];
  maxConcurrency: number;
  default: boolean;
  autoReply: boolean;
  autoReplyText: string;
  importUrl: string;
  importLimit: number;
  repeatIsHarmless: boolean;
}

/** The request. A password left empty goes back as it was shown, which keeps it. */
export function genericInput(fields: GenericFields, existing?: Pick<GenericProvider, "auth">): GenericProviderInput {
  const importUrl = fields.importUrl.trim();
  return {
    kind: "generic",
    nickname: fields.nickname.trim(),
    number: fields.number.trim(),
    endpoint: fields.endpoint.trim(),
    auth: fields.authentication === "basic" ? { kind: "basic", username: fields.username.trim(), password: fields.password || (existing?.auth?.password ?? "") } : null,
    headers: pairsOf(fields.headers),
    customKeys: pairsOf(fields.customKeys),
    maxConcurrency: fields.maxConcurrency,
    default: fields.default,
    autoReply: { enabled: fields.autoReply, text: fields.autoReplyText.trim() },
    templateImport: importUrl ? { url: importUrl, limit: fields.importLimit } : null,
    repeatIsHarmless: fields.repeatIsHarmless,
  };
}

/** What is wrong with an address as far as this page can tell; the server looks closer. Loopback may be plain http while the sandbox is on. */
export function addressProblem(value: string, { sandbox }: { sandbox: boolean }): string | null {
  const text = value.trim();
  if (!URL.canParse(text)) return "An address beginning with https://";
  const { protocol, hostname, username } = new URL(text);
  const loopback = /^(127(\.\d+){3}|localhost|\[::1\])$/.test(hostname);
  if (protocol !== "https:" && !(protocol === "http:" && sandbox && loopback)) return "The address must begin with https://";
  return username ? "Put the user name and password into the fields for Basic, not into the address" : null;
}

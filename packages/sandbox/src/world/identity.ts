import { createHash } from "node:crypto";

/** Calling codes whose country the business-scoped user id shows; others get "ZZ". */
const countries: [prefix: string, country: string][] = [
  ["1", "US"], ["27", "ZA"], ["33", "FR"], ["34", "ES"], ["39", "IT"], ["44", "GB"], ["49", "DE"], ["52", "MX"], ["54", "AR"], ["55", "BR"],
  ["57", "CO"], ["61", "AU"], ["62", "ID"], ["65", "SG"], ["81", "JP"], ["90", "TR"], ["91", "IN"], ["234", "NG"], ["254", "KE"], ["966", "SA"], ["971", "AE"],
];

function countryOf(digits: string): string {
  return countries.find(([prefix]) => digits.startsWith(prefix))?.[1] ?? "ZZ";
}

function numberFrom(text: string): string {
  return BigInt(`0x${createHash("sha256").update(text).digest("hex").slice(0, 18)}`).toString().padStart(20, "7").slice(0, 20);
}

/** The business-scoped user id of a number: `<country>.<20 digits>`, the same for the same number and portfolio. */
export function userIdOf(businessId: string, digits: string): string {
  return `${countryOf(digits)}.${numberFrom(`${businessId}:${digits}`)}`;
}

/** The parent id of the same user: `<country>.ENT.<20 digits>`. */
export function parentUserIdOf(digits: string): string {
  return `${countryOf(digits)}.ENT.${numberFrom(`parent:${digits}`)}`;
}

/**
 * The WhatsApp id of a number, which is not always its digits: Brazilian numbers of area codes from 31 up drop their ninth
 * digit, Mexican ones their mobile prefix.
 */
export function waIdOf(digits: string): string {
  const brazil = /^55([3-9]\d)9(\d{8})$/.exec(digits);
  if (brazil && Number(brazil[1]) >= 31) return `55${brazil[1]}${brazil[2]}`;
  const mexico = /^521(\d{10})$/.exec(digits);
  if (mexico) return `52${mexico[1]}`;
  return digits;
}

/** A number as people type it (`+`, spaces, dashes, parentheses) to its digits; `undefined` when it is no number. */
export function digitsOf(typed: string): string | undefined {
  const digits = typed.replace(/[\s+().-]/g, "");
  return /^[1-9]\d{6,14}$/.test(digits) ? digits : undefined;
}

/**
 * A message id with the layout Meta's have: base64 of 1C 18, the counterpart's digits with their length, 15 02 00, 11
 * (outbound) or 12 (inbound), and the hex id with its length, ended by 00.
 */
export function wamid(counterpart: string, direction: "outbound" | "inbound", hexId: string): string {
  const bytes = Buffer.alloc(10 + counterpart.length + hexId.length);
  let at = 0;
  at = bytes.writeUInt8(0x1c, at);
  at = bytes.writeUInt8(0x18, at);
  at = bytes.writeUInt8(counterpart.length, at);
  at += bytes.write(counterpart, at, "latin1");
  at = bytes.writeUIntBE(0x150200, at, 3);
  at = bytes.writeUInt8(direction === "outbound" ? 0x11 : 0x12, at);
  at = bytes.writeUInt8(0x18, at);
  bytes.writeUInt8(hexId.length, at);
  bytes.write(hexId, at + 1, "latin1");
  return `wamid.${bytes.toString("base64")}`;
}

/*
 * Who belongs to which part of an audience. A person's place in a campaign is a number that follows from both ids alone: nothing is stored, every
 * process and every run comes to the same result, and people come back to the variant they had.
 */
import type { Content } from "@tincan/api";

const PARTS = 1_000_000;

/** What is drawn; each draw of a campaign is independent of the others. */
export type Draw = "control" | "test" | "variant";

/** From 0 to just under 1, spread evenly over people. */
export function placeOf(campaignId: string, draw: Draw, contactId: string): number {
  return (hash(contactId, hash(`${draw} ${campaignId}`, 0)) % PARTS) / PARTS;
}

/** MurmurHash3 over the text's characters, 32 bits. */
function hash(text: string, seed: number): number {
  let h = seed;
  for (let i = 0; i < text.length; i++) {
    h ^= Math.imul(rotate(Math.imul(text.charCodeAt(i), 0xcc9e2d51), 15), 0x1b873593);
    h = (Math.imul(rotate(h, 13), 5) + 0xe6546b64) | 0;
  }
  h ^= text.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** Whether a person is in the control group of `share` percent. */
export function isControl(campaignId: string, contactId: string, share: number): boolean {
  return share > 0 && placeOf(campaignId, "control", contactId) * 100 < share;
}

/** Whether a person is in the part of the audience that a test is sent to. */
export function isInTest(campaignId: string, contactId: string, share: number): boolean {
  return placeOf(campaignId, "test", contactId) * 100 < share;
}

/** The variant a person gets when all of them are sent, by their shares. */
export function variantByShare(campaignId: string, contactId: string, variants: readonly { key: string; share?: number }[]): string {
  const total = variants.reduce((sum, { share = 0 }) => sum + share, 0);
  let place = placeOf(campaignId, "variant", contactId) * (total || variants.length);
  for (const { key, share = 0 } of variants) {
    place -= total === 0 ? 1 : share;
    if (place < 0) return key;
  }
  return variants.at(-1)!.key;
}

/** The variant for a value of the split's property, or the default; null when there is neither. Case and spaces around it do not count. */
export function variantByValue(content: Content & { mode: "split" }, value: unknown): string | null {
  const said = value === null || value === undefined ? null : fold(Array.isArray(value) ? value.join(", ") : String(value));
  const match = content.variants.find(({ equals }) => equals !== undefined && fold(equals) === said) ?? content.variants.find(({ equals }) => equals === undefined);
  return match?.key ?? null;
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}

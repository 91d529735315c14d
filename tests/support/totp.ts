import { createHmac } from "node:crypto";

/** What an authenticator app shows now for a key as it is typed in: base32 (RFC 4648), six digits every 30 s (RFC 6238). */
export function totp(key: string, now = Date.now()): string {
  const bits = [...key].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const digest = createHmac("sha1", secret).update(step).digest();
  const place = digest.at(-1)! & 15;
  return String((digest.readUInt32BE(place) & 0x7fff_ffff) % 1_000_000).padStart(6, "0");
}

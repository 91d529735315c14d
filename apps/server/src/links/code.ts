import { randomFillSync } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 62^10 codes: with a thousand million of them in use, a guess meets one in 800 million tries. */
const LENGTH = 10;
/** The largest multiple of 62 in a byte; what is above it would make some letters likelier than others. */
const FAIR = 248;

const random = new Uint8Array(8192);
let used = random.length;

/** A new code for a short link, which nobody can guess. Made before its message is stored, since it stands in the message's content. */
export function newCode(): string {
  let code = "";
  while (code.length < LENGTH) {
    if (used === random.length) {
      randomFillSync(random);
      used = 0;
    }
    const byte = random[used++]!;
    if (byte < FAIR) code += ALPHABET[byte % ALPHABET.length];
  }
  return code;
}

/** The code at the end of an address, null when it cannot be one of ours. Punctuation that a phone took for a part of the address is passed over. */
export function readCode(text: string): string | null {
  return /^([0-9A-Za-z]{10})[^0-9A-Za-z/]*$/.exec(text)?.[1] ?? null;
}

/**
 * Whom a file has named so far, by the merge rule's measure (merge.ts): an identity is somebody; a number is somebody too, unless it is known
 * under another identity. A set of 64-bit hashes in a flat table, 16 to 32 bytes for each: two keys share a hash once in millions of files of a
 * million rows, and then one row is counted as merged that was not; nothing else depends on it.
 */
import type { ContactDraft } from "../types.ts";

const FIRST_SLOTS = 1 << 16;

export class Seen {
  /** Two words for each slot; both zero means free. */
  #slots = new Uint32Array(FIRST_SLOTS * 2);
  #count = 0;

  /** Notes whom a row is about; answers whether an earlier row was about them. Numbers are in E.164 form. */
  add({ identity, phone }: ContactDraft): boolean {
    const named = identity ? !this.#isNew(identity, 1) : false;
    if (!phone) return named;
    const numbered = !this.#isNew(phone, 2);
    if (!identity) return numbered;
    const hadOwner = !this.#isNew(phone, 3);
    return named || (numbered && !hadOwner);
  }

  /** Adds a key if it is new; `kind` tells keys of the same text apart. */
  #isNew(key: string, kind: number): boolean {
    // Two multiplicative hashes side by side, each mixed at the end; reckoned here because a digest costs ten times as much.
    let low = 0x9e3779b9 ^ kind;
    let high = 0x85ebca6b + kind;
    for (let i = 0; i < key.length; i++) {
      const unit = key.charCodeAt(i);
      low = Math.imul(low ^ unit, 0x01000193);
      high = Math.imul(high ^ unit, 0x5bd1e995);
      high ^= high >>> 15;
    }
    low = mix(low ^ (high >>> 3)) >>> 0 || 1;
    high = mix(high ^ (low >>> 5)) >>> 0;
    if (this.#count * 4 >= this.#slots.length) this.#grow();
    const slot = this.#find(low, high);
    if (this.#slots[slot] !== 0) return false;
    this.#slots[slot] = low;
    this.#slots[slot + 1] = high;
    this.#count++;
    return true;
  }

  /** The place of a hash, or the free one where it belongs. */
  #find(low: number, high: number): number {
    const slots = this.#slots;
    const last = slots.length / 2 - 1;
    let slot = low & last;
    while (slots[slot * 2] !== 0 && (slots[slot * 2] !== low || slots[slot * 2 + 1] !== high)) slot = (slot + 1) & last;
    return slot * 2;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] === 0) continue;
      const slot = this.#find(old[i]!, old[i + 1]!);
      this.#slots[slot] = old[i]!;
      this.#slots[slot + 1] = old[i + 1]!;
    }
  }
}

function mix(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}

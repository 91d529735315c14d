import type { Range } from "./behaviour.ts";

/** Seeded pseudo-random numbers (mulberry32): the same seed and the same order of calls give the same sandbox. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** At least 0, below 1. */
  next(): number {
    return this.#uint32() / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  within([from, to]: Range): number {
    return from === to ? from : from + this.next() * (to - from);
  }

  hex(length: number): string {
    let text = "";
    while (text.length < length) text += this.#uint32().toString(16).padStart(8, "0");
    return text.slice(0, length).toUpperCase();
  }

  /** So many decimal digits, the first of them not 0. */
  digits(length: number): string {
    let text = String(1 + (this.#uint32() % 9));
    while (text.length < length) text += String(this.#uint32() % 1_000_000_000).padStart(9, "0");
    return text.slice(0, length);
  }

  letters(length: number): string {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let text = "";
    for (let i = 0; i < length; i++) text += alphabet[this.#uint32() % alphabet.length];
    return text;
  }

  #uint32(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }
}

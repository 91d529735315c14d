/** What is kept while one person's message is filled. */
import type { LossReason } from "@tincan/api";
import { newCode } from "../../links/code.ts";
import type { Findings, LiquidText, Scope } from "./text.ts";

/** A tracked link of a message; its code stands in the content already. */
export interface DraftLink {
  code: string;
  target: string;
  place: string;
}

/** For all texts of one message, by the clock: one that is just short of too slow must not be a hundred times as slow. */
const MOST_MS = 1_000;

export class Filling implements Findings {
  readonly scope: Scope;
  readonly now: number;
  /** Values that are empty, as they are written in a text, or the place that ends up empty. */
  readonly missing: string[] = [];
  readonly links: DraftLink[] = [];
  aborted: string | null = null;
  failed: string | null = null;
  #spentMs = 0;

  constructor(scope: Scope, now: number) {
    this.scope = scope;
    this.now = now;
  }

  /** The filled text; one that is empty as a whole, and not for a failure, is missed under the name of its place. */
  text(text: LiquidText, place: string): string {
    const before = this.missing.length;
    const filled = this.fill(text);
    if (filled.trim() === "" && this.missing.length === before && this.failed === null) this.missing.push(place);
    return filled;
  }

  /** The filled text, empty or not; empty when the texts before it took too long. */
  fill(text: LiquidText): string {
    if (text.isFixed) return text.source;
    if (this.#spentMs > MOST_MS) return "";
    const started = performance.now();
    const filled = text.fill(this.scope, this);
    this.#spentMs += performance.now() - started;
    if (this.#spentMs > MOST_MS) this.refuse("It takes too long to fill.");
    return filled;
  }

  /** A value cannot be used; the first one counts. */
  refuse(why: string): void {
    this.failed ??= why;
  }

  /** Makes a short link and answers its code. */
  link(target: string, place: string): string {
    const known = this.links.find((link) => link.target === target && link.place === place);
    if (known) return known.code;
    const code = newCode();
    this.links.push({ code, target, place });
    return code;
  }

  /** Why there is no message for this person; null when there is one. */
  get lost(): { reason: LossReason; detail: string } | null {
    if (this.aborted !== null) return { reason: "valueAborted", detail: this.aborted };
    if (this.missing.length > 0) return { reason: "missingValue", detail: [...new Set(this.missing)].join(", ") };
    return this.failed === null ? null : { reason: "valueInvalid", detail: this.failed };
  }
}

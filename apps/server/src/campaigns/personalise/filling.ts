/** What is kept while one person's message is filled. */
import type { LossReason } from "@tincan/api";
import { newCode } from "../../links/code.ts";
import { LONGEST_FILL_MS, TOO_SLOW, type Findings, type LiquidText, type Scope } from "./text.ts";

/** A tracked link of a message; its code stands in the content already. */
export interface DraftLink {
  code: string;
  target: string;
  place: string;
}

/** Time to fill texts in, used up by one after the other: one that is just short of too slow must not be a hundred times as slow. */
export interface Budget {
  leftMs: number;
}

export class Filling implements Findings {
  readonly scope: Scope;
  readonly now: number;
  /** Values that are empty, as they are written in a text, or the place that ends up empty. */
  readonly missing: string[] = [];
  readonly links: DraftLink[] = [];
  aborted: string | null = null;
  failed: string | null = null;
  /** Where each kind of trouble was first come upon. */
  readonly #places: { aborted?: string; missing?: string; failed?: string } = {};
  readonly #budget: Budget;

  /** @param budget may be shared by several messages */
  constructor(scope: Scope, now: number, budget: Budget = { leftMs: LONGEST_FILL_MS }) {
    this.scope = scope;
    this.now = now;
    this.#budget = budget;
  }

  /**
   * The filled text; one that is empty as a whole, and not for a failure, is missed under the name of its place.
   * @param path as in CampaignValues, such as `body[1]`
   */
  text(text: LiquidText, place: string, path: string): string {
    const before = this.missing.length;
    const filled = this.fill(text);
    if (filled.trim() === "" && this.missing.length === before && this.failed === null) this.missing.push(place);
    this.note(path);
    return filled;
  }

  /** The filled text, empty or not; empty when the texts before it took too long. */
  fill(text: LiquidText): string {
    if (text.isFixed) return text.source;
    const { leftMs } = this.#budget;
    if (leftMs <= 0) {
      this.refuse(TOO_SLOW);
      return "";
    }
    const started = performance.now();
    const filled = text.fill(this.scope, this, leftMs);
    this.#budget.leftMs -= performance.now() - started;
    if (this.#budget.leftMs <= 0) this.refuse(TOO_SLOW);
    return filled;
  }

  /** A value cannot be used; the first one counts. Without a path it is noted when its text is filled. */
  refuse(why: string, path?: string): void {
    this.failed ??= why;
    if (path !== undefined) this.note(path);
  }

  /** What is new of aborted, missing and failed came from this path. */
  note(path: string): void {
    const places = this.#places;
    if (this.aborted !== null) places.aborted ??= path;
    if (this.missing.length > 0) places.missing ??= path;
    if (this.failed !== null) places.failed ??= path;
  }

  /** Makes a short link and answers its code. */
  link(target: string, place: string): string {
    const known = this.links.find((link) => link.target === target && link.place === place);
    if (known) return known.code;
    const code = newCode();
    this.links.push({ code, target, place });
    return code;
  }

  /** The path of the value that `lost` is about. */
  get lostAt(): string | undefined {
    const { aborted, missing, failed } = this.#places;
    return aborted ?? missing ?? failed;
  }

  /** Why there is no message for this person; null when there is one. */
  get lost(): { reason: LossReason; detail: string } | null {
    if (this.aborted !== null) return { reason: "valueAborted", detail: this.aborted };
    if (this.missing.length > 0) return { reason: "missingValue", detail: [...new Set(this.missing)].join(", ") };
    return this.failed === null ? null : { reason: "valueInvalid", detail: this.failed };
  }
}

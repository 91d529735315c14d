/** People a second over the last few seconds; over a longer time for a run that is throttled, which goes on in steps. */
export class Speed {
  readonly #windowMs: number;
  #marks: { at: number; people: number }[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  add(people: number, now: number = performance.now()): void {
    const last = this.#marks.at(-1);
    // Marks of one moment are kept as one, so that a fast run does not gather thousands.
    if (last && now - last.at < this.#windowMs / 100) last.people += people;
    else this.#marks.push({ at: now, people });
    while (this.#marks.length > 2 && this.#marks[0]!.at < now - this.#windowMs) this.#marks.shift();
  }

  /** Null before there is anything to say. */
  perSecond(now: number = performance.now()): number | null {
    const [first] = this.#marks;
    if (!first || now - first.at < 200) return null;
    return (this.#marks.reduce((sum, { people }) => sum + people, 0) / (now - first.at)) * 1000;
  }
}

/** Rows a second over the last few seconds. */
export class Speed {
  #marks: { at: number; rows: number }[] = [{ at: performance.now(), rows: 0 }];

  after(rows: number): number | null {
    const now = performance.now();
    this.#marks.push({ at: now, rows: this.#marks.at(-1)!.rows + rows });
    while (this.#marks.length > 2 && this.#marks[0]!.at < now - 5_000) this.#marks.shift();
    const [first] = this.#marks;
    const last = this.#marks.at(-1)!;
    return now - first!.at < 200 ? null : ((last.rows - first!.rows) / (now - first!.at)) * 1000;
  }
}

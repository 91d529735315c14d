/** Counts over the last five seconds, in whole-second slots. */
export class Meter {
  readonly #slots = Array.from({ length: 5 }, () => ({ second: 0, total: 0, taken: 0 }));

  count(taken: boolean): void {
    const second = Math.floor(Date.now() / 1000);
    const slot = this.#slots[second % this.#slots.length]!;
    if (slot.second !== second) Object.assign(slot, { second, total: 0, taken: 0 });
    slot.total++;
    if (taken) slot.taken++;
  }

  read(): { rate: number; errorRate: number } {
    const oldest = Math.floor(Date.now() / 1000) - this.#slots.length;
    const live = this.#slots.filter((slot) => slot.second > oldest);
    const total = live.reduce((sum, slot) => sum + slot.total, 0);
    const taken = live.reduce((sum, slot) => sum + slot.taken, 0);
    return { rate: total / this.#slots.length, errorRate: total === 0 ? 0 : (total - taken) / total };
  }
}

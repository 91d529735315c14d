/** Wakes lanes a moment later, however often it is asked in between: many small commits then cost one look at the queue. */
export class WakeSoon {
  readonly #wake: (laneIds: string[]) => void;
  readonly #delayMs: number;
  #lanes = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /** `delayMs` should be longer than the commit that the call belongs to usually takes. */
  constructor(wake: (laneIds: string[]) => void, delayMs: number) {
    this.#wake = wake;
    this.#delayMs = delayMs;
  }

  soon(laneId: string): void {
    this.#lanes.add(laneId);
    this.#timer ??= setTimeout(() => this.#flush(), this.#delayMs);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #flush(): void {
    this.#timer = undefined;
    const lanes = [...this.#lanes];
    this.#lanes.clear();
    this.#wake(lanes);
  }
}

/** What changed: phones by their digits, and whether the behaviour or templates did. */
export interface Changed {
  phones: string[];
  topics: string[];
}

/** Tells open pages what to look at again, at most ten times a second, whatever the load. */
export class Live {
  readonly #listeners = new Set<(changed: Changed) => void>();
  readonly #phones = new Set<string>();
  readonly #topics = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  phoneChanged(digits: string): void {
    if (this.#listeners.size === 0) return;
    // Beyond a few hundred at once nobody looks at single phones.
    if (this.#phones.size < 300) this.#phones.add(digits);
    this.#topics.add("phones");
    this.#plan();
  }

  changed(topic: "behaviour" | "templates" | "webhook" | "phones"): void {
    if (this.#listeners.size === 0) return;
    this.#topics.add(topic);
    this.#plan();
  }

  subscribe(listener: (changed: Changed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #plan(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const changed = { phones: [...this.#phones], topics: [...this.#topics] };
      this.#phones.clear();
      this.#topics.clear();
      for (const listener of this.#listeners) listener(changed);
    }, 100);
  }
}

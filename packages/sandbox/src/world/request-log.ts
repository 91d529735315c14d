/** One Graph call as it came and as it was answered. */
export interface RecordedRequest {
  at: string;
  method: string;
  url: string;
  headers: { [name: string]: unknown };
  /** The body as text; cut after 16,000 characters. A file is shown by its size. */
  body: string;
  /** 0 when the connection was cut. */
  status: number;
  answer: string;
  ms: number;
}

const kept = 200;
const longest = 16_000;

/** The last 200 Graph calls. */
export class RequestLog {
  #entries: RecordedRequest[] = [];
  #next = 0;

  add(entry: RecordedRequest): void {
    entry.body = entry.body.slice(0, longest);
    entry.answer = entry.answer.slice(0, longest);
    this.#entries[this.#next] = entry;
    this.#next = (this.#next + 1) % kept;
  }

  /** Newest first. */
  list(limit: number): RecordedRequest[] {
    const { length } = this.#entries;
    return Array.from({ length: Math.min(limit, length) }, (_, i) => this.#entries[(this.#next - 1 - i + 2 * kept) % kept]!).filter(Boolean);
  }

  clear(): void {
    this.#entries = [];
    this.#next = 0;
  }
}

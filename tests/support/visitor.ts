/** An answer with its JSON read; `body` is undefined when there is none. */
export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** Somebody who talks to a server over HTTP and keeps its cookies. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #url: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.#url = url;
    this.headers = headers;
  }

  get<T = unknown>(path: string, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.send("GET", path, undefined, headers);
  }

  post<T = unknown>(path: string, body: unknown = {}, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.send("POST", path, body, headers);
  }

  patch<T = unknown>(path: string, body: unknown): Promise<Answer<T>> {
    return this.send("PATCH", path, body);
  }

  delete<T = unknown>(path: string): Promise<Answer<T>> {
    return this.send("DELETE", path);
  }

  async send<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(this.#url + path, {
      method,
      redirect: "manual",
      headers: {
        ...(cookie === "" ? {} : { cookie, origin: this.#url }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...this.headers,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await response.text();
    // The caller names the type it expects of this address; the test's assertions are the check.
    return { status: response.status, headers: response.headers, body: (text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text) as T };
  }
}

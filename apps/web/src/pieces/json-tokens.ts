export interface JsonToken {
  kind: "key" | "string" | "number" | "word" | "plain";
  text: string;
}

const pattern = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** Splits formatted JSON into coloured pieces; joined together they are the text again. Anything that is not JSON stays plain. */
export function tokensOf(text: string): JsonToken[] {
  if (text.length > 100_000) return [{ kind: "plain", text }];
  const tokens: JsonToken[] = [];
  let done = 0;
  const plain = (until: number) => {
    if (until > done) tokens.push({ kind: "plain", text: text.slice(done, until) });
  };
  for (const match of text.matchAll(pattern)) {
    plain(match.index);
    const [whole, string, colon, number] = match;
    if (string !== undefined) {
      tokens.push({ kind: colon === undefined ? "string" : "key", text: string });
      if (colon !== undefined) tokens.push({ kind: "plain", text: colon });
    } else tokens.push({ kind: number === undefined ? "word" : "number", text: whole });
    done = match.index + whole.length;
  }
  plain(text.length);
  return tokens;
}

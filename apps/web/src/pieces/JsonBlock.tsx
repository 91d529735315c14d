import { ScrollArea } from "@mantine/core";
import { CopyButton } from "./CopyButton.tsx";
import classes from "./JsonBlock.module.css";
import { type JsonToken, tokensOf } from "./json-tokens.ts";

const colours: Record<JsonToken["kind"], string | undefined> = {
  key: classes.key,
  string: classes.string,
  number: classes.number,
  word: classes.word,
  plain: undefined,
};

/** A payload as it went over the wire, indented and coloured, with a copy button. */
export function JsonBlock({ value, label, maxHeight = 420 }: { value: unknown; label: string; maxHeight?: number }) {
  const text = typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
  return (
    <div className={classes.block}>
      <div className={classes.copy}>
        <CopyButton value={text} label={label} />
      </div>
      <ScrollArea.Autosize mah={maxHeight} type="auto" viewportProps={{ tabIndex: 0, "aria-label": label, role: "region" }}>
        <pre className={classes.text}>
          {tokensOf(text).map((token, index) => (
            // Tokens never move: their place is their identity.
            // oxlint-disable-next-line react/no-array-index-key
            <span key={index} className={colours[token.kind]}>
              {token.text}
            </span>
          ))}
        </pre>
      </ScrollArea.Autosize>
    </div>
  );
}

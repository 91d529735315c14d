import { Fragment, type ReactNode } from "react";
import { formatted, type Inline } from "./formatting.ts";
import classes from "./PhonePreview.module.css";

function part(inline: Inline, key: number): ReactNode {
  switch (inline.kind) {
    case "text":
      return <Fragment key={key}>{inline.text}</Fragment>;
    case "code":
      return (
        <code key={key} className={classes.code}>
          {inline.text}
        </code>
      );
    case "variable":
      return (
        <span key={key} className={classes.variable}>
          {inline.text}
        </span>
      );
    case "link":
      return (
        <a key={key} href={inline.href} target="_blank" rel="noreferrer noopener" className={classes.link}>
          {inline.text}
        </a>
      );
    case "bold":
      return <strong key={key}>{inline.parts.map(part)}</strong>;
    case "italic":
      return <em key={key}>{inline.parts.map(part)}</em>;
    case "strike":
      return <s key={key}>{inline.parts.map(part)}</s>;
  }
}

const lineClasses = { line: undefined, quote: classes.quote, bullet: classes.item, number: classes.item, block: classes.block };

/** A message's text with WhatsApp's marks applied; each line from the side its script begins on. */
export function FormattedText({ text }: { text: string }) {
  return formatted(text).map((line, index) => (
    // Lines never move: their place is their identity.
    // oxlint-disable-next-line react/no-array-index-key
    <div key={index} dir="auto" className={lineClasses[line.kind]} data-marker={line.kind === "bullet" ? "•" : line.marker}>
      {line.parts.length > 0 ? <span>{line.parts.map(part)}</span> : <br />}
    </div>
  ));
}

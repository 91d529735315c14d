/** WhatsApp's own text marks: *bold*, _italic_, ~strike~, `code`, ```block```, > quote, and links. */
import { Fragment, type ReactNode } from "react";

const marks = [
  { pattern: /```([\s\S]+?)```/, wrap: (inside: string) => <code>{inside}</code> },
  { pattern: /`([^`\n]+)`/, wrap: (inside: string) => <code>{inside}</code> },
  { pattern: /(?:https?:\/\/|www\.)[^\s<>"']*[^\s<>"'.,;:!?)\]]/i, wrap: link },
  { pattern: /(?<![\w*])\*(?=\S)([^*\n]*[^\s*])\*(?![\w*])/, wrap: (inside: string) => <strong>{spans(inside)}</strong> },
  { pattern: /(?<![\w_])_(?=\S)([^_\n]*[^\s_])_(?![\w_])/, wrap: (inside: string) => <em>{spans(inside)}</em> },
  { pattern: /(?<![\w~])~(?=\S)([^~\n]*[^\s~])~(?![\w~])/, wrap: (inside: string) => <s>{spans(inside)}</s> },
];

function link(address: string): ReactNode {
  const href = address.toLowerCase().startsWith("www.") ? `https://${address}` : address;
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {address}
    </a>
  );
}

/** The first mark in the text splits it; what is around it is looked at again. */
function spans(text: string): ReactNode {
  let first: { match: RegExpExecArray; wrap: (inside: string) => ReactNode } | undefined;
  for (const { pattern, wrap } of marks) {
    const match = pattern.exec(text);
    if (match && (!first || match.index < first.match.index)) first = { match, wrap };
  }
  if (!first) return text;
  const { match, wrap } = first;
  return (
    <>
      {text.slice(0, match.index)}
      {wrap(match[1] ?? match[0])}
      {spans(text.slice(match.index + match[0].length))}
    </>
  );
}

export function Formatted({ text }: { text: string }) {
  const blocks = text.includes("```") ? [text] : text.split("\n");
  return blocks.map((line, index) => (
    // Lines of one text never move among each other.
    <Fragment key={`${index}:${line}`}>
      {index > 0 && "\n"}
      {line.startsWith("> ") ? <q>{spans(line.slice(2))}</q> : spans(line)}
    </Fragment>
  ));
}

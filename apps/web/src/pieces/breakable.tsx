import { Fragment, type ReactNode } from "react";

/** A word of more characters than this may fill a line of a phone. */
const LONG = 24;

/** A text whose long technical names go on to the next line after an underscore, not amid a word. */
export function breakable(text: string): ReactNode {
  const words = text.split(/(?<=\s)/);
  const [first, ...rest] = words.flatMap((word) => (word.length > LONG ? word.split(/(?<=_)/) : [word]));
  return (
    <>
      {first}
      {rest.map((part, index) => (
        // Parts stand in the text's own order and may be the same.
        // oxlint-disable-next-line react/no-array-index-key
        <Fragment key={index}>
          <wbr />
          {part}
        </Fragment>
      ))}
    </>
  );
}

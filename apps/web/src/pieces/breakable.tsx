import { Fragment, type ReactNode } from "react";

/** A text whose technical names go on to the next line after an underscore, not amid a word. */
export function breakable(text: string): ReactNode {
  const [first, ...rest] = text.split(/(?<=_)/);
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

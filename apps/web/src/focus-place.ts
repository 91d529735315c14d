/*
 * Where the focus was, also after it has gone, and what comes next from there: the same button of the next row, or of the one before; the
 * button that took its place; else the list, the group or the heading it belonged to.
 */

/** What can be pressed: a field that took the focus by itself would open its choices or a keyboard. */
const PRESSED = "a[href], button:not(:disabled)";
const LIST = "[role=region][tabindex]";

export interface Place {
  element: HTMLElement;
  /** Once it is away. */
  gone?: {
    parent: Node;
    /** What was taken from the parent: the element or what it was in. */
    row: Element;
    next: Node | null;
    previous: Node | null;
    /** Its place among the buttons of the row; -1 when that is not known. */
    index: number;
  };
}

export const placeOf = (element: HTMLElement): Place => ({ element });

/** Notes whether a change of the document has taken the place away. */
export function tookAway({ removedNodes, target, nextSibling, previousSibling }: MutationRecord, place: Place): boolean {
  const left = place.gone?.parent ?? place.element;
  for (const row of removedNodes) {
    if (!(row instanceof Element) || !row.contains(left)) continue;
    place.gone = { parent: target, row, next: nextSibling, previous: previousSibling, index: place.gone ? -1 : buttonsOf(row).indexOf(place.element) };
    return true;
  }
  return false;
}

/** What takes the focus now; null when nothing near is left. */
export function successor({ element, gone }: Place): HTMLElement | null {
  if (element.isConnected || !gone) return element.isConnected ? element : null;
  const { parent, row, next, previous, index } = gone;
  const instead = next?.parentNode === parent ? next.previousSibling : parent.lastChild;
  for (const sibling of [...(instead === previous ? [] : [instead]), next, previous, ...parent.childNodes]) {
    if (!(sibling instanceof Element) || !sibling.isConnected || !isLike(sibling, row)) continue;
    const buttons = buttonsOf(sibling);
    const same = buttons[index] ?? buttons[0];
    if (same) return same;
  }
  for (let around = parent instanceof Element ? parent : null; around && around !== document.body; around = around.parentElement) {
    const near = around.querySelector<HTMLElement>(LIST) ?? (around.matches("[role=group], fieldset") ? buttonsOf(around)[0] : undefined) ?? around.querySelector<HTMLElement>("h1, h2, h3");
    if (near?.isConnected) return near;
  }
  return null;
}

/** Rows of one list, or buttons side by side. */
const isLike = (one: Element, other: Element): boolean => one.tagName === other.tagName && (one.matches("tr, li, button, a") || one.className === other.className);

function buttonsOf(element: Element): HTMLElement[] {
  const inside = [...element.querySelectorAll<HTMLElement>(PRESSED)];
  return element instanceof HTMLElement && element.matches(PRESSED) ? [element, ...inside] : inside;
}

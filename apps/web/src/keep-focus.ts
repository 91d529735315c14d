import { placeOf, type Place, successor, tookAway } from "./focus-place.ts";

/** What lies over the page, and takes the focus with it when it goes. */
const OVER = "[data-portal], [role=dialog]";
/** Whoever opened a dialog or a page, and whatever came instead, may take the focus themselves first. */
const OTHERS_FIRST_MS = 50;

/**
 * A button that was pressed is disabled while it works, and is often gone when it is done: archived rows leave their list, Pause makes room
 * for Resume, a dialog closes over the row that it removed. The browser then drops the focus, and whoever uses the keyboard would start again
 * at the top of the page, and a screen reader would fall silent. So the button gets its focus back when its work is done; when it is gone,
 * what stands in its place gets it (see focus-place.ts); unless somebody has gone elsewhere meanwhile.
 */
export function keepFocus(): void {
  /** Where the focus is or was last, and where it was before something opened over the page. */
  let here: Place | null = null;
  let below: Place | null = null;
  const go = (element: HTMLElement | null) => {
    here = element && placeOf(element);
    if (!element?.closest(OVER)) below = here;
  };
  document.addEventListener("focusin", ({ target }) => target instanceof HTMLElement && go(target));
  document.addEventListener("pointerdown", ({ target }) => {
    if (!(target instanceof Element)) return;
    const button = target.closest("button");
    if (button || !target.closest(OVER)) go(button);
  });
  const restore = () => {
    if (document.activeElement !== document.body) return;
    const next = (here && successor(here)) ?? (below && successor(below)) ?? (here && document.querySelector<HTMLElement>("main h1"));
    if (!next) return;
    if (!next.matches("a, button, input, select, textarea, [tabindex]")) {
      next.tabIndex = -1;
      next.style.outline = "none";
    }
    next.focus({ preventScroll: true });
  };
  new MutationObserver((changes) => {
    let isGone = false;
    for (const change of changes) {
      if (change.type === "childList") {
        for (const place of new Set([here, below])) if (place && tookAway(change, place)) isGone = true;
      } else if (change.target === here?.element && change.target instanceof HTMLButtonElement && !change.target.disabled && document.activeElement === document.body) {
        change.target.focus({ preventScroll: true });
      }
    }
    if (isGone) setTimeout(restore, OTHERS_FIRST_MS);
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] });
}

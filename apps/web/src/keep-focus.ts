/**
 * A button is disabled while it works, and the browser takes the focus from what is disabled: whoever uses the keyboard would start again
 * at the top of the page, and a screen reader would fall silent. The button gets its focus back when its work is done, unless somebody
 * has gone elsewhere meanwhile.
 */
export function keepFocus(): void {
  let last: EventTarget | null = null;
  document.addEventListener("focusin", ({ target }) => {
    last = target;
  });
  document.addEventListener("pointerdown", ({ target }) => {
    last = target instanceof Element ? target.closest("button") : null;
  });
  new MutationObserver((changes) => {
    if (document.activeElement !== document.body) return;
    for (const { target } of changes) if (target === last && target instanceof HTMLButtonElement && !target.disabled) target.focus({ preventScroll: true });
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["disabled"] });
}

/** Puts the focus into the first field of the page that is marked as wrong, once the marks are drawn. */
export function focusFirstProblem(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus());
}

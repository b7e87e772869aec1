/** Where the keyboard goes on when what it was on has gone. */
export function focusComposer(): void {
  document.querySelector<HTMLElement>('[data-composer]')?.focus();
}

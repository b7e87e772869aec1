/**
 * The computed colour of a token, for a canvas: `light-dark()` is resolved by the element that uses it.
 * Read again after a change of the theme.
 */
export function readColour(element: HTMLElement, token: `--${string}`): string {
  const before = element.style.color;
  element.style.color = `var(${token})`;
  const colour = getComputedStyle(element).color;
  element.style.color = before;
  return colour;
}

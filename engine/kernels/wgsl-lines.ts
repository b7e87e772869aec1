/** Source lines for every index below `count`, empty ones left out. */
export function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).filter((text) => text !== '').join('\n');
}

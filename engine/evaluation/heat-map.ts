import type { NeedleCell } from './needle.ts';

const cell = { width: 46, height: 30 };
const margin = { left: 76, top: 56, right: 24, bottom: 52 };

/** Red over yellow to green, light enough for dark figures. */
function colourOf(share: number): string {
  return `hsl(${String(Math.round(share * 120))} 70% ${String(Math.round(62 + 8 * share))}%)`;
}

/** The picture of a needle test: lengths to the right, depths downwards, each cell with the share that was found. */
export function drawHeatMap(cells: readonly NeedleCell[], title: string): string {
  const lengths = [...new Set(cells.map(({ frames }) => frames))].sort((a, b) => a - b);
  const depths = [...new Set(cells.map(({ depth }) => depth))].sort((a, b) => a - b);
  const width = Math.max(margin.left + lengths.length * cell.width + margin.right, 420); // the title needs that much
  const height = margin.top + depths.length * cell.height + margin.bottom;
  const x = (frames: number): number => margin.left + lengths.indexOf(frames) * cell.width;
  const y = (depth: number): number => margin.top + depths.indexOf(depth) * cell.height;
  const text = (at: readonly [number, number], words: string, more = ''): string =>
    `<text x="${String(at[0])}" y="${String(at[1])}" ${more}>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
  const squares = cells.map(({ frames, depth, correct, total }) => {
    const share = total === 0 ? 0 : correct / total;
    return `<rect x="${String(x(frames))}" y="${String(y(depth))}" width="${String(cell.width - 2)}" height="${String(cell.height - 2)}" fill="${colourOf(share)}">`
      + `<title>${String(frames)} frames, depth ${String(depth)}: ${String(correct)} of ${String(total)}</title></rect>`
      + text([x(frames) + cell.width / 2 - 1, y(depth) + 19], String(Math.round(100 * share)), 'text-anchor="middle"');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}"`
    + ' font-family="Inter, sans-serif" font-size="11">',
    `<rect width="${String(width)}" height="${String(height)}" fill="#ffffff"/>`,
    text([margin.left, 22], title, 'font-size="14" font-weight="600"'),
    text([margin.left, 42], `found: ${describeMean(cells)}`),
    ...squares,
    ...lengths.map((frames) => text([x(frames) + cell.width / 2 - 1, height - margin.bottom + 18], String(frames), 'text-anchor="middle"')),
    ...depths.map((depth) => text([margin.left - 10, y(depth) + 19], depth.toFixed(2), 'text-anchor="end"')),
    text([margin.left, height - 12], 'frames of the haystack, one a second'),
    text([14, margin.top - 12], 'depth'),
    '</svg>', '',
  ].join('\n');
}

/** The test's one figure: the mean of all cells, as LongVILA gives it. */
export function describeMean(cells: readonly NeedleCell[]): string {
  const mean = cells.reduce((sum, { correct, total }) => sum + correct / Math.max(1, total), 0) / Math.max(1, cells.length);
  const asked = cells.reduce((sum, { total }) => sum + total, 0);
  return `${(100 * mean).toFixed(1)} % of ${String(asked)} questions in ${String(cells.length)} cells`;
}

import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/**
 * Markdown of a model, which is not trusted, as HTML: its own HTML is shown as text, links lead nowhere but to the web, and
 * a picture is a link to it, because nothing is to be loaded. `id` keeps the footnotes of several texts in one file apart.
 */
export function markdownToHtml(text: string, id: string): string {
  return micromark(text, { extensions: [gfm(), { disable: { null: ['labelStartImage'] } }], htmlExtensions: [gfmHtml({ clobberPrefix: `${id}-` })] });
}

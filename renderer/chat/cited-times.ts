import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';

export type Citation = NonNullable<MessageEntry['answer']>['citations'][number];

/** The parts of a syntax tree of Markdown (mdast) that are looked at. */
type MarkdownNode = {
  type: string;
  value?: string;
  children?: MarkdownNode[];
  position?: { start: { offset?: number }; end: { offset?: number } } | undefined;
  data?: { hName?: string; hProperties?: Record<string, unknown> };
};

/** What a cited time becomes in the page's tree; its `dataCitation` is the index among the answer's citations. */
export const citedTimeElement = 'cite';

/**
 * Makes every time that an answer cites a node of its own. Citations name places of the Markdown source; a time that
 * stands in a link stays text, because a button inside a link is neither.
 */
export function markCitedTimes(citations: readonly Citation[]): () => (tree: MarkdownNode) => void {
  return () => (tree) => { if (citations.length > 0) markIn(tree, citations); };
}

function markIn(node: MarkdownNode, citations: readonly Citation[]): void {
  if (node.children === undefined || node.type === 'link' || node.type === 'linkReference') return;
  for (const child of node.children) markIn(child, citations);
  node.children = node.children.flatMap((child) => child.type === 'text' || child.type === 'inlineCode' ? split(child, citations) : [child]);
}

/** A piece of text, cut at the times that lie in it. */
function split(node: MarkdownNode, citations: readonly Citation[]): MarkdownNode[] {
  const { value = '', position } = node;
  const start = position?.start.offset;
  const end = position?.end.offset;
  if (start === undefined || end === undefined) return [node];
  const pieces: MarkdownNode[] = [];
  let from = 0;
  citations.forEach(({ text, offset }, index) => {
    if (offset < start || offset + text.length > end) return;
    // Escapes and entities make the source longer than the value: the place is where the words are, from there back.
    const at = value.startsWith(text, offset - start) ? offset - start : value.indexOf(text, from);
    if (at < from) return;
    if (at > from) pieces.push({ type: node.type, value: value.slice(from, at) });
    pieces.push({ type: 'citedTime', children: [{ type: 'text', value: text }], data: { hName: citedTimeElement, hProperties: { dataCitation: String(index) } } });
    from = at + text.length;
  });
  if (pieces.length === 0) return [node];
  if (from < value.length) pieces.push({ type: node.type, value: value.slice(from) });
  return pieces;
}

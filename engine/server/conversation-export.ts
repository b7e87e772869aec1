import type { MessageEntry } from '../protocol/methods-conversations.ts';
import { formatTime } from '../chat/citations.ts';

export type ExportedConversation = { readonly title: string; readonly videoTitle: string; readonly messages: readonly MessageEntry[] };

/** A conversation as the text of a file, and a name for it that every file system takes. */
export function exportConversation(conversation: ExportedConversation, format: 'markdown' | 'html' | 'json'): { readonly fileName: string; readonly text: string } {
  const title = conversation.title === '' ? 'Conversation' : conversation.title;
  // What Windows forbids in names is forbidden everywhere.
  const name = title.replaceAll(/[<>:"/\\|?*\u0000-\u001f]+/gu, ' ').replaceAll(/\s+/gu, ' ').trim().slice(0, 80).replace(/[. ]+$/u, '') || 'Conversation';
  switch (format) {
    case 'markdown': return { fileName: `${name}.md`, text: asMarkdown({ ...conversation, title }) };
    case 'html': return { fileName: `${name}.html`, text: asHtml({ ...conversation, title }) };
    case 'json': return { fileName: `${name}.json`, text: asJson(conversation) };
    default: return format satisfies never;
  }
}

/** Whose words, and what they were about: "You, about 1:00–1:30". */
function heading({ role, range, answer }: MessageEntry): string {
  const part = range ?? answer?.range;
  const about = part === undefined ? '' : `, about ${formatTime(part.startSeconds)}–${formatTime(part.endSeconds)}`;
  const partial = answer?.coverage?.complete === false ? `, from the first ${formatTime(answer.coverage.seconds)} that were encoded` : '';
  return `${role === 'user' ? 'You' : answer?.model ?? 'Longtake'}${about}${partial}`;
}

/** What a failed or stopped answer has instead of words. */
function words({ content, answer }: MessageEntry): string {
  return content === '' && answer !== undefined ? `(${answer.error?.message ?? answer.state})` : content;
}

function asMarkdown({ title, videoTitle, messages }: ExportedConversation): string {
  return [`# ${title}`, `About the video ${videoTitle}.`, ...messages.flatMap((message) => [`## ${heading(message)}`, words(message)])].join('\n\n') + '\n';
}

function asHtml({ title, videoTitle, messages }: ExportedConversation): string {
  const sections = messages.map((message) => `<section><h2>${escapeHtml(heading(message))}</h2>\n<p>${escapeHtml(words(message))}</p></section>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title><style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem } h2 { font-size: 1rem } p { white-space: pre-wrap }</style></head>
<body><h1>${escapeHtml(title)}</h1>
<p>About the video ${escapeHtml(videoTitle)}.</p>
${sections.join('\n')}
</body></html>
`;
}

/** What was said and how it came about, without what only this library can use. */
function asJson({ title, videoTitle, messages }: ExportedConversation): string {
  const said = messages.map(({ role, content, createdAtMs, range, answer }) => ({ role, content, createdAt: new Date(createdAtMs).toISOString(), range, answer }));
  return `${JSON.stringify({ version: 1, title, video: videoTitle, messages: said }, undefined, 2)}\n`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

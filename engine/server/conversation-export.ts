import type { MessageEntry } from '../protocol/methods-conversations.ts';
import { formatTime } from '../chat/citations.ts';
import { catalogue } from '../models/catalogue.ts';
import { exportWords, type ExportLanguage } from './export-words.ts';
import { markdownToHtml } from './markdown-html.ts';

export type ExportedConversation = {
  readonly title: string;
  readonly videoTitle: string;
  /** The branch that is shown. */
  readonly messages: readonly MessageEntry[];
  /** Those of all branches, parents before children. */
  readonly branches: readonly MessageEntry[];
};
type Texts = ExportedConversation & { readonly language: ExportLanguage };

/** A conversation as the text of a file, and a name for it that every file system takes. JSON is docs/protocol.md's. */
export function exportConversation(
  conversation: ExportedConversation, format: 'markdown' | 'html' | 'json', language: ExportLanguage,
): { readonly fileName: string; readonly text: string } {
  const { untitled } = exportWords[language];
  const title = conversation.title === '' ? untitled : conversation.title;
  const name = exportFileName(title, untitled);
  switch (format) {
    case 'markdown': return { fileName: `${name}.md`, text: asMarkdown({ ...conversation, title, language }) };
    case 'html': return { fileName: `${name}.html`, text: asHtml({ ...conversation, title, language }) };
    case 'json': return { fileName: `${name}.json`, text: asJson(conversation) };
    default: return format satisfies never;
  }
}

/** A title as a name that every file system takes. */
export function exportFileName(title: string, untitled: string): string {
  // What Windows forbids in names is forbidden everywhere.
  return title.replaceAll(/[<>:"/\\|?*\u0000-\u001f]+/gu, ' ').replaceAll(/\s+/gu, ' ').trim().slice(0, 80).replace(/[. ]+$/u, '') || untitled;
}

/** Whose words, and what they were about: "You, about 1:00–1:30". */
function heading({ role, range, answer }: MessageEntry, language: ExportLanguage): string {
  const words = exportWords[language];
  const part = range ?? answer?.range;
  const about = part === undefined ? '' : words.range(formatTime(part.startSeconds), formatTime(part.endSeconds));
  const partial = answer?.coverage?.complete === false ? words.partial(formatTime(answer.coverage.seconds)) : '';
  return `${role === 'user' ? words.you : words.model(modelTitle(answer?.model))}${about}${partial}`;
}

/** As its authors write it; a model that is not in the catalogue has the name that it was added under. */
export function modelTitle(name: string | undefined): string | undefined {
  return catalogue.find((entry) => entry.name === name)?.title ?? name;
}

/** What a failed or stopped answer has instead of words; undefined where it has words. */
export function reasonWithout({ content, answer }: MessageEntry, language: ExportLanguage): string | undefined {
  if (content !== '' || answer === undefined) return undefined;
  const { state, error } = answer;
  const reason = state === 'writing' ? 'waiting' : state === 'complete' || state === 'length' ? 'empty' : state;
  return exportWords[language].without(reason, error?.message);
}

function asMarkdown({ title, videoTitle, messages, language }: Texts): string {
  const sections = messages.flatMap((message) => [`## ${heading(message, language)}`, reasonWithout(message, language) ?? message.content]);
  return [`# ${title}`, exportWords[language].about(videoTitle), ...sections].join('\n\n') + '\n';
}

const style = `body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
section > h2 { font-size: 1rem } .words { white-space: pre-wrap } .answer > :is(h1, h2, h3) { font-size: 1.1rem }
table { border-collapse: collapse } th, td { border: 1px solid #ccc; padding: 0.2rem 0.6rem; text-align: start } pre { overflow: auto }`;

function asHtml({ title, videoTitle, messages, language }: Texts): string {
  return htmlPage({
    title, about: exportWords[language].about(videoTitle), language,
    sections: messages.map((message) => ({ heading: heading(message, language), words: htmlWords(message, language) })),
  });
}

/** A question is shown as it was typed; an answer is Markdown. */
export function htmlWords(message: MessageEntry, language: ExportLanguage): string {
  const reason = reasonWithout(message, language);
  return message.role === 'user' || reason !== undefined ? plainHtml(reason ?? message.content) : `<div class="answer">${markdownToHtml(message.content, message.id)}</div>`;
}

export function plainHtml(text: string): string {
  return `<p class="words">${escapeHtml(text)}</p>`;
}

type HtmlPage = { readonly title: string; readonly about: string; readonly language: ExportLanguage; /** Words are HTML, everything else is text. */ readonly sections: readonly { readonly heading: string; readonly words: string }[] };

/** A page that holds no script and loads nothing. */
export function htmlPage({ title, about, language, sections }: HtmlPage): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(about)}</p>
${sections.map(({ heading: head, words }) => `<section><h2>${escapeHtml(head)}</h2>\n${words}</section>`).join('\n')}
</body></html>
`;
}

/** What was said and how it came about, on all branches, without what only this library can use. */
function asJson({ title, videoTitle, messages, branches }: ExportedConversation): string {
  const shown = new Set(messages.map(({ id }) => id));
  const said = branches.map(({ id, parentId, role, content, createdAtMs, range, answer }) =>
    ({ id, parentId, shown: shown.has(id), role, content, createdAt: new Date(createdAtMs).toISOString(), range, answer }));
  return `${JSON.stringify({ version: 2, title, video: videoTitle, messages: said }, undefined, 2)}\n`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

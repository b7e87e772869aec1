import type { SurveyEntry, SurveyPartEntry } from '../protocol/methods-surveys.ts';
import { formatTime } from '../chat/citations.ts';
import { exportFileName, htmlPage, htmlWords, plainHtml, reasonWithout } from './conversation-export.ts';
import { exportWords, type ExportLanguage } from './export-words.ts';

/** `madeUp`: the demo model answered about a film that it does not understand. */
export type ExportedPart = SurveyPartEntry & { readonly madeUp: boolean };
type Exported = Pick<SurveyEntry, 'question' | 'createdAtMs'> & { readonly parts: readonly ExportedPart[] };

/** A question across videos with all its answers as the text of a file. JSON is docs/protocol.md's. */
export function exportSurvey(survey: Exported, format: 'markdown' | 'html' | 'json', language: ExportLanguage): { readonly fileName: string; readonly text: string } {
  const name = exportFileName(survey.question, exportWords[language].untitled);
  switch (format) {
    case 'markdown': return { fileName: `${name}.md`, text: asMarkdown(survey, language) };
    case 'html': return { fileName: `${name}.html`, text: asHtml(survey, language) };
    case 'json': return { fileName: `${name}.json`, text: asJson(survey) };
    default: return format satisfies never;
  }
}

/** Which video, and how much of it was known. */
function heading({ videoTitle, answer }: SurveyPartEntry, language: ExportLanguage): string {
  const coverage = answer?.answer?.coverage;
  return `${videoTitle}${coverage?.complete === false ? exportWords[language].partial(formatTime(coverage.seconds)) : ''}`;
}

/** What stands in the place of an answer. */
function withoutAnswer({ error }: SurveyPartEntry, language: ExportLanguage): string {
  return exportWords[language].without(error === null ? 'waiting' : 'failed', error?.message);
}

const isMadeUp = ({ madeUp, answer }: ExportedPart): boolean => madeUp && (answer?.content ?? '') !== '';

/** Before the answer: after it, what a model wrote could swallow the words, such as by a block of code without an end. */
function noteOf(part: ExportedPart, language: ExportLanguage): string | undefined {
  return isMadeUp(part) ? exportWords[language].madeUp : undefined;
}

function asMarkdown({ question, parts }: Exported, language: ExportLanguage): string {
  const sections = parts.flatMap((part) => {
    const note = noteOf(part, language);
    return [
      `## ${heading(part, language)}`, ...(note === undefined ? [] : [`*${note}*`]),
      part.answer === null ? withoutAnswer(part, language) : reasonWithout(part.answer, language) ?? part.answer.content,
    ];
  });
  // A question of several lines would end the heading after its first.
  return [`# ${question.replaceAll(/\s+/gu, ' ')}`, exportWords[language].aboutSeveral(parts.length), ...sections].join('\n\n') + '\n';
}

function asHtml({ question, parts }: Exported, language: ExportLanguage): string {
  return htmlPage({
    title: question, about: exportWords[language].aboutSeveral(parts.length), language,
    sections: parts.map((part) => {
      const note = noteOf(part, language);
      const words = part.answer === null ? plainHtml(withoutAnswer(part, language)) : htmlWords(part.answer, language);
      return { heading: heading(part, language), words: note === undefined ? words : `<p><em>${note}</em></p>\n${words}` };
    }),
  });
}

function asJson({ question, createdAtMs, parts }: Exported): string {
  const videos = parts.map((part) => ({ ...part, madeUp: isMadeUp(part) })).map(({ videoId, videoTitle, answer, error, madeUp }) => ({
    videoId, video: videoTitle, content: answer?.content ?? null, ...(madeUp && { madeUp }), ...(answer?.answer !== undefined && { answer: answer.answer }), ...(error !== null && { error }),
  }));
  return `${JSON.stringify({ version: 1, question, createdAt: new Date(createdAtMs).toISOString(), videos }, undefined, 2)}\n`;
}

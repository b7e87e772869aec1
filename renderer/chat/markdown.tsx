import { createContext, memo, use, type ReactNode } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { citedTimeElement, markCitedTimes, type Citation } from './cited-times.ts';
import { ExternalLink } from './external-link.tsx';
import { TimeButton } from './time-button.tsx';
import styles from './markdown.module.css';

/** What a model wrote is not trusted: no HTML, nothing is loaded, links are shown in full before they open. */
const elements: Components = {
  a: ({ href, children }) => href === undefined || !/^https?:/iu.test(href) ? <span>{children}</span> : <ExternalLink address={href}>{children}</ExternalLink>,
  img: ({ alt, src }) => <span className={styles['picture']}>{alt === undefined || alt === '' ? String(src) : alt}</span>,
  // A check box that nobody can check is a sign.
  input: ({ checked }) => <span>{checked === true ? '☑ ' : '☐ '}</span>,
  table: ({ children }) => <div className={styles['table']} tabIndex={0} role="group"><table>{children}</table></div>,
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h4: ({ children }) => <h3>{children}</h3>,
  h5: ({ children }) => <h3>{children}</h3>,
  [citedTimeElement]: ({ node, children }) => <CitedTime index={Number(node?.properties['dataCitation'])}>{children}</CitedTime>,
  h6: ({ children }) => <h3>{children}</h3>,
};

type MarkdownProps = { readonly id: string; readonly text: string; readonly citations: readonly Citation[]; readonly writing: boolean };

const Citations = createContext<readonly Citation[]>([]);

function CitedTime({ index, children }: { readonly index: number; readonly children: ReactNode }) {
  const citation = use(Citations)[index];
  return citation === undefined ? children : <TimeButton citation={citation} />;
}

/** An answer's words, with its times as buttons. */
export const Markdown = memo(function Markdown({ id, text, citations, writing }: MarkdownProps) {
  return (
    <Citations value={citations}>
      <div className={styles['markdown']} data-writing={writing ? '' : undefined}>
        <ReactMarkdown remarkPlugins={[remarkGfm, markCitedTimes(citations)]} remarkRehypeOptions={{ clobberPrefix: `${id}-` }} components={elements} skipHtml>{text}</ReactMarkdown>
      </div>
    </Citations>
  );
});

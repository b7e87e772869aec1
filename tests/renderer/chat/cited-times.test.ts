import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { findCitations } from '../../../engine/chat/citations.ts';
import { markCitedTimes } from '../../../renderer/chat/cited-times.ts';

const video = { durationSeconds: 3600, framePtsSeconds: Array.from({ length: 3600 }, (_, second) => second) };

/** An answer as the page shows it, with the citations that the engine finds in it. */
function render(answer: string): string {
  return renderToStaticMarkup(createElement(ReactMarkdown, { remarkPlugins: [remarkGfm, markCitedTimes(findCitations(answer, video))], skipHtml: true, children: answer }));
}
const time = (index: number, words: string): string => `<cite data-citation="${index}">${words}</cite>`;

suite('times in an answer', () => {
  test('every cited time becomes a node of its own, and the words around it stay', () => {
    assert.equal(render('The cat appears at 17:00 and again at 1:02:03.'), `<p>The cat appears at ${time(0, '17:00')} and again at ${time(1, '1:02:03')}.</p>`);
  });

  test('a range is one time', () => {
    assert.equal(render('From 3:05 to 3:09.'), `<p>From ${time(0, '3:05 to 3:09')}.</p>`);
  });

  test('times are found in emphasis, lists, tables and code', () => {
    assert.match(render('**At 0:10**'), new RegExp(`<strong>At ${time(0, '0:10')}</strong>`, 'u'));
    assert.match(render('- first 0:10\n- then 0:20'), new RegExp(`<li>first ${time(0, '0:10')}</li>\\s*<li>then ${time(1, '0:20')}</li>`, 'u'));
    assert.match(render('| at |\n| - |\n| 0:10 |'), new RegExp(`<td>${time(0, '0:10')}</td>`, 'u'));
    assert.match(render('`0:10`'), new RegExp(time(0, '0:10'), 'u'));
  });

  test('escapes and entities before a time do not shift it', () => {
    assert.equal(render('\\*A &amp; B\\* at 0:10, at 0:20.'), `<p>*A &amp; B* at ${time(0, '0:10')}, at ${time(1, '0:20')}.</p>`);
  });

  test('a time in a link stays text', () => {
    assert.equal(render('[at 0:10](https://example.org/)'), '<p><a href="https://example.org/">at 0:10</a></p>');
  });

  test('without citations nothing changes', () => {
    assert.equal(render('No times at all.'), '<p>No times at all.</p>');
  });
});

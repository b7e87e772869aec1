import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isLongtakeError } from '../../../engine/protocol/errors.ts';
import { fc } from '../../support/properties.ts';
import { readChatRequest } from '../../../engine/server/api/chat-request.ts';

const ask = (content: unknown): object => ({ role: 'user', content });
const turns = (...messages: object[]): unknown => readChatRequest({ messages }).turns;

suite('a request in OpenAI\'s shape', () => {
  test('instructions open the first question, and messages of one role become one turn', () => {
    assert.deepEqual(turns({ role: 'system', content: 'Be brief.' }, ask('What is there?'), ask([{ type: 'text', text: 'And when?' }]), { role: 'assistant', content: 'A kite.' }, ask('Where?')), [
      { role: 'user', content: 'Be brief.\nWhat is there?\nAnd when?' }, { role: 'assistant', content: 'A kite.' }, { role: 'user', content: 'Where?' }]);
  });

  test('an answer that said nothing is no turn', () => {
    assert.deepEqual(turns(ask('One?'), { role: 'assistant', content: null }, ask('Two?')), [{ role: 'user', content: 'One?\nTwo?' }]);
  });

  test('a video is named by a part of a message, as a file\'s address, or by a member of its own', () => {
    const part = (url: unknown): object => ask([{ type: 'video_url', video_url: url }, { type: 'text', text: 'What?' }]);
    assert.deepEqual(readChatRequest({ messages: [part({ url: 'file:///films/a%20film.mp4' })] }).videos, ['/films/a film.mp4']);
    assert.deepEqual(readChatRequest({ messages: [part('/films/b.mp4')], video: '/films/b.mp4' }).videos, ['/films/b.mp4']);
    assert.deepEqual(readChatRequest({ messages: [ask('What?')], video: 'a title' }).videos, ['a title']);
    assert.deepEqual(readChatRequest({ messages: [ask('What?')] }).videos, []);
  });

  test('what decides about the answer is taken; null says nothing', () => {
    const { options, stream, includeUsage } = readChatRequest({
      messages: [ask('What?')], temperature: 0.5, top_p: 0, seed: -7, stop: 'x', max_tokens: 10, max_completion_tokens: 99_999, stream: true, stream_options: { include_usage: true },
      range: { start_seconds: 3, end_seconds: 9 }, n: null,
    });
    assert.deepEqual(options, { temperature: 0.5, topP: Number.MIN_VALUE, seed: -7, stop: ['x'], maxNewTokens: 4096, range: { startSeconds: 3, endSeconds: 9 } });
    assert.deepEqual([stream, includeUsage], [true, true]);
    assert.deepEqual(readChatRequest({ messages: [ask('What?')], stop: null, temperature: null }).options, {});
  });

  test('what changes nothing is named, in either case', () => {
    assert.deepEqual(readChatRequest({ messages: [ask('What?')], frequency_penalty: 0.2, user: 'me', n: 1, tools: [], response_format: { type: 'text' } }).ignored, ['frequency_penalty', 'user']);
  });

  test('whatever is sent becomes a request with turns, or is refused as one', () => {
    const message = fc.record({ role: fc.constantFrom('user', 'assistant', 'system', 'tool', 'x'), content: fc.oneof(fc.string(), fc.constant(null), fc.array(fc.record({ type: fc.constantFrom('text', 'video_url', 'y'), text: fc.string(), video_url: fc.oneof(fc.webUrl(), fc.string()) }, { requiredKeys: ['type'] }))) });
    const body = fc.oneof(fc.jsonValue(), fc.record({ messages: fc.array(message, { maxLength: 5 }), n: fc.jsonValue(), tools: fc.jsonValue(), stop: fc.jsonValue(), temperature: fc.jsonValue(), video: fc.jsonValue() }, { requiredKeys: ['messages'] }));
    fc.assert(fc.property(body, (sent) => {
      try {
        const request = readChatRequest(sent);
        assert.ok(request.turns.every(({ role }, index) => role !== request.turns[index - 1]?.role), 'no two of one role');
      } catch (error) {
        assert.ok(isLongtakeError(error, 'bad-argument') && typeof error.data['parameter'] === 'string', String(error));
      }
    }));
  });

  test('what cannot be done is refused by the name of its member', () => {
    const message = ask('What?');
    for (const [body, parameter] of [
      [{ messages: [message], n: 2 }, 'n'], [{ messages: [message], tools: [{}] }, 'tools'], [{ messages: [message], response_format: { type: 'json_object' } }, 'response_format'],
      [{ messages: [message], logprobs: true }, 'logprobs'], [{ messages: [message], modalities: ['text', 'audio'] }, 'modalities'], [{ messages: [] }, 'messages'], [{}, 'messages'],
      [{ messages: [message], temperature: 3 }, 'temperature'], [{ messages: [{ role: 'robot', content: '' }] }, 'messages[0].role'], [[], 'body'], ['text', 'body'],
      [{ messages: [{ role: 'tool', content: '' }] }, 'messages[0].role'], [{ messages: [ask([{ type: 'image_url', image_url: { url: 'x' } }])] }, 'messages[0].content[0]'],
      [{ messages: [ask([{ type: 'video_url', video_url: { url: 'https://example.org/film.mp4' } }])] }, 'messages[0].content[0]'], [{ messages: [message], video: 'file://else/where.mp4' }, 'video'],
    ] as const) {
      assert.throws(() => readChatRequest(body), (error) => isLongtakeError(error, 'bad-argument') && error.data['parameter'] === parameter, JSON.stringify(body));
    }
  });
});

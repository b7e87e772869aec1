import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { canAsk, readiness, takesQuestion } from '../../../renderer/chat/readiness.ts';

type State = Parameters<typeof readiness>[0];

const video = { id: 'film', memories: [] as unknown } as NonNullable<State['video']>;
const models = (encoderFingerprint: string): State['models'] => [{ inUse: true, encoderFingerprint }] as unknown as State['models'];
const memory = (state: 'growing' | 'complete', frameCount: number): NonNullable<State['memory']> => ({
  id: 'memory', encoderName: 'tower', encoderFingerprint: 'tower-1', mode: 'exact', state, frameCount, byteLength: 0, coverageSeconds: frameCount, gaps: [], subtitleTracks: 0,
});
const job = (state: State['jobs'][number]['state']): State['jobs'][number] => ({
  id: 'job', videoId: 'film', title: '', state, stage: null, share: null, doneSeconds: 0, totalSeconds: null, etaSeconds: null, provider: null, error: null,
});
const idle: State = { link: 'connected', video, memory: memory('complete', 60), jobs: [], messages: [], messagesLoaded: true, selectedVideoId: 'film', models: models('tower-1') };

suite('whether a question can be asked', () => {
  test('it can with something in memory, and while that grows', () => {
    assert.equal(readiness(idle), 'ready');
    assert.equal(readiness({ ...idle, memory: memory('growing', 12), jobs: [job('running')] }), 'partial');
    assert.ok(canAsk('ready') && canAsk('partial'));
  });

  test('it cannot before the first frame, and says whether one is on its way', () => {
    assert.equal(readiness({ ...idle, memory: undefined }), 'unencoded');
    assert.equal(readiness({ ...idle, memory: undefined, jobs: [job('running')] }), 'encoding');
    assert.equal(readiness({ ...idle, memory: memory('growing', 0), jobs: [job('queued')] }), 'encoding');
    assert.equal(readiness({ ...idle, memory: undefined, jobs: [job('paused')] }), 'unencoded');
    assert.equal(readiness({ ...idle, memory: undefined, jobs: [{ ...job('running'), videoId: 'another' }] }), 'unencoded');
  });

  test('it cannot of what another encoder has seen, which is told, unless this one is at it', () => {
    const other = { ...idle, models: models('tower-2'), video: { ...video, memories: [memory('complete', 60)] } };
    assert.equal(readiness(other), 'other', 'the old memory is the page\'s for a moment');
    assert.equal(readiness({ ...other, memory: undefined }), 'other');
    assert.equal(readiness({ ...other, memory: undefined, jobs: [job('running')] }), 'encoding');
    assert.equal(readiness({ ...other, models: [] }), 'ready', 'before the engine has said what is installed');
    assert.ok(!canAsk('other') && !takesQuestion('other'));
  });

  test('one that is sent before the first frame waits for it, where one is on its way', () => {
    assert.ok(takesQuestion('ready') && takesQuestion('partial') && takesQuestion('encoding'));
    assert.ok(!takesQuestion('unencoded') && !takesQuestion('offline') && !takesQuestion('loading') && !takesQuestion('writing'));
  });

  test('it cannot without the engine, before the video and its conversation are known, or while an answer is written', () => {
    assert.equal(readiness({ ...idle, link: 'lost' }), 'offline');
    assert.equal(readiness({ ...idle, video: undefined }), 'loading');
    assert.equal(readiness({ ...idle, messagesLoaded: false }), 'loading');
    const answer = { id: 'a', parentId: null, role: 'assistant', content: '', createdAtMs: 0, siblingIds: ['a'], answer: { state: 'waiting', citations: [], droppedTurns: 0 } } as const;
    assert.equal(readiness({ ...idle, messages: [{ ...answer, siblingIds: ['a'], answer: { ...answer.answer, citations: [] } }] }), 'writing');
    assert.ok(!canAsk('offline') && !canAsk('loading') && !canAsk('writing') && !canAsk('encoding') && !canAsk('unencoded'));
  });
});

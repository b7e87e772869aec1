import { throwIfCancelled } from '../protocol/errors.ts';
import type { StreamEvent, StreamParams } from '../protocol/events.ts';
import { topMoments } from '../protocol/moments.ts';
import { requireTurns } from '../chat/prompt.ts';
import { answerProgress } from './changes.ts';
import { withUsableMemory } from './usable-memory.ts';
import type { Workspace } from './workspace.ts';

/** As many as a person looks at. */
const momentCount = 5;

/**
 * Answers the last of the turns in its turn among all answers, keeps nothing, and stops when the signal fires.
 * Throws `bad-argument` for turns that do not alternate, what answering throws, and `not-found` and `memory-mismatch` where there is
 * no memory that the model in use could answer from.
 */
export async function answerOnce(
  workspace: Workspace, { videoId, turns, range, ...overrides }: StreamParams<'answer'>, push: (event: StreamEvent<'answer'>) => void, signal: AbortSignal,
): Promise<void> {
  const { host, answers } = workspace;
  requireTurns(turns);
  push({ kind: 'waiting' });
  await answers.inTurn((stopping) => host.use(async ({ engine, answerer }) => {
    throwIfCancelled(stopping);
    await withUsableMemory(workspace, videoId, engine.model.spec, async (memory) => {
      const mind = answerer(memory, range);
      const { answer, ended, lookedAt, citations, tokens, timings, droppedTurns, subtitles } = await mind.answer(turns, {
        signal: stopping,
        onText: (text) => { push({ kind: 'text', text }); },
        onProgress: (given) => {
          const progress = answerProgress(given);
          if (progress !== undefined) push({ kind: 'progress', progress });
        },
      }, { ...overrides, ...(overrides.temperature !== undefined && { sample: overrides.temperature > 0 }) });
      if (ended === 'stopped') { throwIfCancelled(stopping); return; }
      push({
        kind: 'end',
        answer: {
          text: answer, ended, model: engine.model.name, provider: mind.provider, citations: [...citations], tokens, timings, droppedTurns,
          moments: lookedAt === undefined ? [] : [...topMoments(lookedAt, momentCount)], ...(subtitles !== undefined && { subtitles }),
          coverage: { seconds: mind.memoryInfo.coverageSeconds, frames: memory.frameCount, complete: memory.complete },
        },
      });
    });
  }), signal);
}

import assert from 'node:assert/strict';
import type { GoldenCase } from '../../engine/evaluation/golden.ts';

/** What float32 owes the reference on any device (the fixture's README). */
export function assertFloat32Case(result: GoldenCase): void {
  const said = JSON.stringify(result);
  assert.ok(result.memaugInputMean < 1e-5, said);
  assert.ok(result.memaugOutputTypical < 1e-4, said);
  assert.ok(result.memaugOutput < 1e-3, said);
  assert.ok(result.embeddingsMean < 1e-4, said);
  assert.ok(result.logits < 1e-3, said);
  assert.equal(result.agreeingTokens, result.expectedTokens, said);
}

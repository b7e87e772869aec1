import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printedReport } from './printed-report.ts';

test('an error that is no number in the report of a process is below no bound', () => {
  for (const error of [Infinity, NaN]) {
    const { worst, rows: [first = 0] } = printedReport(JSON.stringify({ worst: error, rows: [error] })) as { worst: number; rows: number[] };
    assert.ok(!(worst < 1) && !(first < 1));
  }
  assert.deepEqual(printedReport('{"worst":0.5,"by":"plain","right":true}'), { worst: 0.5, by: 'plain', right: true });
});

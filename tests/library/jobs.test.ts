import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { newLibrary } from './support/sample-library.ts';

test('jobs are claimed in the order of the queue, which can be changed', (t) => {
  const { jobs } = newLibrary(t);
  const [one, two, three] = ['one', 'two', 'three'].map((name) => jobs.add({ kind: 'encode', data: { name } }));
  assert.ok(one && two && three);
  jobs.move(three.id, one.id);
  assert.deepEqual(jobs.list().map(({ data }) => data), [{ name: 'three' }, { name: 'one' }, { name: 'two' }]);
  jobs.move(three.id);
  assert.throws(() => { jobs.move(three.id, 'none'); }, { code: 'not-found' });
  assert.deepEqual([jobs.claim('me')?.id, jobs.claim('me')?.id, jobs.claim('me')?.id, jobs.claim('me')], [one.id, two.id, three.id, undefined]);
});

test('a job that was paused or cancelled tells its owner at the next report', (t) => {
  const { jobs } = newLibrary(t);
  const { id } = jobs.add({ kind: 'encode' });
  jobs.claim('me');
  assert.ok(jobs.progress(id, 'me', { stage: 'encode', done: 10, total: 100 }));
  assert.ok(!jobs.progress(id, 'somebody else', { stage: 'encode', done: 99 }));
  assert.deepEqual([jobs.get(id).done, jobs.get(id).total], [10, 100]);
  jobs.setState(id, 'paused');
  assert.ok(!jobs.progress(id, 'me', { stage: 'encode', done: 11 }));
  assert.ok(!jobs.finish(id, 'me'));
  assert.equal(jobs.setState(id, 'queued').done, 10, 'what was done is remembered');
  assert.equal(jobs.claim('me')?.id, id);
  assert.ok(jobs.finish(id, 'me', { code: 'disk-full', message: 'The disk is full.' }));
  assert.deepEqual([jobs.get(id).state, jobs.get(id).error], ['failed', { code: 'disk-full', message: 'The disk is full.' }]);
  assert.equal(jobs.setState(id, 'queued').error, null, 'what is tried again has not failed');
  assert.equal(jobs.claim('me')?.id, id);
  jobs.finish(id, 'me', { code: 'file-not-found', message: 'It is gone.' });
  const { state, error, data } = jobs.renew(id, { path: 'elsewhere' });
  assert.deepEqual([state, error, data], ['queued', null, { path: 'elsewhere' }]);
  assert.equal(jobs.claim('me')?.id, id);
  assert.ok(jobs.finish(id, 'me'));
  assert.equal(jobs.setState(id, 'cancelled').state, 'done', 'what is done cannot be cancelled');
});

test('jobs of a silent or dead owner go back into the queue', (t) => {
  const { jobs } = newLibrary(t);
  const [one, two] = [jobs.add({ kind: 'encode' }), jobs.add({ kind: 'encode' })];
  jobs.claim('dead');
  jobs.claim('alive');
  assert.equal(jobs.recover({ silentForMs: 60_000 }), 0);
  assert.equal(jobs.recover({ owner: 'dead' }), 1);
  assert.deepEqual(jobs.list({ states: ['queued'] }).map(({ id }) => id), [one.id]);
  assert.equal(jobs.recover({ silentForMs: -1 }), 1);
  assert.deepEqual(jobs.list({ states: ['queued'] }).map(({ id }) => id), [one.id, two.id]);
  jobs.remove(one.id);
  assert.throws(() => jobs.get(one.id), { code: 'not-found' });
});

test('settings keep JSON, and one that no longer fits is as if it was never set', (t) => {
  const { settings } = newLibrary(t);
  settings.set('theme', 'dark');
  settings.set('dividers', { rail: 0.2 });
  assert.equal(settings.get('theme', z.enum(['light', 'dark'])), 'dark');
  assert.equal(settings.get('theme', z.number()), undefined);
  assert.deepEqual(settings.all(), { dividers: { rail: 0.2 }, theme: 'dark' });
  settings.remove('theme');
  assert.equal(settings.get('theme', z.string()), undefined);
  assert.throws(() => { settings.set('theme', undefined); }, { code: 'bad-argument' });
});

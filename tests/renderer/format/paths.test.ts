import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutFolders } from '../../../renderer/format/paths.ts';

test('a sentence names files without the folders that they lie in, on every system, and other quotes stay', () => {
  assert.equal(withoutFolders('There is no file "/a b/films/gone.mp4". Check the path.'), 'There is no file "gone.mp4". Check the path.');
  assert.equal(withoutFolders('"C:\\films\\gone.mp4" is "text/plain", and "notes" is not.'), '"gone.mp4" is "text/plain", and "notes" is not.');
});

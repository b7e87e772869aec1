/** Exports a memory and prints the refusal, for a process that may only write small files. */
import { isLongtakeError } from '../../../engine/protocol/errors.ts';
import { exportMemory } from '../../../engine/memory/index.ts';

const [directory = '', file = ''] = process.argv.slice(2);
try {
  await exportMemory(directory, file);
  console.log('{}');
} catch (error) {
  if (!isLongtakeError(error)) throw error;
  console.log(JSON.stringify({ code: error.code, message: error.message }));
}

/** One of several processes on one library: opens it when told, writes, and claims jobs until there are none. */
import { openLibrary } from '../../../engine/library/index.ts';

const [file = '', name = '', turns = ''] = process.argv.slice(2);
using library = openLibrary(file);
const video = library.videos.upsert({ fingerprint: 'shared', title: 'shared', path: `/${name}.mp4` });
const memory = library.memories.ensure({ videoId: video.id, encoderFingerprint: 'e', encoderName: 'siglip', mode: 'exact' });
const conversation = library.conversations.create({ videoId: video.id, title: name });
let parentId: string | null = null;
for (let turn = 0; turn < Number(turns); turn++) {
  parentId = library.messages.append({ conversationId: conversation.id, parentId, role: turn % 2 === 0 ? 'user' : 'assistant', content: `${name} ${turn}` }).id;
  library.jobs.add({ kind: 'encode', data: { name, turn } });
}
const claimed: string[] = [];
for (let job = library.jobs.claim(name); job !== undefined; job = library.jobs.claim(name)) {
  claimed.push(job.id);
  library.jobs.finish(job.id, name);
}
console.log(JSON.stringify({ videoId: video.id, memoryId: memory.id, claimed }));

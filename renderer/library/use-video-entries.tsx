import { Download, FilePlus, FolderInput, FolderOpen, Link2, Pause, Pencil, Play, Square, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { QueueJob, VideoCard } from '../../engine/protocol/methods-library.ts';
import type { MenuEntry } from '../components/menu.tsx';
import { encoderInUse } from '../store/models-slice.ts';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { hasFrames, inMemory } from '../store/video-state.ts';

const sign = { size: 14 } as const;

/** What can be done with a video: the same on its card and over its picture. */
export function useVideoEntries(video: VideoCard | undefined, job: QueueJob | undefined, onRename: () => void): readonly MenuEntry[] {
  const { t } = useTranslation();
  const { shell } = useSurroundings();
  const { encodeVideo, pauseJob, resumeJob, cancelJob, relinkVideo, removeVideo, showDialog, attempt } = useActions();
  // What was chosen together moves together.
  const marked = useApp((state) => state.markedVideoIds);
  const encoder = useApp(encoderInUse);
  if (video === undefined) return [];
  const { id, path, present } = video;
  const there = inMemory(video.memories, encoder);
  const entries: (MenuEntry | false)[] = [
    { label: t('library.rename'), icon: <Pencil {...sign} />, perform: onRename },
    {
      label: marked.length > 1 && marked.includes(id) ? t('library.folder.moveSeveral', { number: marked.length }) : t('library.folder.move'), icon: <FolderInput {...sign} />,
      perform: () => { showDialog({ kind: 'move-to-folder', videoIds: marked.includes(id) ? marked : [id] }); },
    },
    job === undefined && present && there !== 'whole' && { label: t(there === 'other' ? 'library.encodeForModel' : 'library.encode'), icon: <FilePlus {...sign} />, perform: () => { void encodeVideo(id); } },
    job !== undefined && (job.state === 'running' || job.state === 'queued') && { label: t('library.pause'), icon: <Pause {...sign} />, perform: () => { void pauseJob(job.id); } },
    job !== undefined && (job.state === 'paused' || job.state === 'failed') && { label: t(job.state === 'failed' ? 'library.retry' : 'library.resume'), icon: <Play {...sign} />, perform: () => { void resumeJob(job.id); } },
    job !== undefined && { label: t('library.stop'), icon: <Square {...sign} />, perform: () => { void cancelJob(job.id); } },
    'separator',
    { label: t('library.exportMemory'), icon: <Download {...sign} />, disabled: !hasFrames(video), perform: () => { showDialog({ kind: 'export-memory', videoId: id }); } },
    { label: t('library.relink'), icon: <Link2 {...sign} />, perform: () => { void relinkVideo(id); } },
    shell.kind === 'electron' && present && path !== undefined
      && { label: t('library.showInFolder'), icon: <FolderOpen {...sign} />, perform: () => { void attempt(() => shell.showInFolder(path)); } },
    'separator',
    { label: t('library.remove'), icon: <Trash2 {...sign} />, danger: true, perform: () => { void removeVideo(id); } },
  ];
  return entries.filter((entry) => entry !== false);
}

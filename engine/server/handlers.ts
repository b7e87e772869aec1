import type { MethodHandlers } from '../protocol/methods.ts';
import { createAppHandlers } from './handlers-app.ts';
import { createChapterHandlers } from './handlers-chapters.ts';
import { createConversationHandlers } from './handlers-conversations.ts';
import { createFileHandlers } from './handlers-files.ts';
import { createFolderHandlers } from './handlers-folders.ts';
import { createLibraryHandlers } from './handlers-library.ts';
import { createMediaHandlers } from './handlers-media.ts';
import { createModelHandlers } from './handlers-models.ts';
import { createQueueHandlers } from './handlers-queue.ts';
import { createSurveyHandlers } from './handlers-surveys.ts';
import type { Workspace } from './workspace.ts';

/** Every method of the protocol; a missing one does not compile. */
export function createHandlers(workspace: Workspace): MethodHandlers {
  return {
    ...createAppHandlers(workspace), ...createModelHandlers(workspace), ...createLibraryHandlers(workspace), ...createQueueHandlers(workspace), ...createConversationHandlers(workspace),
    ...createFileHandlers(workspace), ...createMediaHandlers(workspace), ...createFolderHandlers(workspace), ...createSurveyHandlers(workspace), ...createChapterHandlers(workspace),
  };
}

import { useEffect, useState } from 'react';
import { Tooltip } from 'radix-ui';
import { useShortcuts } from '../actions/use-shortcuts.ts';
import { Conversation } from '../chat/conversation.tsx';
import { PromptLayers } from '../components/prompt-layers.tsx';
import { FileDialog } from '../files/file-dialog.tsx';
import { LibraryRail } from '../library/library-rail.tsx';
import { Player } from '../player/player.tsx';
import { useApp } from '../store/use-app.ts';
import { SurveyPane } from '../survey/survey-pane.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import { AppMenu } from './app-menu.tsx';
import { Dialogs } from './dialogs.tsx';
import { Divider } from './divider.tsx';
import { DropTarget } from './drop-target.tsx';
import { DialogPane, Pane } from './failed-pane.tsx';
import { Notices } from './notices.tsx';
import { TabBar } from './tab-bar.tsx';
import { useMenu } from './use-menu.ts';
import { usePreferences } from './use-preferences.ts';
import { VideoBar } from './video-bar.tsx';
import { Welcome } from './welcome.tsx';
import styles from './app.module.css';

/** Below this the conversation becomes a tab beside the video. */
const narrowPixels = 1000;

/** Where the window is small, the conversation makes room for the picture. */
const leastMiddlePixels = 400;

/** The one window: library, video over timeline, conversation. */
export function App() {
  useShortcuts();
  usePreferences();
  useMenu();
  const narrow = useNarrow();
  const railCollapsed = useApp((state) => state.railCollapsed);
  const railWidth = useApp((state) => state.railWidth);
  const conversationWidth = useApp((state) => `min(${state.conversationWidth}px, 100vw - ${state.railCollapsed ? 0 : state.railWidth}px - ${leastMiddlePixels}px)`);
  const timelineHeight = useApp((state) => state.timelineHeight);
  const selectedVideoId = useApp((state) => state.selectedVideoId);
  const loaded = useApp((state) => state.loaded);
  const surveyed = useApp((state) => state.surveyPlace !== undefined);
  const tab = useApp((state) => state.tab);
  const showVideo = !narrow || tab === 'video';
  const showConversation = !narrow || tab === 'conversation';

  return (
    <Tooltip.Provider delayDuration={400} skipDelayDuration={200}>
      <div className={styles['window']}>
        <div className={styles['panes']}>
          {!railCollapsed && (
            <Pane style={{ flex: 'none', width: railWidth, borderRightWidth: 1 }}>
              <LibraryRail width={railWidth} menu={<AppMenu />} divider={<Divider pane="railWidth" side="left" />} />
            </Pane>
          )}
          {surveyed ? <Pane><SurveyPane /></Pane> : selectedVideoId === undefined ? (loaded ? <Pane><Welcome /></Pane> : <main className={styles['middle']} aria-busy="true"><h1 className="visually-hidden">Longtake</h1></main>) : (
            <>
              <main className={styles['middle']}>
                <Pane style={{ flex: 'none' }}><VideoBar /></Pane>
                {narrow && <TabBar />}
                {/* Behind the other tab the film goes on: who asks about it may listen meanwhile. */}
                <div className={styles['film']} hidden={!showVideo}>
                  <Pane key={selectedVideoId}><Player /></Pane>
                  <Divider pane="timelineHeight" side="bottom" />
                  <Pane key={`timeline-${selectedVideoId}`} style={{ flex: 'none', height: timelineHeight }}><Timeline height={timelineHeight} /></Pane>
                </div>
                {narrow && showConversation && <Pane><Conversation /></Pane>}
              </main>
              {!narrow && (
                <Pane style={{ flex: 'none', width: conversationWidth, borderLeftWidth: 1 }}>
                  <Conversation beside={{ width: conversationWidth, divider: <Divider pane="conversationWidth" side="right" /> }} />
                </Pane>
              )}
            </>
          )}
          <Notices narrow={narrow} left={`${railCollapsed ? 0 : railWidth}px`} right={narrow || surveyed || selectedVideoId === undefined ? '0px' : conversationWidth} />
        </div>
      </div>
      <PromptLayers />
      <DropTarget />
      <DialogPane><Dialogs /><FileDialog /></DialogPane>
    </Tooltip.Provider>
  );
}

function useNarrow(): boolean {
  const query = `(max-width: ${narrowPixels - 1}px)`;
  const [narrow, setNarrow] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const change = (): void => { setNarrow(list.matches); };
    list.addEventListener('change', change);
    return () => { list.removeEventListener('change', change); };
  }, [query]);
  return narrow;
}

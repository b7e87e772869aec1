import { useApp } from '../store/use-app.ts';
import { ChaptersDialog } from '../chapters/chapters-dialog.tsx';
import { ExportMemoryDialog } from '../library/export-memory-dialog.tsx';
import { ForecastDialog } from '../library/forecast-dialog.tsx';
import { MoveDialog } from '../search/move-dialog.tsx';
import { Palette } from '../search/palette.tsx';
import { SearchDialog } from '../search/search-dialog.tsx';
import { SettingsDialog } from '../settings/settings-dialog.tsx';

/** The one dialog that is open. */
export function Dialogs() {
  const dialog = useApp((state) => state.dialog);
  switch (dialog?.kind) {
    case undefined: return null;
    case 'palette': return <Palette />;
    case 'chapters': return <ChaptersDialog />;
    case 'search': return <SearchDialog />;
    case 'settings': return <SettingsDialog page={dialog.page} />;
    case 'export-memory': return <ExportMemoryDialog videoId={dialog.videoId} />;
    case 'move-to-folder': return <MoveDialog videoIds={dialog.videoIds} />;
    case 'forecast': return <ForecastDialog plan={dialog.plan} />;
    default: return dialog satisfies never;
  }
}

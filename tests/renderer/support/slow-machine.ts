import { noteEncodeSpeed } from '../../../engine/server/encode-speed.ts';
import { openEngineService } from '../../../engine/server/workspace.ts';

const noted = { frames: 3600, milliseconds: 3_600_000 };

/**
 * Has a home (LONGTAKE_HOME) remember that this machine encodes one frame a second: a film takes as long as it lasts, and
 * an hour of it is asked about everywhere, however fast the machine is and whatever room its disk and its memory have.
 */
export async function makeSlowMachine(home: string): Promise<void> {
  process.env['LONGTAKE_HOME'] = home;
  await using service = await openEngineService();
  const { library, host } = service.workspace;
  noteEncodeSpeed(library, await host.spec(), 'cpu', noted.frames, noted.milliseconds);
}

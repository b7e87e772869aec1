import path from 'node:path';
import { fingerprintVideo, probeVideo, type VideoProbe } from '../../../engine/media/index.ts';
import { openLibrary, type Library } from '../../../engine/library/index.ts';
import { openHome } from '../../../engine/pipeline/home.ts';
import { openAppPage, type AppPage } from '../../support/app-page.ts';
import { makeVideo } from '../../support/videos.ts';

/**
 * The built page with one video, "film", that is open and of which nothing is encoded. `chapters` are those of the file,
 * `fill` puts what else a test needs into the library. `LONGTAKE_HOME` is a folder in `scratch` afterwards.
 */
export async function openFilmPage(scratch: string, { seconds, chapters = [], fill, window }: {
  readonly seconds: number;
  readonly chapters?: VideoProbe['chapters'];
  readonly fill?: (library: Library, videoId: string) => void;
  readonly window?: { readonly width: number; readonly height: number };
}): Promise<AppPage> {
  const home = path.join(scratch, 'home');
  const file = path.join(scratch, 'film.mp4');
  await makeVideo(file, { seconds });
  process.env['LONGTAKE_HOME'] = home;
  {
    using library = openLibrary(openHome().libraryFile);
    const probe = { ...await probeVideo(file, {}), chapters };
    const video = library.videos.upsert({ fingerprint: await fingerprintVideo(file, {}), path: file, title: 'film', probe, durationSeconds: seconds });
    fill?.(library, video.id);
  }
  const app = await openAppPage(home, window === undefined ? {} : { viewport: window });
  await app.page.goto(app.address);
  await app.page.getByRole('button', { name: /^film/u }).first().click();
  return app;
}

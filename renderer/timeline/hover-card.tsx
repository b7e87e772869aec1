import { useEffect, useRef } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { formatClock } from '../format/time.ts';
import { frameAt, lowerBound } from '../geometry/frames.ts';
import { toPixels } from '../geometry/view.ts';
import { chapterIndexAt } from '../store/chapters-slice.ts';
import type { Frame, TimelineController } from './controller.ts';
import styles from './timeline.module.css';

const pictureWidth = 176;

/** What is under the pointer: a line, the time, the frame that is in memory there, the chapter, and what is said. */
export function HoverCard({ controller }: { readonly controller: TimelineController }) {
  const { t } = useTranslation();
  const line = useRef<HTMLDivElement>(null);
  const card = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const time = useRef<HTMLTimeElement>(null);
  const chapter = useRef<HTMLParagraphElement>(null);
  const words = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    let shown: ImageBitmap | undefined;
    return controller.onFrame((frame) => {
      const [lineElement, cardElement, canvas] = [line.current, card.current, picture.current];
      if (lineElement === null || cardElement === null || canvas === null) return;
      const { scene, hoverSeconds } = frame;
      const isShown = hoverSeconds !== undefined && scene.videoSeconds > 0;
      lineElement.hidden = !isShown;
      cardElement.hidden = !isShown;
      if (!isShown) return;
      const pixels = toPixels(scene, hoverSeconds);
      lineElement.style.transform = `translateX(${pixels}px)`;
      const half = cardElement.offsetWidth / 2;
      cardElement.style.transform = `translateX(${Math.round(Math.max(half, Math.min(pixels, scene.width - half)) - half)}px)`;
      if (time.current !== null) time.current.textContent = formatClock(hoverSeconds);
      if (chapter.current !== null) chapter.current.textContent = chapterAt(frame, hoverSeconds, t);
      if (words.current !== null) words.current.textContent = cueAt(frame, hoverSeconds);
      const bitmap = pictureAt(frame, controller, hoverSeconds);
      const inMemory = scene.frameTimes !== undefined && hoverSeconds <= scene.pictureSeconds;
      canvas.hidden = !inMemory;
      // While the picture is on its way the last one stays: they are seconds apart.
      if (bitmap === undefined || bitmap === shown) return;
      shown = bitmap;
      const height = Math.round((pictureWidth * bitmap.height) / bitmap.width);
      if (canvas.height !== height * 2) Object.assign(canvas, { width: pictureWidth * 2, height: height * 2 });
      canvas.style.height = `${height}px`;
      canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    });
  }, [controller, t]);
  return (
    <>
      <div ref={line} className={styles['hoverLine']} aria-hidden="true" hidden />
      <div ref={card} className={styles['hoverCard']} aria-hidden="true" hidden>
        <canvas ref={picture} className={styles['hoverPicture']} width={pictureWidth * 2} height={198} />
        <time ref={time} className={styles['hoverTime']} />
        <p ref={chapter} className={styles['hoverWords']} />
        <p ref={words} className={styles['hoverWords']} />
      </div>
    </>
  );
}

function pictureAt({ scene: { frameTimes } }: Frame, controller: TimelineController, seconds: number): ImageBitmap | undefined {
  const frame = frameTimes === undefined ? -1 : frameAt(frameTimes.ptsSeconds, seconds);
  return frameTimes === undefined || frame < 0 ? undefined : controller.pictures.picture(frameTimes.memoryId, frame);
}

function cueAt({ scene: { cues } }: Frame, seconds: number): string {
  const cue = cues[lowerBound(cues, seconds, ({ startSeconds }) => startSeconds) - 1];
  return cue !== undefined && seconds <= cue.endSeconds ? cue.text : '';
}

function chapterAt({ scene: { chapters } }: Frame, seconds: number, t: TFunction): string {
  const index = chapterIndexAt(chapters, seconds);
  const chapter = chapters[index];
  return chapter === undefined ? '' : chapter.title || t('chapters.untitled', { number: index + 1 });
}

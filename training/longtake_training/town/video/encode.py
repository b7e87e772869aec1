"""Writes packed RGB frames as H.264 through ffmpeg."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

#: Written into every film of the town as its comment. Longtake knows by it what the demo model understands (engine/pipeline/pebble-town.ts).
TOWN_COMMENT = "Pebble Town, drawn by longtake_training"


class RenderError(Exception):
    """Something the user can put right; the message says what."""


def find_ffmpeg() -> str:
    """The ffmpeg to use: LONGTAKE_FFMPEG, else the one on PATH. Raises RenderError when there is none."""
    named = os.environ.get("LONGTAKE_FFMPEG")
    found = shutil.which(named or "ffmpeg")
    if not found:
        where = f"LONGTAKE_FFMPEG names {named!r}, which cannot be run" if named else "there is no ffmpeg on PATH"
        raise RenderError(f"{where}: install ffmpeg or set LONGTAKE_FFMPEG to its path")
    return found


def encode_video(frames: Iterable[bytes], out: Path, *, rate: int, width: int, height: int, quality: int, preset: str) -> None:
    """Encodes frames to an .mp4; `out` appears only when it is complete.

    Flat pictures that hardly move: long groups of pictures and many references are what keeps an hour small.
    Colours are BT.709 and say so. Raises RenderError with ffmpeg's words if it fails.
    """
    part = out.with_name(f".{out.stem}.part.mp4")
    command = [
        find_ffmpeg(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", f"{width}x{height}", "-framerate", str(rate), "-i", "pipe:0",
        "-vf", "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int,format=yuv420p",
        "-c:v", "libx264", "-preset", preset, "-tune", "animation", "-crf", str(quality), "-g", str(60 * rate), "-bf", "8",
        "-x264-params", "rc-lookahead=60:keyint-min=1:qcomp=0.7",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
        "-movflags", "+faststart", "-map_metadata", "-1", "-metadata", f"comment={TOWN_COMMENT}", "-fflags", "+bitexact", str(part),
    ]  # fmt: skip
    with tempfile.TemporaryFile() as messages:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=messages)
        assert process.stdin
        try:
            for data in frames:
                process.stdin.write(data)
            process.stdin.close()
        except BrokenPipeError:
            pass  # ffmpeg ended early; its own message is better than this one
        except BaseException:
            process.kill()
            process.wait()
            part.unlink(missing_ok=True)
            raise
        if process.wait() != 0:
            part.unlink(missing_ok=True)
            messages.seek(0)
            said = messages.read().decode(errors="replace").strip()
            raise RenderError(
                f"ffmpeg could not write {out} (exit status {process.returncode}): {said or 'it gave no reason'}"
            )
    part.replace(out)

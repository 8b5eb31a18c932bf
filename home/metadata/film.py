"""Strip films (MP4, WebM): what is seen and heard is copied as it is into a new file; author, place, device, dates, and
tracks of other things (cameras write where they are along with the pictures) stay behind.

Runs as a program of its own: `python -m home.metadata.film FROM TO`. What reads films is large, and files come from
anywhere: it has nothing of the site in its memory, and bounds on what it may take.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

from .refused import Reason, Refused

FORMATS = {"mp4": "mp4", "webm": "webm"}
SECONDS = 120
MEMORY = 2 * 1024**3


def strip_film(source: Path, target: Path, *, extension: str) -> None:
    """Write a film without its metadata into a file. Raises Refused."""
    command = [sys.executable, "-m", __name__, str(source), str(target), FORMATS[extension]]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            cwd=Path(__file__).resolve().parent.parent.parent,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},  # no key, no address of the database
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(Reason.TOO_LARGE) from error
    if done.returncode:
        raise Refused(Reason.DAMAGED)


def main(source: str, target: str, kind: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import av

    # Matroska reads WebM as well; what is written is WebM, which takes nothing but its own codecs.
    with (
        av.open(source, format="mp4" if kind == "mp4" else "matroska") as read,
        av.open(
            target,
            "w",
            format=kind,
            # No date, no name of a program; the index first, so that it begins to play at once.
            options={"movflags": "+faststart", "fflags": "+bitexact", "map_metadata": "-1"},
        ) as write,
    ):
        streams = {}
        for stream in (*read.streams.video, *read.streams.audio):
            streams[stream.index] = copy = write.add_stream_from_template(stream)
            copy.metadata.clear()
        if not any(stream.type == "video" for stream in streams.values()):
            raise SystemExit(1)
        write.metadata.clear()
        for packet in read.demux([read.streams[index] for index in streams]):
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                write.mux(packet)


if __name__ == "__main__":
    main(*sys.argv[1:])

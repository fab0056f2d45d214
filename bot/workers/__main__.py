"""The child: reads jobs from its input, answers on its output, and keeps to its limits.

Frames are a length of four bytes, most significant first, and so many bytes. A job comes pickled (the parent is
trusted); first an empty frame tells that everything is loaded and the time runs, then each answer goes out as JSON.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from itertools import islice
from typing import BinaryIO

from bot.feeds.model import Entry, ParsedFeed
from bot.workers.jobs import ANSWERS, AboutJob, ArticleJob, Job, JudgeJob, ListJob, ParseJob, ReadJob
from bot.workers.plain import to_plain

# An announcement, for each word list and model is only loaded by a text that needs it, and later no file can be opened.
_LARGEST_FILE = 256 * 1024 * 1024
_WARM_UP = Entry(
    id="",
    keys=(),
    title="Acme Health and Borealis Cloud sign a 10-year partnership",
    body="Acme Health chose Borealis Cloud to store its data in Norway. They will work together for ten years.",
)


def main(memory: int, cpu: float) -> None:
    """Serves jobs until the input ends, which it does as well when the parent is killed."""
    _limit(memory)
    jobs, answers = _pipes()
    ready = set[type[Job]]()
    while frame := _read(jobs):
        job: Job = pickle.loads(frame)
        if type(job) not in ready:
            _load(job)
            ready.add(type(job))
        _write(answers, b"")
        results = _results(job)
        for _ in ANSWERS[type(job)]:
            # The kernel ends a process whose timer runs out, even in the midst of C code that holds on to everything.
            signal.setitimer(signal.ITIMER_PROF, cpu)
            answer = _answer(results)
            signal.setitimer(signal.ITIMER_PROF, 0)
            _write(answers, answer)


def _limit(memory: int) -> None:
    # Not every system can limit the address space (macOS cannot); the limits on time hold there too.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # py3langid unpacks its model into a nameless file when a first doubtful text wakes it.
        resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes, moved away from where a library might print to."""
    jobs, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    os.close(nothing)
    return os.fdopen(jobs, "rb"), os.fdopen(answers, "wb")


def _load(job: Job) -> None:
    """Imports what the job needs and reads its data, so that the job's own time is its own."""
    match job:
        case ParseJob():
            import_module("bot.feeds.parse")
        case ArticleJob():
            import_module("bot.feeds.article")
        case JudgeJob():
            next(_results(JudgeJob((_WARM_UP,), job.feed)))
        case ReadJob():
            _load(job.parse)
            _load(JudgeJob((), job.feed))
        case AboutJob():
            import_module("bot.feeds.discover")
        case ListJob():
            import_module("bot.feeds.outlines")


def _answer(results: Iterator[object]) -> bytes:
    """The next result as a frame. After a failure there is none any more, and nobody reads what is said of it."""
    try:
        outcome: dict[str, object] = {"done": to_plain(next(results))}
        return json.dumps(outcome, ensure_ascii=False, check_circular=False).encode("utf-8")
    except MemoryError:
        return b'{"failed": "MemoryError"}'
    except Exception as error:
        # Whatever the text made a library do: it is this text's fault, and told as such.
        return json.dumps({"failed": type(error).__name__}).encode()


def _results(job: Job) -> Iterator[object]:
    """What answers the job, each worked out when it is asked for."""
    match job:
        case ParseJob():
            from bot.feeds.parse import parse

            yield parse(
                job.body,
                feed_url=job.feed_url,
                content_type=job.content_type,
                base=job.base,
                now=job.now,
                known=job.known,
                since=job.since,
                links=job.links,
            )
        case ArticleJob():
            from bot.feeds.article import article_text

            yield article_text(job.body, job.content_type)
        case AboutJob():
            from bot.feeds.discover import about

            yield about(job.body, job.content_type, job.url)
        case ListJob():
            from bot.feeds.outlines import read_opml

            yield read_opml(job.body, job.content_type)
        case JudgeJob():
            from bot.deals.recognise import recognise

            yield tuple(recognise(entry, job.feed) for entry in job.entries)
        case ReadJob():
            parsed = next(_results(job.parse))
            yield parsed
            news = filter(job.news.holds, parsed.entries if isinstance(parsed, ParsedFeed) else ())
            yield from _results(JudgeJob(tuple(islice(news, job.most)), job.feed))


def _read(pipe: BinaryIO) -> bytes:
    """The next frame; empty at the end of input."""
    header = pipe.read(4)
    return pipe.read(int.from_bytes(header)) if len(header) == 4 else b""


def _write(pipe: BinaryIO, frame: bytes) -> None:
    pipe.write(len(frame).to_bytes(4) + frame)
    pipe.flush()


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main(int(sys.argv[1]), float(sys.argv[2]))

"""The engine as a command: answers in, ideas with their themes and groups out.

    python -m outcomes.engine IN.jsonl OUT.jsonl

docs/engine.md describes the rows. It ends with 0; with 1 when bad rows were left out; with 2 when
something had to be put right first, and then nothing is written.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from outcomes.engine.codebook import Codebook
from outcomes.engine.decisions import read_labels, settled
from outcomes.engine.errors import EngineError
from outcomes.engine.pipeline import SEND_CODEBOOK, Pipeline
from outcomes.engine.records import Label
from outcomes.engine.rows import found_rows, read_texts, require_writable, write_rows

CACHE = Path(__file__).resolve().parents[2] / "var" / "engine"
DONE, ROWS_LEFT_OUT, REFUSED, STOPPED = 0, 1, 2, 130
# Sentences of one sort that are printed before the rest are counted.
MOST_SAID = 20


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except EngineError as error:
        print(error, file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"{error.filename or 'A file'}: {error.strerror}.", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("\nStopped. Nothing was written.", file=sys.stderr)
        return STOPPED


def _run(options: argparse.Namespace) -> int:
    _require_own_file(options)
    require_writable(options.output)
    given, troubles = read_texts(options.input)
    _answer_for(troubles, options.input, options.keep_going)
    labels, bad_labels = _labels(options)
    pipeline = Pipeline(
        codebook=options.codebook,
        cache_dir=options.cache,
        seed=options.seed,
        labels=labels,
        executor=options.executor,
    )
    progress = Progress(sys.stderr.isatty())
    try:
        texts = [one.text for one in given]
        analysis = pipeline.analyse(texts, progress, scope=f"file {options.input.resolve()}")
    finally:
        progress.end()
    write_rows(options.output, found_rows(given, analysis))
    _print_next(pipeline, options.check_next)
    return ROWS_LEFT_OUT if troubles or bad_labels else DONE


def _print_next(pipeline: Pipeline, count: int) -> None:
    """What to decide on next, a JSON line each, and what it will bring."""
    if not count:
        return
    proposals, gain = pipeline.check_next(count)
    for text, usefulness, reason in proposals:
        row = {"text": text, "usefulness": usefulness, "reason": reason}
        print(json.dumps(row, ensure_ascii=False))
    print(
        f"By its own scores {gain.before:.0%} of themes are right now, and {gain.after:.0%} when "
        f"these {gain.checks} are decided.",
        file=sys.stderr,
    )


def _labels(options: argparse.Namespace) -> tuple[list[Label], bool]:
    """The decisions to learn from, and whether any bad row was left out."""
    codebook = None
    if options.codebook and (options.labels or options.codebook != SEND_CODEBOOK):
        codebook = Codebook.read(options.codebook)
        _say(codebook.warnings)
    if options.labels is None:
        return [], False
    read, troubles = read_labels(options.labels, codebook)
    _answer_for(troubles, options.labels, options.keep_going)
    labels, notices = settled(read)
    _say(notices)
    return labels, bool(troubles)


def _answer_for(troubles: Sequence[str], path: Path, keep_going: bool) -> None:
    """Say what is wrong with rows; without leave to go on, refuse the file."""
    if not troubles:
        return
    print(f"{path}:", file=sys.stderr)
    _say(troubles)
    if not keep_going:
        raise EngineError("Nothing was written. To leave such rows out, add --keep-going.")


def _say(sentences: Sequence[str]) -> None:
    for sentence in sentences[:MOST_SAID]:
        print(sentence, file=sys.stderr)
    if len(sentences) > MOST_SAID:
        print(f"And {len(sentences) - MOST_SAID:,} more like these.", file=sys.stderr)


def _require_own_file(options: argparse.Namespace) -> None:
    read = [path for path in (options.input, options.labels) if path and path.is_file()]
    for path in read if options.output.exists() else ():
        if options.output.samefile(path):
            raise EngineError(f"{path} would be written over; name another file for OUT.")


class Progress:
    """One line on the terminal that is written anew; nothing where nobody watches."""

    def __init__(self, watched: bool) -> None:
        self.watched = watched
        self.shown = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        line = f"{stage}: {done:,} of {total:,}"
        if self.watched and line != self.shown:
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
            self.shown = line

    def end(self) -> None:
        if self.shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m outcomes.engine",
        description="Finds the ideas in answers, their themes, groups and kinds, risks of harm "
        "and personal details. docs/engine.md describes the rows.",
    )
    parser.add_argument("input", type=Path, metavar="IN.jsonl", help="answers, one a line")
    parser.add_argument("output", type=Path, metavar="OUT.jsonl", help="where to write the ideas")
    parser.add_argument(
        "--labels", type=Path, metavar="LABELS.jsonl", help="officers' decisions to learn from"
    )
    parser.add_argument(
        "--codebook",
        type=_codebook,
        default=SEND_CODEBOOK,
        metavar="FILE",
        help="a folder, a .jsonl file or none; the SEND codebook when left out",
    )
    parser.add_argument("--seed", type=_seed, default=0, metavar="N", help="0 when left out")
    parser.add_argument(
        "--check-next",
        type=_seed,
        default=0,
        metavar="N",
        help="print the N ideas that are most useful to decide on next",
    )
    parser.add_argument("--keep-going", action="store_true", help="leave bad rows out and go on")
    cache = parser.add_mutually_exclusive_group()
    cache.add_argument(
        "--cache", type=Path, default=_cache(), metavar="DIR", help="where vectors are kept"
    )
    cache.add_argument(
        "--no-cache", dest="cache", action="store_const", const=None, help="keep nothing"
    )
    parser.add_argument(
        "--executor",
        default=os.environ.get("ENGINE_EXECUTOR") or None,
        metavar="ADDRESS",
        help="where to read: processes, processes://4 or dask://HOST:8786; the setting "
        "ENGINE_EXECUTOR, or else this process, when left out",
    )
    return parser


def _codebook(value: str) -> Path | None:
    return None if value == "none" else Path(value)


def _seed(value: str) -> int:
    if value.isascii() and value.isdigit() and int(value[:12]) < 2**32:
        return int(value[:12])
    raise argparse.ArgumentTypeError("give a whole number from 0 to 4294967295")


def _cache() -> Path:
    folder = os.environ.get("DATA_DIR")
    return Path(folder) / "engine" if folder else CACHE


if __name__ == "__main__":
    sys.exit(main())

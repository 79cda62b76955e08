"""Command ``make replica``: serves the replica until Ctrl-C, and prints a command that crawls it."""

import argparse
import sys
from functools import partial

from devtools.replica import serve
from devtools.replica.sections import SECTIONS

CRAWL = (
    ".venv/bin/scrapy crawl national -s JIJI_BASE_URL={url} -s JIJI_OUTPUT_DIR=output/replica"
    " -s DOWNLOAD_DELAY=0 -s AUTOTHROTTLE_ENABLED=False"
)
"""Crawl into a folder of its own, without delays, which is safe on the replica only."""


def main() -> int:
    """Serve. Return 2 if the port is not available."""
    parser = argparse.ArgumentParser(prog="python -m devtools.replica", description=__doc__)
    parser.add_argument("--port", type=int, default=8970, help="port on loopback; 0: any free one (default: 8970)")
    parser.add_argument(
        "--scripted",
        metavar="SECTION",
        choices=sorted(SECTIONS),
        help="serve home and the pages of this section as shells, which fill themselves by script",
    )
    options = parser.parse_args()
    try:
        serve(options.port, ready=partial(_announce, options.scripted), scripted=options.scripted)
    except OSError as error:
        print(f"Cannot serve: {error.strerror}. Choose another port with --port.", file=sys.stderr)
        return 2
    return 0


def _announce(scripted: str | None, url: str) -> None:
    command = CRAWL.format(url=url)
    if scripted:
        command = command.replace("national", scripted) + " -s JIJI_RENDER=fallback"
    print(f"Replica at {url}, until Ctrl-C. Crawl it from another terminal:\n  {command}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

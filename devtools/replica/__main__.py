"""Command ``make replica``: serves the replica until Ctrl-C, and prints a command that crawls it."""

import argparse
import sys

from devtools.replica import serve

CRAWL = (
    ".venv/bin/scrapy crawl national -s JIJI_BASE_URL={url} -s JIJI_OUTPUT_DIR=output/replica"
    " -s DOWNLOAD_DELAY=0 -s AUTOTHROTTLE_ENABLED=False"
)
"""Crawl into a folder of its own, without delays, which is safe on the replica only."""


def main() -> int:
    """Serve. Return 2 if the port is not available."""
    parser = argparse.ArgumentParser(prog="python -m devtools.replica", description=__doc__)
    parser.add_argument("--port", type=int, default=8970, help="port on loopback; 0: any free one (default: 8970)")
    port = parser.parse_args().port
    try:
        serve(port, ready=_announce)
    except OSError as error:
        print(f"Cannot serve: {error.strerror}. Choose another port with --port.", file=sys.stderr)
        return 2
    return 0


def _announce(url: str) -> None:
    print(f"Replica at {url}, until Ctrl-C. Crawl it from another terminal:\n  {CRAWL.format(url=url)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

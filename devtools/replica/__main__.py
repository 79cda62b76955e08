"""``make replica``: the local imitation of the site, served until Ctrl-C."""

import argparse
import sys

from devtools.replica import serve


def main() -> int:
    """Serve; return 2 where the port is not available."""
    parser = argparse.ArgumentParser(prog="python -m devtools.replica", description=__doc__)
    parser.add_argument("--port", type=int, default=8970, help="port on loopback; 0: any free one (default: 8970)")
    port = parser.parse_args().port
    try:
        serve(port, ready=_announce)
    except OSError as error:
        print(f"port {port}: {error.strerror}; choose another with --port", file=sys.stderr)
        return 2
    return 0


def _announce(url: str) -> None:
    settings = f"-s JIJI_BASE_URL={url} -s JIJI_OUTPUT_DIR=output/replica"
    print(f"Replica at {url}, until Ctrl-C. To crawl it:\n  .venv/bin/scrapy crawl national {settings}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""PostgreSQL server of Debian, started for a test in a folder of its own."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Yield the URL of a database on a server that listens on a socket in the folder only."""
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())  # it refuses root
    data, programs = folder / "data", PROGRAMS[-1]
    folder.mkdir()
    shutil.chown(folder, account.pw_uid, account.pw_gid)

    def run(*words: str) -> None:
        subprocess.run(words, user=account.pw_uid, group=account.pw_gid, cwd=folder, check=True, capture_output=True)

    run(str(programs / "initdb"), "--no-sync", "--auth=trust", "--username=jiji", "-D", str(data))
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    run(str(programs / "pg_ctl"), "--wait", "-D", str(data), "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://jiji@/postgres?host={folder}"
    finally:
        run(str(programs / "pg_ctl"), "--wait", "-D", str(data), "-m", "immediate", "stop")

"""Runs pytest with the arguments given against a PostgreSQL that it starts for the purpose and stops afterwards.

Where DATABASE_URL names a server already, that one is used. Where none can be started, it says so and no more.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager


@contextmanager
def a_server():
    """The address of a PostgreSQL 16 in a temporary folder, or None where it would not start."""
    import pgserver

    with tempfile.TemporaryDirectory(prefix="training-postgres-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - as root, the server runs as another user
        try:
            server = pgserver.get_server(folder, cleanup_mode="stop")
        except Exception as fault:
            sys.stderr.write(f"PostgreSQL would not start here: {fault}\n")
            yield None
            return
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def run(url: str, arguments: list[str]) -> int:
    return subprocess.call([sys.executable, "-m", "pytest", *arguments], env=os.environ | {"DATABASE_URL": url})


def main() -> int:
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        return run(given, sys.argv[1:])
    with a_server() as url:
        return run(url, sys.argv[1:]) if url else 0


if __name__ == "__main__":
    sys.exit(main())

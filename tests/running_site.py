"""The site as it is really served: `manage.py serve` in a process of its own, on data of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class RunningSite:
    """Serves from ``folder`` on a free port; it can be killed and started again on the same data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = folder / "training.sqlite3"

    def start(self) -> "RunningSite":
        environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "ALLOWED_HOSTS")}
        environment |= {"DATA_DIR": str(self.folder), "PORT": str(self.port), "PLAIN_HTTP": "true"}
        environment |= {"DJANGO_SETTINGS_MODULE": "training.settings", "EMAIL_URL": "dummymail://"}
        log = (self.folder / "log").open("a")
        command = [sys.executable, "manage.py", "serve"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        self._wait()
        return self

    def _wait(self) -> None:
        """For two minutes and more: a first start loads the demo library, while other tests are busy."""
        for _ in range(1500):
            try:
                with urlopen(f"{self.url}/healthz", timeout=5):  # noqa: S310
                    return
            except (URLError, ConnectionError, TimeoutError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise RuntimeError("The site did not start:\n" + (self.folder / "log").read_text())

    def kill(self) -> None:
        """SIGKILL to the server and all its workers: nothing gets to tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(20)

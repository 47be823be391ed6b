"""The portal as a real site serves it: gunicorn, no DEBUG, collected and compressed files."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
OTHERS = {"DEBUG", "HTTPS", "DATABASE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "DJANGO_SETTINGS_MODULE"}


@contextmanager
def serving(data_dir: Path) -> Iterator[str]:
    """The demonstration in a folder of its own, at the address that this gives."""
    kept = {name: value for name, value in os.environ.items() if name not in OTHERS}
    env = kept | {"DEMONSTRATION": "1", "DATA_DIR": str(data_dir), "LOG_LEVEL": "WARNING"}
    for command in (
        ["collectstatic", "--no-input", "-v0", "--ignore", "*.scss"],
        ["migrate", "-v0"],
        ["load_demo"],
    ):
        manage = [sys.executable, "manage.py", *command]
        subprocess.run(manage, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    options = ["--bind", f"127.0.0.1:{port}", "--threads", "4", "--no-control-socket"]
    gunicorn = [sys.executable, "-m", "gunicorn", "outcomes_portal.wsgi", *options]
    with (data_dir / "gunicorn.log").open("wb") as log:
        server = subprocess.Popen(gunicorn, cwd=ROOT, env=env, stdout=log, stderr=log)  # noqa: S603
    try:
        yield _when_up(f"http://127.0.0.1:{port}", server)
    finally:
        server.terminate()
        server.wait(timeout=60)


def _when_up(address: str, server: "subprocess.Popen[bytes]") -> str:
    for _ in range(150):
        if server.poll() is not None:
            break
        try:
            with urlopen(f"{address}/healthz", timeout=60):  # noqa: S310 - our own
                return address
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("gunicorn did not start: see gunicorn.log in its DATA_DIR")

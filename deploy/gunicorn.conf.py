"""How gunicorn serves the site: `gunicorn --config deploy/gunicorn.conf.py`.

WEB_CONCURRENCY sets another number of workers, WEB_THREADS of threads each; GUNICORN_CMD_ARGS, which gunicorn reads
itself, any other option.
"""

from __future__ import annotations

import logging
import os
import shutil
from typing import Any

wsgi_app = "newsroom.wsgi"
# Of no effect where systemd passes a socket on, as deploy/systemd/newsroom-web.socket does.
bind = "127.0.0.1:8000"

# A worker for each core that this process may use: pages are made by the CPU. Two at least, so that one slow page never
# stops the others. Threads, since a page also waits for the database.
workers = int(os.environ.get("WEB_CONCURRENCY") or max(2, len(os.sched_getaffinity(0))))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or 4)
# A connection to the database for each thread, and no more: newsroom.environment reads it.
raw_env = [f"WEB_THREADS={threads}"]

# In seconds: longer than a statement of a web process may take (STATEMENT_TIMEOUT), so that its page can say so.
timeout = 30
graceful_timeout = 30
# What leaks in a library goes with its process.
max_requests = 20_000
max_requests_jitter = 2_000

# Workers show that they live by a file there: on a disk that hangs they would count as dead.
worker_tmp_dir = "/dev/shm"  # noqa: S108 - a file without a name
# Not even a file in the home folder is needed.
control_socket_disable = True
# ACCESS_LOG=1 logs each request by its view. Not by its address, which may be a draft's or hold the secret of a mailed
# link, and not by the client's: the proxy in front has both, and the same request id.
accesslog = "-" if os.environ.get("ACCESS_LOG") == "1" else None
access_log_format = (
    '{"event": "Request", "time": "%(t)s", "request_id": "%({newsroom.request_id}e)s", "view": "%({newsroom.view}e)s", '
    '"method": "%(m)s", "status": %(s)s, "bytes": "%(B)s", "milliseconds": %(M)s}'
)
errorlog = "-"


def post_worker_init(worker: Any) -> None:  # noqa: ANN401 - gunicorn's
    """Write gunicorn's own lines as the site's: by themselves they have addresses, and messages of exceptions."""
    for handler in worker.log.error_log.handlers:
        handler.setFormatter(logging.getLogger().handlers[0].formatter)


# Where the workers count what `/metrics` adds up: in memory, for as long as gunicorn runs.
if os.environ.get("METRICS", "").strip().lower() in ("1", "true", "yes"):
    _figures = f"{worker_tmp_dir}/newsroom-figures-{os.getpid()}"
    os.makedirs(_figures, mode=0o700, exist_ok=True)  # noqa: PTH103 - one import less in each worker
    raw_env.append(f"PROMETHEUS_MULTIPROC_DIR={_figures}")

    def on_exit(_server: object) -> None:
        shutil.rmtree(_figures, ignore_errors=True)

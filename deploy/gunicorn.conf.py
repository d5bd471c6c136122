"""How gunicorn serves the site: `gunicorn --config deploy/gunicorn.conf.py`.

WEB_CONCURRENCY sets another number of workers; GUNICORN_CMD_ARGS, which gunicorn reads itself, any other option.
"""

from __future__ import annotations

import os

wsgi_app = "newsroom.wsgi"
# Of no effect where systemd passes a socket on, as deploy/systemd/newsroom-web.socket does.
bind = "127.0.0.1:8000"

# A worker for each core that this process may use: pages are made by the CPU. Two at least, so that one slow page never
# stops the others. Threads, since a page also waits for the database; fewer than the connections of a process's pool.
workers = int(os.environ.get("WEB_CONCURRENCY") or max(2, len(os.sched_getaffinity(0))))
worker_class = "gthread"
threads = 4

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
# The proxy in front logs requests. Nothing about readers is written twice.
accesslog = None
errorlog = "-"

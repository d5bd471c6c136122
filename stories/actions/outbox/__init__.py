"""The outbox: outgoing messages are rows of the action's transaction, sent afterwards by a worker.

django-tasks with its database backend (0.12 and 0.13) was considered. Its worker takes SQLite's exclusive lock at every
poll, even if nothing is due; ends when the database restarts; leaves a task whose worker was killed "running" for ever;
retries nothing; runs one task at a time, so that keys can't be joined; and retains a task's arguments, with people's
addresses in them, after it is done.
"""

# The site's commands in a shell of root: . /srv/newsroom/deploy/commands.sh
# site runs manage.py as the site does; owner runs it as the role that owns the tables, for migrations, grants and erasures.
site() {
    (set -a; . /etc/newsroom/newsroom.env; cd /srv/newsroom
     exec setpriv --reuid newsroom --regid newsroom --init-groups .venv/bin/python manage.py "$@")
}
owner() {
    (set -a; . /etc/newsroom/newsroom.env; . /etc/newsroom/owner.env; cd /srv/newsroom
     exec setpriv --reuid newsroom --regid newsroom --init-groups .venv/bin/python manage.py "$@")
}

#!/bin/sh
# Run by PostgreSQL's image on its first start: the role that the site connects as, which owns nothing.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$WEB_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE newsroom_web LOGIN PASSWORD :'password';
SQL

#!/bin/sh
# As the official image does: begins as root, makes the database with the password of the file, goes on as postgres.
set -eu
data=/var/lib/postgresql/data
programs=$(echo /usr/lib/postgresql/*/bin)
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
chown postgres "$data" /run/postgresql && chmod 700 "$data"
if [ ! -s "$data/PG_VERSION" ]; then
  password=/var/run/postgresql/password
  install -o postgres -m 400 "$POSTGRES_PASSWORD_FILE" "$password"
  as_postgres "$programs/initdb" -D "$data" -U "$POSTGRES_USER" --pwfile="$password" --auth=scram-sha-256 --encoding=UTF8
  rm "$password"
  echo "host all all all scram-sha-256" >>"$data/pg_hba.conf"
  echo "CREATE DATABASE $POSTGRES_DB" | as_postgres "$programs/postgres" --single -D "$data" postgres
fi
exec setpriv --reuid=postgres --regid=postgres --init-groups "$programs/postgres" -D "$data" -c listen_addresses='*'

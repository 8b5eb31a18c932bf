#!/bin/bash
# A streaming replica: copies the database the first time, and follows it.
set -euo pipefail
export PGPASSFILE=/tmp/pgpass
printf '%s:5432:*:replication:%s\n' "$PRIMARY_HOST" "$(cat /run/secrets/replication_password)" > "$PGPASSFILE"
chmod 600 "$PGPASSFILE"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    pg_basebackup --host "$PRIMARY_HOST" --username replication --no-password --pgdata "$PGDATA" \
        --write-recovery-conf --checkpoint fast --wal-method stream
fi
exec postgres -c config_file=/etc/postgresql.conf -c hba_file=/etc/pg_hba.conf -c data_directory="$PGDATA" \
    -c primary_conninfo="host=$PRIMARY_HOST user=replication passfile=$PGPASSFILE" -c hot_standby=on

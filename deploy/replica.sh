#!/bin/bash
# A streaming replica: copies the database the first time, and follows it.
set -euo pipefail
export PGPASSFILE=/tmp/pgpass PGSSLMODE=verify-full PGSSLROOTCERT=/run/secrets/database_certificate
mkdir -p /tmp/tls
install -m 600 /run/secrets/database_key /tmp/tls/key
printf '%s:5432:*:replication:%s\n' "$PRIMARY_HOST" "$(cat /run/secrets/replication_password)" > "$PGPASSFILE"
chmod 600 "$PGPASSFILE"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    pg_basebackup --host "$PRIMARY_HOST" --username replication --no-password --pgdata "$PGDATA" \
        --write-recovery-conf --checkpoint fast --wal-method stream
fi
exec postgres -c config_file=/etc/postgresql.conf -c hba_file=/etc/pg_hba.conf -c data_directory="$PGDATA" \
    -c primary_conninfo="host=$PRIMARY_HOST user=replication passfile=$PGPASSFILE sslmode=verify-full sslrootcert=$PGSSLROOTCERT" \
    -c hot_standby=on -c ssl=on -c ssl_cert_file=/run/secrets/database_certificate -c ssl_key_file=/tmp/tls/key

#!/bin/bash
# Run by the image of PostgreSQL when it makes its database: the role that a replica and base backups come with.
set -euo pipefail
psql --username postgres --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/replication_password)" <<'SQL'
create role replication login replication password :'password';
SQL

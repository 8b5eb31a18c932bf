#!/bin/bash
# Before PostgreSQL starts: its certificate and its key, where it wants them and as it wants them; and the folder of the
# socket that its superuser comes by.
set -euo pipefail
mkdir -p /tmp/tls
install -m 600 /run/secrets/database_key /tmp/tls/key
install -m 644 /run/secrets/database_certificate /tmp/tls/certificate
if [ "$(id -u)" = 0 ]; then chown -R postgres /tmp/tls /sockets; fi
exec docker-entrypoint.sh "$@" -c ssl=on -c ssl_cert_file=/tmp/tls/certificate -c ssl_key_file=/tmp/tls/key

#!/bin/bash
# Run by the postgres image when it creates its cluster (/docker-entrypoint-initdb.d), as superuser over the local
# socket: one schema and two roles per service. By hand after a service was added to an existing installation:
#     docker compose exec postgres bash /docker-entrypoint-initdb.d/10-kehu.sh
set -euo pipefail
for file in /run/kehu/*_owner.password; do
    service=$(basename "$file" _owner.password)
    KEHU_BOOTSTRAP_SERVICE=$service \
        KEHU_BOOTSTRAP_OWNER_PASSWORD=$(cat "/run/kehu/${service}_owner.password") \
        KEHU_BOOTSTRAP_RUN_PASSWORD=$(cat "/run/kehu/${service}_run.password") \
        psql -Xq -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres -f /opt/kehu/bootstrap.sql
done

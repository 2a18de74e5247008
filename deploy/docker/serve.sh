#!/bin/bash
# serve.sh SERVICE: brings the service's schema up to date, then becomes the service. Several containers may do so at
# once: migrations take a lock. Only the first step gets the owner's connection string.
set -euo pipefail
service=$1

KEHU_INSTANCE=$service-$(hostname)
export KEHU_INSTANCE
export KEHU_DATABASE_FILE=/run/kehu/$service/run.conninfo
export KEHU_REDIS_PASSWORD_FILE=/run/kehu/$service/redis.password
export KEHU_KEYS=/opt/kehu/var/keys/allowed
export KEHU_SERVER_SECRET_FILE=/opt/kehu/var/keys/server.secret
export KEHU_SEAL_KEYS_FILE=/opt/kehu/var/keys/seal.keys
if [[ -s /run/kehu/$service/service.key ]]; then export KEHU_SERVICE_KEY_FILE=/run/kehu/$service/service.key; fi
KEHU_DATABASE_OWNER_FILE=/run/kehu/$service/owner.conninfo "$service" --migrate
exec "$service"

# The stack's own PostgreSQL: cluster in $KEHU_VAR/postgres, scram passwords in $KEHU_VAR/secrets, reachable on
# 127.0.0.1 and a socket. PostgreSQL refuses to run as root, so for root it runs as another user; it then gets its
# folder as an open descriptor, because that user may have no right to walk through the folders above.
# shellcheck shell=bash

postgres_folder=$var/postgres
postgres_password=$secrets/postgres.password

postgres_programs() {
    local folder
    for folder in "${KEHU_POSTGRES_BIN:-}" /usr/lib/postgresql/15/bin /usr/lib/postgresql/*/bin /usr/local/bin /usr/bin; do
        if [[ -x $folder/initdb && -x $folder/postgres ]]; then
            echo "$folder"
            return
        fi
    done
    fail "PostgreSQL is not installed; run deploy/local/packages.sh"
}

postgres_user() {
    local owner
    if [[ $(id -u) -ne 0 ]]; then return; fi
    owner=$(stat -c %U "$postgres_folder/PG_VERSION" 2>/dev/null || true) # who had it before, stays
    if [[ -n $owner && $owner != root && $owner != UNKNOWN ]]; then
        echo "$owner"
    elif id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi
}

# Made aside and renamed when whole: an interrupted initdb leaves nothing that looks like a cluster.
postgres_create() {
    local programs=$1 user=$2 fresh=$var/postgres.new password path as_user=()
    [[ -s $postgres_folder/PG_VERSION ]] && return
    say "creating the database cluster"
    rm -rf "$fresh"
    mkdir -m 700 "$fresh"
    password=$(mktemp /tmp/kehu-initdb.XXXXXXXX)
    cat "$postgres_password" >"$password"
    path=$fresh
    if [[ -n $user ]]; then
        chown "$user:" "$fresh" "$password"
        as_user=(setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups)
        path=/proc/self/fd/7
    fi
    if ! (cd / && LC_ALL=C.UTF-8 "${as_user[@]}" "$programs/initdb" -D "$path" -U postgres --locale=C.UTF-8 \
        --encoding=UTF8 --auth=scram-sha-256 --pwfile="$password" 7<"$fresh" 9>&- >"$log/initdb.log" 2>&1); then
        rm -f "$password"
        show_end_of initdb
        fail "initdb failed; see $log/initdb.log"
    fi
    rm -f "$password"
    rm -rf "$postgres_folder" # only ever there without PG_VERSION
    mv "$fresh" "$postgres_folder"
}

# A lock file left by a dead server whose number another process of the same user has now would stop PostgreSQL.
postgres_remove_stale_lock() {
    rm -f "$postgres_folder/postmaster.pid" "$KEHU_SOCKETS/.s.PGSQL.$KEHU_BASE_PORT"{,.lock}
}

postgres_configure() {
    local programs=$1 user=$2
    cp "$root/deploy/local/postgresql.conf" "$postgres_folder/kehu.conf"
    if "$programs/pg_config" --configure 2>/dev/null | grep -q -- --with-lz4; then
        echo 'wal_compression = lz4' >>"$postgres_folder/kehu.conf"
    fi
    printf '%s\n' "listen_addresses = '127.0.0.1'" "port = $KEHU_BASE_PORT" \
        "unix_socket_directories = '$KEHU_SOCKETS'" >>"$postgres_folder/kehu.conf"
    grep -q "^include 'kehu.conf'" "$postgres_folder/postgresql.conf" ||
        echo "include 'kehu.conf'" >>"$postgres_folder/postgresql.conf"
    if [[ -n $user ]]; then
        chown "$user:" "$postgres_folder/kehu.conf" "$KEHU_SOCKETS"
    fi
}

postgres_start() {
    local programs user path options=()
    is_supervised postgres && return
    programs=$(postgres_programs)
    user=$(postgres_user)
    wait_for_orphan postgres "$programs/postgres"
    port_must_be_free "$KEHU_BASE_PORT" PostgreSQL
    random_secret "$postgres_password"
    postgres_create "$programs" "$user"
    postgres_remove_stale_lock
    postgres_configure "$programs" "$user"
    path=$postgres_folder
    if [[ -n $user ]]; then
        options=(--user "$user" --open "$postgres_folder")
        path=/proc/self/fd/3
    fi
    say "starting PostgreSQL on port $KEHU_BASE_PORT"
    environment=()
    supervise postgres --stop INT --grace 60 "${options[@]}" -- "$programs/postgres" -D "$path"
}

# postgres_sql OPTION…: psql as the superuser of this stack, whatever PG* variables the caller has.
postgres_sql() {
    env -u PGSERVICE -u PGOPTIONS -u PGHOSTADDR PGPASSWORD="$(cat "$postgres_password")" PGHOST="$KEHU_SOCKETS" \
        PGPORT="$KEHU_BASE_PORT" PGUSER=postgres PGDATABASE=postgres PGCONNECT_TIMEOUT=5 psql -XqAt -v ON_ERROR_STOP=1 "$@"
}

postgres_is_ready() { [[ $(postgres_sql -c 'select 1' 2>/dev/null) == 1 ]]; }

postgres_wait() {
    wait_until "${KEHU_START_SECONDS:-60}" postgres_is_ready && return
    show_end_of postgres
    fail "PostgreSQL did not become ready; see $log/postgres.log"
}

# postgres_bootstrap SERVICE: database, schema and roles, and the connection strings that the service reads.
postgres_bootstrap() {
    local service=$1 role password
    for role in owner run; do
        random_secret "$secrets/${service}_$role.password"
        password=$(cat "$secrets/${service}_$role.password")
        (
            umask 077
            echo "host=$KEHU_SOCKETS port=$KEHU_BASE_PORT dbname=kehu user=${service}_$role password=$password" \
                >"$secrets/${service}_$role.conninfo.new"
            mv "$secrets/${service}_$role.conninfo.new" "$secrets/${service}_$role.conninfo"
        )
    done
    KEHU_BOOTSTRAP_SERVICE=$service KEHU_BOOTSTRAP_OWNER_PASSWORD=$(cat "$secrets/${service}_owner.password") \
        KEHU_BOOTSTRAP_RUN_PASSWORD=$(cat "$secrets/${service}_run.password") \
        postgres_sql -f "$root/deploy/database/bootstrap.sql" >"$log/bootstrap.log" 2>&1 && return
    show_end_of bootstrap
    fail "creating the roles of $service failed; see $log/bootstrap.log"
}

# The stack's own Redis: caches and work queues only, nothing that must last, so it keeps nothing on disk.
# shellcheck shell=bash

redis_port=$((KEHU_BASE_PORT + 1))
redis_password=$secrets/redis.password

redis_configure() {
    random_secret "$redis_password"
    mkdir -p "$var/redis"
    (
        umask 077
        printf '%s\n' "bind 127.0.0.1" "port $redis_port" "requirepass $(cat "$redis_password")" 'appendonly no' \
            'save ""' 'maxmemory 256mb' 'maxmemory-policy allkeys-lru' 'daemonize no' "dir \"$var/redis\"" \
            >"$var/redis/redis.conf"
    )
}

redis_start() {
    local program
    is_supervised redis && return
    program=$(command -v redis-server) || fail "Redis is not installed; run deploy/local/packages.sh"
    wait_for_orphan redis redis-server
    port_must_be_free "$redis_port" Redis
    redis_configure
    say "starting Redis on port $redis_port"
    environment=()
    supervise redis -- "$program" "$var/redis/redis.conf"
}

redis_is_ready() {
    [[ $(REDISCLI_AUTH=$(cat "$redis_password" 2>/dev/null) timeout 5 redis-cli -h 127.0.0.1 -p "$redis_port" ping 2>/dev/null) == PONG ]]
}

redis_wait() {
    wait_until "${KEHU_START_SECONDS:-60}" redis_is_ready && return
    show_end_of redis
    fail "Redis did not become ready; see $log/redis.log"
}

# Processes of a local stack: each has a supervisor (supervise.c) that holds a lock for as long as it lives, so no
# decision here rests on a number in a file that may belong to somebody else by now. Only supervisors that we
# started are ever signalled.
# shellcheck shell=bash

is_supervised() {
    local file=$run/supervise-$1.pid
    [[ -e $file ]] && ! flock -n -s "$file" true
}

# pid_of NAME: the process itself; empty while there is none.
pid_of() {
    if is_supervised "$1"; then cat "$run/$1.pid" 2>/dev/null || true; fi
}

is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# wait_until SECONDS COMMAND…
wait_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.05
    done
}

is_free() { ! is_listening "$1"; }

# A supervisor that was killed took its program with it, but the program may still be on its way out.
wait_for_orphan() {
    local pid
    pid=$(cat "$run/$1.pid" 2>/dev/null) || return 0
    rm -f "$run/$1.pid"
    if [[ -r /proc/$pid/cmdline ]] && tr '\0' '\n' <"/proc/$pid/cmdline" | head -1 | grep -qF -- "$2"; then
        say "$1: waiting for process $pid, whose supervisor was killed, to end"
        wait_until 20 is_gone "$pid" || true
    fi
}

is_gone() { [[ ! -e /proc/$1 ]]; }

who_listens() {
    command -v ss >/dev/null || return 0
    ss -Hltnp "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/: \1, process \2/p' | head -1
}

# port_must_be_free PORT WHAT
port_must_be_free() {
    is_free "$1" ||
        fail "port $1 (for $2) is taken by another program$(who_listens "$1")." \
            "Stop it, or choose other ports with KEHU_BASE_PORT (now $KEHU_BASE_PORT)."
}

# supervise NAME [OPTION VALUE]… -- PROGRAM ARGUMENT…: with the variables of the array `environment` and no others.
environment=()
supervise() {
    local name=$1
    shift
    # shellcheck disable=SC2094  # both only append
    setsid -f env -i PATH="$PATH" LANG=C.UTF-8 "${environment[@]}" "$bin/kehu-supervise" --name "$name" \
        --run "$run" --log "$log/$name.log" "$@" </dev/null >/dev/null 2>>"$log/$name.log" 9>&-
    wait_until 10 is_supervised "$name" ||
        fail "cannot start the supervisor of $name; see $log/$name.log"
}

# unsupervise NAME SECONDS: the supervisor stops its program in its own way, at the latest by killing it.
unsupervise() {
    local name=$1 file=$run/supervise-$1.pid pid
    if is_supervised "$name"; then
        say "stopping $name"
        pid=$(cat "$file")
        kill -TERM "$pid" 2>/dev/null || true
        flock -w "$2" "$file" true || fail "$name does not stop (supervisor $pid); see $log/$name.log"
    fi
    rm -f "$file" "$run/$name.pid"
}

# http_get PORT PATH: the answer, headers and all; fails unless it is 200.
http_get() {
    # shellcheck disable=SC2016  # the inner shell expands
    timeout 5 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1"
        printf "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" "$2" >&3
        read -r -u 3 _ status _ && cat <&3 && [ "$status" = 200 ]' bash "$1" "$2" 2>/dev/null
}

# show_end_of NAME: what a person would look at first when it does not start.
show_end_of() {
    if [[ -s $log/$1.log ]]; then tail -n 15 "$log/$1.log" | sed 's/^/    /' >&2; fi
}

# What every script of a local stack begins with: where things are, which settings hold, how to speak to people.
# Sourced; sets root, bin, var, run, log, secrets, keys and the KEHU_* settings in force.
# shellcheck shell=bash
# shellcheck disable=SC2034  # the variables are for those who source this

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
bin=${KEHU_BIN:-$root/bin}
var=${KEHU_VAR:-$root/var}
[[ $bin == /* ]] || bin=$PWD/$bin
[[ $var == /* ]] || var=$PWD/$var
var=${var%/}
run=$var/run log=$var/log secrets=$var/secrets keys=$var/keys
marker=$var/.kehu
settings_file=$run/settings

say() { echo "kehu: $*"; }
fail() {
    echo "kehu: $*" >&2
    exit 1
}

# value NAME: of the JSON at the standard input, the first text of that name; of none nothing.
value() { grep -o "\"$1\":\"[^\"]*\"" | head -1 | cut -d '"' -f 4 || true; }

# recorded NAME: its value as this stack was created; empty when it never was.
recorded() {
    [[ -r $settings_file ]] || return 0
    sed -n "s/^$1=//p" "$settings_file" | tail -1
}

# choose NAME STANDARD: what the caller says, or else what the stack was created with, or else the standard.
choose() {
    local name=$1 before
    before=$(recorded "$name")
    printf -v "$name" '%s' "${!name:-${before:-$2}}"
    export "${name?}"
}

# A stack's days, months and sums are in its zone and currency: they cannot change under existing data.
refuse_change_of() {
    local name=$1 before
    before=$(recorded "$name")
    [[ -z $before || $before == "${!name}" || ! -e $var/postgres/PG_VERSION ]] ||
        fail "the stack in $var was created with $name=$before and holds data; it cannot become ${!name}." \
            "Unset $name, choose another KEHU_VAR, or delete everything with 'make reset'."
}

settings_read() {
    choose KEHU_BASE_PORT 7400
    choose KEHU_TIMEZONE Asia/Shanghai
    choose KEHU_CURRENCY CNY
    choose KEHU_INSTALLATION live
    choose KEHU_INSTANCES 1
}

is_number_in() { [[ $3 =~ ^[1-9][0-9]{0,4}$ ]] && (($3 >= $1 && $3 <= $2)); }

settings_check() {
    is_number_in 1024 65400 "$KEHU_BASE_PORT" ||
        fail "KEHU_BASE_PORT is '$KEHU_BASE_PORT'; it must be a port from 1024 to 65400"
    is_number_in 1 5 "$KEHU_INSTANCES" || # each service has ten ports
        fail "KEHU_INSTANCES is '$KEHU_INSTANCES'; it must be a number from 1 to 5"
    [[ $KEHU_TIMEZONE =~ ^[A-Za-z0-9_+/-]+$ && -f /usr/share/zoneinfo/$KEHU_TIMEZONE ]] ||
        fail "KEHU_TIMEZONE is '$KEHU_TIMEZONE'; it must be a zone such as Asia/Shanghai or Europe/London"
    [[ $KEHU_CURRENCY =~ ^[A-Z]{3}$ ]] ||
        fail "KEHU_CURRENCY is '$KEHU_CURRENCY'; it must be an ISO 4217 code such as CNY"
    [[ $KEHU_INSTALLATION =~ ^(live|demo|test)$ ]] ||
        fail "KEHU_INSTALLATION is '$KEHU_INSTALLATION'; it must be live, demo or test"
    refuse_change_of KEHU_TIMEZONE
    refuse_change_of KEHU_CURRENCY
    refuse_change_of KEHU_INSTALLATION
}

# The folder becomes ours only when it is new, empty, or was ours before.
var_claim() {
    if [[ -d $var && ! -e $marker && -n $(ls -A "$var") ]]; then
        fail "$var is not empty and is no Kehu stack; choose another folder with KEHU_VAR"
    fi
    mkdir -p "$var" 2>/dev/null || fail "cannot create $var; choose another folder with KEHU_VAR"
    [[ -w $var && (! -e $run || -w $run) ]] ||
        fail "$var belongs to $(stat -c %U "$var"); run this as that user, or choose another KEHU_VAR"
    echo 'This folder holds a Kehu stack; make reset may delete what is in it.' >"$marker"
    mkdir -p "$run" "$log" "$secrets" "$keys/allowed" "$keys/revoked" "$keys/secret"
    chmod 700 "$secrets" "$keys/secret"
}

# One up, down or reset at a time; the descriptor stays open until the script ends.
var_lock() {
    exec 9>"$run/lock"
    if ! flock -n 9; then
        say "another up or down works on $var; waiting for it"
        flock -w 180 9 || fail "still busy after three minutes; see who holds $run/lock"
    fi
}

# Unix sockets have short names (107 bytes), and PostgreSQL as another user must be able to reach the folder.
choose_socket_folder() {
    KEHU_SOCKETS=$(recorded KEHU_SOCKETS)
    if [[ -d $KEHU_SOCKETS && ($KEHU_SOCKETS == "$run" || $KEHU_SOCKETS == /tmp/kehu-sockets.*) ]]; then return; fi
    if [[ $(id -u) -ne 0 && ${#run} -le 80 && $run =~ ^[A-Za-z0-9_./-]+$ ]]; then
        KEHU_SOCKETS=$run
    else
        KEHU_SOCKETS=$(mktemp -d /tmp/kehu-sockets.XXXXXXXX)
        chmod 755 "$KEHU_SOCKETS"
    fi
}

settings_write() {
    local service urls=()
    for service in $(services); do urls+=("$(url_name "$service")=$(service_url "$service")"); done
    printf '%s\n' "KEHU_TIMEZONE=$KEHU_TIMEZONE" "KEHU_CURRENCY=$KEHU_CURRENCY" \
        "KEHU_INSTALLATION=$KEHU_INSTALLATION" \
        "KEHU_BASE_PORT=$KEHU_BASE_PORT" "KEHU_INSTANCES=$KEHU_INSTANCES" \
        "${urls[@]}" "KEHU_SOCKETS=$KEHU_SOCKETS" >"$settings_file.new"
    mv "$settings_file.new" "$settings_file"
}

# random_secret FILE: makes the file, readable by us alone, unless it is there and whole.
random_secret() {
    [[ -s $1 ]] && return
    (
        umask 077
        LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom 2>/dev/null | head -c 40 >"$1.new" || true
        mv "$1.new" "$1"
    )
}

#!/bin/bash
# Installs the Debian packages of packages.txt; does nothing when all are there. PostgreSQL and Redis come without
# their system-wide servers being started: a Kehu stack runs its own, under KEHU_VAR.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

missing_packages() {
    local package
    while read -r package; do
        [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == *' installed' ]] || echo "$package"
    done < <(grep -v '^#' "$here/packages.txt")
}

# Keeps the packages from starting their servers on the machine's usual ports, and Debian from making a cluster.
without_servers() {
    local policy=/usr/sbin/policy-rc.d config=/etc/postgresql-common/createcluster.conf
    local placed_policy='' placed_config='' result=0
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod 755 "$policy"
        placed_policy=yes
    fi
    if [[ ! -e $config ]]; then
        "${as_root[@]}" mkdir -p "${config%/*}"
        echo 'create_main_cluster = false' | "${as_root[@]}" tee "$config" >/dev/null
        placed_config=yes
    fi
    "$@" || result=$?
    [[ -z $placed_policy ]] || "${as_root[@]}" rm -f "$policy"
    [[ -z $placed_config ]] || "${as_root[@]}" rm -f "$config"
    return "$result"
}

mapfile -t missing < <(missing_packages)
if [[ ${#missing[@]} -eq 0 ]]; then
    exit 0
fi
as_root=()
if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null && [[ ! -t 0 ]]; then
        echo "packages: these are missing and only root can install them:" >&2
        echo "    apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
echo "packages: installing ${#missing[@]}: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
"${apt[@]}" update -q
without_servers "${apt[@]}" install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}"

# What the checks share: our files, and how a verdict looks. Sourced from the root of the checkout.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

# own PATTERN…: the files of the project that exist, tracked or new; in a plain copy without Git too.
own() {
    if git rev-parse --git-dir >/dev/null 2>&1; then
        git ls-files -co --exclude-standard -- "$@" | while read -r file; do if [[ -f $file ]]; then echo "$file"; fi; done
    else
        local patterns=() pattern
        for pattern in "$@"; do patterns+=(-o -name "$pattern"); done
        find . \( -path ./.git -o -path ./build -o -path ./bin -o -path ./var \) -prune -o -type f \( "${patterns[@]:1}" \) -print | sed 's,^\./,,'
    fi
}

# verdict WHAT COUNT: fails when the complaints so far are not none.
verdict() {
    if [[ -z $complaints ]]; then
        echo "ok   $1"
    else
        printf '%s\n' "$complaints"
        echo "BAD  $1"
        exit 1
    fi
}
complaints=''
complain() { complaints+=${complaints:+$'\n'}"  $*"; }

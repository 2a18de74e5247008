#!/bin/bash
# settings.sh SERVICE…: the list of settings in each service's README is the one that `--help` prints. With --write the
# lists are written. A list stands between <!-- settings --> and <!-- /settings --> in services/<service>/README.md.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

write=no
if [[ ${1:-} == --write ]]; then
    write=yes
    shift
fi

# The README with the list replaced by what the program says.
renewed() {
    local help
    help=$("bin/$1" --help) || return 1
    HELP=$help awk '/<!-- settings -->/ { print; print "```"; print ENVIRON["HELP"]; print "```"; skip = 1; next }
        /<!-- \/settings -->/ { skip = 0 } !skip' "services/$1/README.md"
}

for service in "$@"; do
    readme=services/$service/README.md
    if [[ ! -f $readme ]] || ! grep -q '<!-- settings -->' "$readme"; then
        complain "$readme: no list of settings (<!-- settings --> … <!-- /settings -->)"
    elif [[ $write == yes ]]; then
        renewed "$service" >"$readme.new" && mv "$readme.new" "$readme"
    elif ! diff -q <(renewed "$service") "$readme" >/dev/null; then
        complain "$readme: the list of settings is not what --help prints; run make settings"
    fi
done
verdict 'settings (READMEs list what the programs know)'

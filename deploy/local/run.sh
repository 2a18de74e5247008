#!/bin/bash
# The whole thing for a first look: the stack, a simulated company in it, and a summary. Run by `make run`, which has
# installed the packages and built the programs. A second run finds the company there and only shows it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib/settings.sh"

# A company that is made up may also have a clock that is; a stack that is there already stays what it is.
if [[ ! -e $var/postgres/PG_VERSION ]]; then export KEHU_INSTALLATION=${KEHU_INSTALLATION:-demo}; fi
"$here/up.sh"
settings_read
export KEHU_VAR=$var
simulated=$run/simulated

# The first run fixes the dates; with them and the seed a repeated simulation publishes the same events again.
simulate() {
    local from to
    # Fourteen months: who buys much since more than a year is an A customer.
    [[ -s $simulated ]] || date -u -d '1 day ago' "+$(date -u -d '425 days ago' +%F) %F" >"$simulated"
    read -r from to <"$simulated"
    say "simulating a company: 300 customers, 4,000 orders, $from to $to"
    "$bin/kehuctl" simulate --customers 300 --orders 4000 --seed 1 --from "$from" --to "$to"
    say "its people, grades and complaints: the clock of this demonstration is moved three days ahead for them"
    "$here/complaints.sh"
    echo 'done' >>"$simulated"
}

summary() {
    echo
    "$here/status.sh"
    printf '\nNet sales\n'
    "$bin/kehuctl" report sales --by total
    printf '\nThe five strongest regions\n'
    "$bin/kehuctl" report sales --by region --top 5
    printf '\nThe five best customers\n'
    "$bin/kehuctl" report sales --by customer --top 5
    printf '\nHow the customers are graded, and who looks after the A customers\n'
    "$bin/kehuctl" grade runs --top 1
    echo
    "$bin/kehuctl" customer list --grade A --top 5
    printf '\nComplaints: the work list, by priority, then what is due first\n'
    "$bin/kehuctl" queue
    printf '\nOf these with a deadline that has passed\n'
    "$bin/kehuctl" complaint list --breached --open --sort due
    local solved
    solved=$("$bin/kehuctl" complaint list --state closed --batch 2026-10 --top 1 --json | value number)
    if [[ $solved ]]; then
        printf '\nOne that was solved, with its lesson\n'
        "$bin/kehuctl" complaint show "$solved"
    fi
    printf '\nComplaints by state, and how many deadlines were kept\n'
    "$bin/kehuctl" report complaints --by state
    local best
    best=$("$bin/kehuctl" report sales --by customer --top 5 --json | value key)
    printf '\nWhere to look next\n'
    cat <<TEXT
    bin/kehuctl customer show ${best:-KH000001}       one customer's file; owner show: who looks after him
    bin/kehuctl grade explain ${best:-KH000001}       why he has his grade
    bin/kehuctl report sales --by month        the year
    bin/kehuctl queue --as liu.fang            a handler's work list; with --lang zh in Chinese
    bin/kehuctl complaint list                 all cases; complaint show NUMBER: one of them
    bin/kehuctl complaint explain NUMBER       why it is due when it is; with priority or closing: why that
    bin/kehuctl events tail customers          what other systems would hear
    bin/kehuctl help                           everything else
    make status | logs | down                  the stack itself
TEXT
}

if ! grep -qs '^done$' "$simulated"; then simulate; fi
summary

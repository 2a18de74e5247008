#!/bin/bash
# Prints C source with the personal columns of a service and the statements that read, count and empty them for a person:
# personal.sh SERVICE RULES FILE.sql... A column is personal when its comment in the schema begins with "personal"; RULES says
# what is out of the ordinary. Erasure, subject access and docs/personal.md all come from this one list, so none of them
# forgets a column that the others know.
#
# Rows are found by their owners: columns contact_id and customer_id, in the tables of those names by their id. RULES may
# say otherwise before everything else:
#   @owner NAME TABLE     rows are found by NAME_id, in TABLE by id
#   @prefix PREFIX        of all names made; they stand in the header store/PREFIX.h of the service
set -euo pipefail

[[ $# -ge 3 && $1 =~ ^[a-z_]+$ ]] || { echo "usage: $0 SERVICE RULES FILE.sql..." >&2; exit 2; }
service=$1
shift
LC_ALL=C awk -v service="$service" '
BEGIN {
    prefix = "personal"
    owners = split("contact customer", owner, " ")
    home["contact"] = "contact"
    home["customer"] = "customer"
    is_standard = 1
}
function fail(why) {
    print FILENAME ":" FNR ": " why > "/dev/stderr"
    failed = 1
    exit 1
}
function quote(text) {
    gsub(/\\/, "\\\\", text)
    gsub(/"/, "\\\"", text)
    return "\"" text "\""
}
# The condition that one of these columns is among the ids asked for.
function any(list,    key, k, where) {
    split(list, key, " ")
    for (k = 1; k in key; k++)
        where = where (k > 1 ? " or " : "") key[k] " = any($1)"
    return k > 2 ? "(" where ")" : where
}
function list(name, rows, count,    i) {
    print "\nconst struct pg_statement " name "[] = {"
    for (i = 1; i <= count; i++)
        print rows[i]
    print "};"
    print "const size_t " name "_count = COUNT_OF(" name ");"
}
# A column of the table we are in: its name, type and comment.
function column(line,    name, type, note, nullable) {
    name = line
    sub(/^[ \t]*/, "", name)
    sub(/[ \t].*/, "", name)
    bare = name
    gsub(/"/, "", bare)
    if (bare == "primary" && match(code, /\([a-z_, ]+\)/))
        primary[table] = substr(code, RSTART + 1, RLENGTH - 2)
    if (bare !~ /^[a-z_][a-z0-9_]*$/ || bare ~ /^(primary|unique|check|foreign|constraint|exclude|like)$/)
        return
    has[table, bare] = 1
    if (code ~ /primary key/)
        primary[table] = name
    if (line !~ /--[ \t]*personal/ && !((table, bare) in also))
        return
    type = line
    sub(/^[ \t]*[^ \t]+[ \t]+/, "", type)
    note = type
    sub(/[ \t,;].*/, "", type)
    nullable = note !~ /not null/ && line !~ /not null/
    initial = match(code, /default \x27[^\x27]*\x27/) ? substr(code, RSTART + 8, RLENGTH - 8) : ""
    if (!sub(/.*--[ \t]*(personal[;,]?)?[ \t]*/, "", note))
        note = ""
    if (type !~ /^(text|text\[\]|bytea|jsonb|date)$/)
        fail("personal column " table "." bare " of type " type ": personal.sh knows no empty value of it")
    if (!(table in first))
        first[table] = ++tables
    order[first[table]] = table
    n = ++columns[table]
    names[table, n] = name
    notes[table, n] = note
    blanks[table, n] = initial != "" && initial != "\x27\x27" && type == "text" ? initial : nullable && ((table, bare) in also) ? "left(" name ", 0)" : nullable ? "null" : type == "bytea" ? "\x27\x27::bytea" : type == "text[]" ? "\x27{}\x27" : \
        type == "jsonb" ? "\x27{}\x27" : "\x27\x27"
    types[table, n] = type
    empties[table, n] = type == "bytea" ? "\x27\x27::bytea" : type ~ /\[\]|json/ ? "\x27{}\x27" : initial != "" && type == "text" ? initial : "\x27\x27"
}
FILENAME ~ /personal\.rules$/ {
    if ($0 ~ /^#/ || NF == 0)
        next
    if ($1 == "@prefix") {
        prefix = $2
        next
    }
    if ($1 == "@owner") {
        if (is_standard)
            owners = is_standard = 0
        owner[++owners] = $2
        home[$2] = $3
        next
    }
    if ($2 !~ /^(row|stays|struck|apart|of|also|keeps)$/)
        fail("a rule says row, stays, struck, apart, of, also or keeps, not \"" $2 "\"")
    ruled[$1] = FILENAME ":" FNR
    if ($2 == "also" || $2 == "keeps") {
        for (i = 3; i <= NF; i++) {
            if ($2 == "also")
                also[$1, $i] = 1
            else
                kept[$1] = kept[$1] " " $i
            named[$1, $i] = FILENAME ":" FNR
        }
        next
    }
    rule[$1] = $2
    rest = $0
    sub(/^[^ ]+ +[^ ]+ */, "", rest)
    said[$1] = rest
    next
}
# Statements end with a semicolon outside of comments.
{
    code = $0
    sub(/--.*/, "", code)
}
match(code, /^create table [a-z_]+/) {
    table = substr(code, 14, RLENGTH - 13)
    next
}
match(code, /^alter table [a-z_]+/) {
    table = substr(code, 13, RLENGTH - 12)
}
code ~ /add column / {
    line = $0
    sub(/.*add column[ \t]+/, "", line)
    column(line)
}
table != "" && code !~ /add column / && code !~ /^alter table/ && code !~ /^\)/ { column($0) }
code ~ /;[ \t]*$/ { table = "" }
# What a rule names has to be there: a table renamed is a rule forgotten.
function check_rules(    key, part) {
    for (key in ruled)
        if (!(key in first)) {
            print ruled[key] ": " key " has no personal columns" > "/dev/stderr"
            failed = 1
        }
    for (key in named) {
        split(key, part, SUBSEP)
        if (!((part[1], part[2]) in has)) {
            print named[key] ": " part[1] " has no column " part[2] > "/dev/stderr"
            failed = 1
        }
    }
    return !failed
}
END {
    if (failed || !check_rules())
        exit 1
    print "/* Generated by deploy/check/personal.sh; do not edit. */"
    print "#include \"services/" service "/store/" prefix ".h\""
    print ""
    print "const struct personal_column " prefix "_columns[] = {"
    for (i = 1; i <= tables; i++) {
        t = order[i]
        is_nobodys = rule[t] ~ /^(stays|struck|apart)$/
        whose = ""
        for (w = 1; w <= owners; w++) {
            of = owner[w]
            by[of] = t == home[of] ? "id" : ((t, of "_id") in has) ? of "_id" : ""
            if (rule[t] == "of" && w == owners)
                by[of] = said[t]
            if (by[of] != "")
                whose = whose (whose == "" ? "" : ", ") of
        }
        if (!is_nobodys && whose == "") {
            columns_wanted = ""
            for (w = 1; w <= owners; w++)
                columns_wanted = columns_wanted (w > 1 ? " or " : "") owner[w] "_id"
            print t ": whose are its personal columns? It has no " columns_wanted ": personal.rules has to say" \
                > "/dev/stderr"
            exit 1
        }
        if (whose == "" || rule[t] == "apart")
            whose = "other"
        what = rule[t] == "apart" ? "row" : rule[t] == "row" || is_nobodys ? rule[t] : "emptied"
        for (n = 1; n <= columns[t]; n++) {
            name = names[t, n]
            gsub(/"/, "", name)
            note = is_nobodys ? said[t] : notes[t, n]
            print "    {" quote(t) ", " quote(name) ", " quote(types[t, n]) ", " quote(whose) ", " quote(what) ", " quote(note) "},"
        }
        if (is_nobodys)
            continue
        for (w = 1; w <= owners; w++)
            keys[owner[w], t] = by[owner[w]]
    }
    print "};"
    print "const size_t " prefix "_column_count = COUNT_OF(" prefix "_columns);"
    for (i = 1; i <= tables; i++) {
        t = order[i]
        strike = ""
        touched = ""
        back = ""
        for (n = 1; n <= columns[t]; n++) {
            c = names[t, n]
            back = back (n > 1 ? ", " : "") c " = v." c
            if (types[t, n] != "text")
                continue
            strike = strike (strike == "" ? "" : ", ") c " = strike(" c ", $2)"
            touched = touched (touched == "" ? "" : " or ") "strike(" c ", $2) <> " c
        }
        customer = keys["customer", t]
        # Whole rows come back before he is shown again, texts after it: guards let nobody write about who is restricted.
        rank = rule[t] == "row" ? 70 : 88
        if (rule[t] == "row") {
            put = "insert into " t " select * from jsonb_populate_recordset(null::" t ", $1::jsonb) on conflict do nothing"
            strike = ""
            if (said[t] != "") {
                c = names[t, 1]
                where = any(customer) " and " said[t]
                strike = "with gone as (delete from " t " where " where " and " c " = any($2) returning 1) update " t \
                    " set " c " = strike(" c ", $2) where " where " and " c " <> all($2) and strike(" c ", $2) <> " c
            }
        } else {
            split(kept[t], keep, " ")
            for (k = 1; k in keep; k++)
                back = back ", " keep[k] " = v." keep[k]
            split(primary[t], key, /, */)
            where = ""
            for (k = 1; k in key; k++)
                where = where (k > 1 ? " and " : "") "t." key[k] " = v." key[k]
            if (where == "") {
                print t ": no primary key found" > "/dev/stderr"
                exit 1
            }
            put = "update " t " t set " back " from jsonb_populate_recordset(null::" t ", $1::jsonb) v where " where
            if (strike != "" && customer != "" && t != "customer")
                strike = "update " t " set " strike " where " any(customer) " and (" touched ")"
            else if (strike != "" && rule[t] == "struck")
                strike = "update " t " set " strike " where cardinality($1) >= 0 and (" touched ")"
            else
                strike = ""
        }
        if (rule[t] ~ /^(stays|struck|apart)$/)
            put = ""
        if (put != "")
            puts_[++put_count] = "    {.name = " quote(prefix "_put_" t) ", .sql = " quote(put) ", .params = {PG_TEXT}, .write = true, .rank = " rank "},"
        if (strike != "")
            strikes[++strike_count] = "    {.name = " quote(prefix "_strike_" t) ", .sql = " quote(strike) ", .params = {PG_IDS, PG_TEXTS}, .write = true, .rank = 95},"
        parts[i] = "    {" quote(t) ", " (put == "" ? "NULL" : "&" prefix "_put[" put_count - 1 "]") ", " \
            (strike == "" ? "NULL" : "&" prefix "_strike[" strike_count - 1 "]") "},"
    }
    list(prefix "_put", puts_, put_count)
    if (strike_count > 0)
        list(prefix "_strike", strikes, strike_count)
    print "\nconst struct personal_part " prefix "_parts[] = {"
    for (i = 1; i <= tables; i++)
        print parts[i]
    print "};"
    print "const size_t " prefix "_part_count = COUNT_OF(" prefix "_parts);"
    for (w = 1; w <= owners; w++) {
        of = owner[w]
        print "\nconst struct pg_statement " prefix "_erase_" of "[] = {"
        for (i = 1; i <= tables; i++) {
            t = order[i]
            if (keys[of, t] == "")
                continue
            where = any(keys[of, t])
            if (rule[t] == "row")
                sql = "delete from " t " where " where
            else {
                sql = "update " t " set "
                for (n = 1; n <= columns[t]; n++)
                    sql = sql (n > 1 ? ", " : "") names[t, n] " = " blanks[t, n]
                sql = sql " where " where
            }
            print "    {.name = " quote(prefix "_erase_" of "_" t) ", .sql = " quote(sql) ", .params = {PG_IDS}, .write = true, .rank = 90},"
        }
        print "};"
        print "const size_t " prefix "_erase_" of "_count = COUNT_OF(" prefix "_erase_" of ");"
        count = ""
        mark = ""
        read = ""
        for (i = 1; i <= tables; i++) {
            t = order[i]
            if (keys[of, t] == "")
                continue
            where = any(keys[of, t])
            values = ""
            for (n = 1; n <= columns[t]; n++)
                values = values (n > 1 ? " + " : "") "coalesce(" names[t, n] " <> " empties[t, n] ", false)::integer"
            count = count (count == "" ? "" : " + ") "(select coalesce(sum(" values "), 0)::bigint from " t " where " where ")"
            texts = ""
            for (n = 1; n <= columns[t]; n++)
                texts = texts ", " names[t, n]
            mark = mark (mark == "" ? "" : " + ") "(select coalesce(sum(hashtextextended(concat_ws(chr(31)" texts \
                "), 0)::numeric), 0) from " t " where " where ")"
            read = read (read == "" ? "" : " union all ") "(select " first[t] " as place, \x27" t "\x27 as part, to_jsonb(t)::text from " t " t where " where " limit 10001)"
        }
        questions[2 * w - 1] = "    [" toupper(prefix) "_COUNT_" toupper(of) "] = {.name = \"" prefix "_count_" of "\", .sql = " quote("select " count ", (" mark ")::text") ", .params = {PG_IDS}, .slow = true},"
        guards[w] = "    {.name = " quote(prefix "_guard_" of) ", .sql = " quote("select stale_unless((" mark ")::text = $2)") ", .params = {PG_IDS, PG_TEXT}, .write = true, .rank = 86},"
        questions[2 * w] = "    [" toupper(prefix) "_READ_" toupper(of) "] = {.name = \"" prefix "_read_" of "\", .sql = " quote(read " order by place") ", .params = {PG_IDS}, .slow = true},"
    }
    list(prefix "_questions", questions, 2 * owners)
    list(prefix "_guard", guards, owners)
}
' "$@"

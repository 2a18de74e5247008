#!/usr/bin/python3
"""Includes point one way, generated code is seen by few, and SQL stands in stores only.

handlers -> domain, store, codec -> common; common knows no service, services not each other.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
SQL = re.compile(
    r'"[^"]*\b(select\b[^"]*\bfrom\b|insert into |delete from |update \w+ set |copy \w+ \()', re.I)
# Within a service: which folders a folder may include. "" is the service's own root (main.c).
ARROWS = {
    '': {'', 'handlers', 'domain', 'store', 'codec'},
    'handlers': {'handlers', 'domain', 'store', 'codec'},
    'domain': {'domain'},
    'store': {'store', 'domain'},
    'codec': {'codec', 'domain'},
}
# The floor's own tables: a file with a table of statements, and what speaks to PostgreSQL at all.
SQL_IN_COMMON = re.compile(r'^common/(migrate|pg)')


def target(path, name):
    """The included file, from the root; None for a library's header."""
    for base in (ROOT, path.parent, ROOT / 'clients/libkehu/include'):
        if (base / name).is_file():
            return (base / name).resolve().relative_to(ROOT)
    return None


def domain_may(to):
    return (to.parts[:2] == ('common', 'pure') or str(to) == 'common/base.h')


def complaint(path, name):
    """What is wrong with this include, or None."""
    where = path.relative_to(ROOT)
    generated = name.endswith('.pb-c.h')
    to = target(path, name)
    if where.parts[0] == 'services':
        folder = where.parts[2] if len(where.parts) > 3 else ''
        if generated:
            return None if folder == 'codec' else 'only codec/ sees generated code'
        if folder not in ARROWS:
            return f'a service has no folder {folder}/'
        if to is None:
            return None
        if to.parts[0] == 'services':
            if to.parts[1] != where.parts[1]:
                return 'a service never includes another'
            inner = to.parts[2] if len(to.parts) > 3 else ''
            if inner in ARROWS[folder]:
                return None
            return f'{folder or "main"} may not include {inner}/'
        if folder == 'domain' and not domain_may(to):
            return 'domain/ includes only base.h, common/pure/ and its own'
        return None if to.parts[0] == 'common' else 'a service includes only common/'
    if where.parts[0] == 'common':
        if to is not None and to.parts[0] != 'common':
            return 'common/ knows nothing above it'
        if where.parts[1] == 'pure' and (generated or to is not None and not domain_may(to)):
            return 'common/pure/ includes only base.h and its own'
    if where.parts[0] == 'clients' and to is not None and to.parts[0] == 'services':
        return 'clients know services only by their messages'
    return None


def may_hold_sql(where, text):
    if where.parts[0] == 'services':
        return len(where.parts) > 3 and where.parts[2] == 'store'
    return (where.parts[0] != 'common' or 'const struct pg_statement ' in text
            or SQL_IN_COMMON.match(str(where)))


def main():
    bad = []
    for folder in ('common', 'services', 'clients'):
        for path in sorted((ROOT / folder).rglob('*.[ch]')):
            where = path.relative_to(ROOT)
            text = path.read_text(encoding='utf-8')
            for number, line in enumerate(text.splitlines(), 1):
                found = INCLUDE.match(line)
                what = complaint(path, found.group(1)) if found else None
                if what:
                    bad.append(f'  {where}:{number}: {found.group(1)}: {what}')
                if SQL.search(line) and not may_hold_sql(where, text):
                    bad.append(f'  {where}:{number}: SQL stands in store/ only')
    for line in bad:
        print(line)
    print(('BAD  ' if bad else 'ok   ') + 'includes (arrows, generated code, SQL)')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())

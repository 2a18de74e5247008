"""Where values of a person can still be read: tables with what they seal or pack, log files, Redis.

    traces(stack, ['张三', '13800138765'])    # [('customer_need', '张三'), ...]; empty: nothing is left
"""
import ctypes
import ctypes.util
import json
import pathlib

import redis

_sodium = ctypes.CDLL(ctypes.util.find_library('sodium'))
_MAC = 16
SERVICES = ('customers', 'complaints')


def everything(stack, service='customers'):
    """Every row of every table of the service as text: {table: [row]}."""
    with stack.database() as connection, connection.cursor() as cursor:
        cursor.execute('select table_name from information_schema.tables'
                       " where table_schema = %s and table_type = 'BASE TABLE'", (service,))
        found = {}
        for (table,) in sorted(cursor.fetchall()):
            cursor.execute(f'select to_jsonb(t)::text from {service}."{table}" t')
            found[table] = [row for (row,) in cursor.fetchall()]
        return found


def quarantined(stack, service='customers'):
    """What the quarantine holds, opened with the keys of its days."""
    plain = []
    for content, nonce, key in stack.sql(
            f'select content, nonce, key from {service}.quarantine'
            f' join {service}.quarantine_key using (day)'):
        sealed, out = bytes(content), ctypes.create_string_buffer(len(content))
        assert _sodium.crypto_secretbox_open_easy(out, sealed, ctypes.c_ulonglong(len(sealed)),
                                                  bytes(nonce),
                                                  bytes(key)) == 0
        plain.append(out.raw[:len(sealed) - _MAC])
    return plain


def as_told(rows):
    """Rows but for the bytes of what is sealed, which are new each time it is."""
    rows = [json.loads(row) for row in rows]
    for row in rows:
        if row.get('value_sealed'):
            row['value_sealed'] = 'sealed'
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def traces(stack, values):
    """Where one of these values stands; bytes in tables are read as hexadecimal digits."""
    spelt = [(value, value.encode().hex()) for value in values]
    found = [(table, value) for service in SERVICES
             for table, rows in everything(stack, service).items() for value, digits in spelt
             if any(value in row or digits in row for row in rows)]
    found += [('quarantine', value) for service in SERVICES for value in values
              if any(value.encode() in content for content in quarantined(stack, service))]
    for file in pathlib.Path(stack.var, 'log').rglob('*'):
        if file.is_file() and 'postgres' not in file.name:
            text = file.read_text(errors='replace')
            found += [(file.name, value) for value in values if value in text]
    connection = redis.Redis('127.0.0.1', stack.base_port + 1,
                             password=(stack.var / 'secrets/redis.password').read_text().strip())
    for key in connection.scan_iter('*'):
        dumped = key + (connection.dump(key) or b'')
        found += [(key.decode(), value) for value in values if value.encode() in dumped]
    connection.close()
    return found

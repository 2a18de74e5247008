"""The contract as Python classes, straight from proto/ with protoc: nothing of the C side is used.

The package io.cloudevents would collide with Python's own io, so classes come from a descriptor
set, not from generated modules. `contract['kehu.bus.v1.Request']` is the class of a full name;
short names stand for them too: `proto.Request`, `proto.OrderPlaced`, `proto.CloudEvent`.
"""
import os
import pathlib
import subprocess

from google.protobuf import descriptor_pb2, descriptor_pool, symbol_database

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROTO = ROOT / 'proto'
SET = ROOT / 'build/python/contract.binpb'


def _compiled():
    """The descriptor set of proto/, compiled again when a file there is newer."""
    files = sorted(PROTO.rglob('*.proto'))
    if not SET.exists() or SET.stat().st_mtime < max(f.stat().st_mtime for f in files):
        SET.parent.mkdir(parents=True, exist_ok=True)
        fresh = SET.with_suffix(f'.{os.getpid()}')
        subprocess.run(['protoc', f'-I{PROTO}', '-I/usr/include', '--include_imports', f'-o{fresh}',
                        *files], check=True)
        fresh.replace(SET)
    return descriptor_pb2.FileDescriptorSet.FromString(SET.read_bytes())


def _pool():
    """The default pool, which has Google's own files, with ours added."""
    pool = descriptor_pool.Default()
    for file in _compiled().file:
        if not file.package.startswith('google.'):
            pool.Add(file)
    return pool


# Imported for their side effect: the default pool then knows Google's files.
from google.protobuf import any_pb2, duration_pb2, timestamp_pb2  # noqa: E402,F401

pool = _pool()
_set = _compiled()
_factory = symbol_database.Default()  # knows Google's classes: Timestamp is the usual one


def _walk(messages, prefix):
    for message in messages:
        name = f'{prefix}.{message.name}'
        yield name
        yield from _walk(message.nested_type, name)


contract = {name: _factory.GetPrototype(pool.FindMessageTypeByName(name))
            for file in _set.file for name in _walk(file.message_type, file.package)}
globals().update({name.rsplit('.', 1)[1]: cls for name, cls in contract.items()
                  if name.startswith(('kehu.', 'io.cloudevents.'))})

_status = pool.FindEnumTypeByName('kehu.bus.v1.Status')
_outcome = pool.FindEnumTypeByName('kehu.bus.v1.Outcome')


def status_name(number):
    """'OK', 'INVALID_ARGUMENT' …"""
    return _status.values_by_number[number].name


def outcome_name(number):
    """'accepted', 'duplicate' or 'rejected'."""
    return _outcome.values_by_number[number].name.removeprefix('OUTCOME_').lower()


def enum_number(enum, name):
    """enum_number('kehu.customers.v1.SalesKey', 'SALES_KEY_TOTAL')"""
    return pool.FindEnumTypeByName(enum).values_by_name[name].number

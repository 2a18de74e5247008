#!/usr/bin/python3
"""descriptors.py RELEASED NOW: what was released may grow and never change.

Both are descriptor sets. A message, field or enum value that is gone, renumbered, renamed,
retyped or moved in or out of a oneof breaks those who were built with the last release. A field
may be removed when its number and name are reserved.
"""
import sys

from google.protobuf import descriptor_pb2


def read(path):
    found = descriptor_pb2.FileDescriptorSet()
    with open(path, 'rb') as file:
        found.ParseFromString(file.read())
    messages, enums = {}, {}
    for file in found.file:
        collect(file.package, file.message_type, file.enum_type, messages, enums)
    return messages, enums


def collect(prefix, message_types, enum_types, messages, enums):
    for enum in enum_types:
        enums[f'{prefix}.{enum.name}'] = enum
    for message in message_types:
        name = f'{prefix}.{message.name}'
        messages[name] = message
        collect(name, message.nested_type, message.enum_type, messages, enums)


def is_reserved(message, field):
    return field.name in message.reserved_name and any(
        r.start <= field.number < r.end for r in message.reserved_range)


def shape(message, field):
    """What of a field must stay: name, type, label, type's name, oneof."""
    one = message.oneof_decl[field.oneof_index].name if field.HasField('oneof_index') else ''
    return (field.name, field.type, field.label, field.type_name, one)


def compare_message(name, old, new):
    fields = {field.number: field for field in new.field}
    for field in old.field:
        there = fields.get(field.number)
        if there is None:
            if not is_reserved(new, field):
                yield f'{name}.{field.name} = {field.number} is gone and not reserved'
        elif shape(old, field) != shape(new, there):
            yield f'{name}.{field.name} = {field.number} was renamed, retyped or moved'
    for field in new.field:
        if is_reserved(old, field):
            yield f'{name}.{field.name} = {field.number} takes a reserved number again'
    for span in old.reserved_range:
        for field in new.field:
            if span.start <= field.number < span.end:
                yield f'{name}.{field.name} takes the reserved number {field.number}'


def compare_enum(name, old, new):
    values = {value.number: value.name for value in new.value}
    for value in old.value:
        if values.get(value.number) != value.name:
            yield f'{name}.{value.name} = {value.number} is gone or renamed'


def compare(old, new, what):
    for name, thing in old.items():
        if name not in new:
            yield f'{name} is gone'
        else:
            yield from what(name, thing, new[name])


def main():
    old_messages, old_enums = read(sys.argv[1])
    new_messages, new_enums = read(sys.argv[2])
    bad = [*compare(old_messages, new_messages, compare_message),
           *compare(old_enums, new_enums, compare_enum)]
    for line in sorted(set(bad)):
        print(f'  {line}')
    print(('BAD  ' if bad else 'ok   ') + 'descriptors (the released contract only grows)')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())

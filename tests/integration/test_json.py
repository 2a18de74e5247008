"""Our generic mapping of protobuf to canonical JSON against Google's, for every message."""
import functools
import json
import pathlib
import random
import subprocess

import pytest
from google.protobuf import any_pb2, duration_pb2, json_format, timestamp_pb2

from tests.support import proto
from tests.support.stack import programs

CAT = pathlib.Path(programs()).parent / 'tests/support/json_cat'
pytestmark = pytest.mark.skipif(not CAT.exists(),
                                reason=f'{CAT} is missing; run `make MODE=san support`')

GOOGLE = {c.DESCRIPTOR.full_name: c
          for c in (any_pb2.Any, duration_pb2.Duration, timestamp_pb2.Timestamp)}
CLASSES = {name: cls for name, cls in {**proto.contract, **GOOGLE}.items()
           if not cls.DESCRIPTOR.GetOptions().map_entry
           and (name in GOOGLE or name.startswith(('kehu.', 'io.')))}
TEXTS = ['', 'a', '客户 "q" \\ /', 'é🎈', 'x' * 50]


def number(field, dice):
    kind = field.cpp_type
    if kind == field.CPPTYPE_BOOL:
        return dice.random() < .5
    if kind == field.CPPTYPE_DOUBLE:
        return dice.choice([0.0, 1.5, -0.1, 1e300, float('inf'), float('-inf'), 3.0, 5e-324])
    return dice.choice({
        field.CPPTYPE_INT32: [0, 1, -1, 2**31 - 1, -2**31], field.CPPTYPE_UINT32: [0, 1, 2**32 - 1],
        field.CPPTYPE_INT64: [0, -5, 2**63 - 1, -2**63], field.CPPTYPE_UINT64: [0, 5, 2**64 - 1],
        field.CPPTYPE_ENUM: field.enum_type and [v.number for v in field.enum_type.values]}[kind])


def value(field, dice):
    if field.type == field.TYPE_STRING:
        return dice.choice(TEXTS)
    if field.type == field.TYPE_BYTES:
        return dice.randbytes(dice.randrange(7))
    return number(field, dice)


def fill(message, dice, depth=0):
    """Any content the contract allows."""
    name = message.DESCRIPTOR.full_name
    nanos = [0, 1, 1000, 125_000_000, 999_999_999]
    if name == 'google.protobuf.Timestamp':
        message.seconds = dice.randrange(-62135596800, 253402300800)
        message.nanos = dice.choice(nanos)
    elif name == 'google.protobuf.Duration':
        sign = dice.choice([1, -1])
        message.seconds = sign * dice.randrange(315_576_000_000)
        message.nanos = sign * dice.choice(nanos)
    elif name == 'google.protobuf.Any':
        if depth < 3 and dice.random() < .8:
            inner = CLASSES[dice.choice(sorted(CLASSES))]()
            fill(inner, dice, depth + 1)
            message.Pack(inner)
    else:
        for field in message.DESCRIPTOR.fields:
            if dice.random() < .7:
                fill_field(message, field, dice, depth)
    return message


def fill_field(message, field, dice, depth):
    inner = getattr(message, field.name)
    many = range(dice.randrange(3))
    if field.message_type and field.message_type.GetOptions().map_entry:
        for _ in many:
            fill(inner[dice.choice(['subject', 'time', 'x y', ''])], dice, depth + 1)
    elif field.label == field.LABEL_REPEATED:
        for _ in many:
            if field.message_type:
                fill(inner.add(), dice, depth + 1)
            else:
                inner.append(value(field, dice))
    elif field.message_type:
        inner.SetInParent()
        fill(inner, dice, depth + 1)
    else:
        setattr(message, field.name, value(field, dice))


@pytest.fixture(scope='module')
def cat():
    """cat(NAME, 'to-json', bytes) → what our mapping makes of them."""
    with subprocess.Popen([CAT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:

        def it(name, how, data):
            process.stdin.write(f'{name} {how} {len(data)}\n'.encode() + data)
            process.stdin.flush()
            said, count = process.stdout.readline().split()
            answer = process.stdout.read(int(count))
            assert said == b'ok', (name, how, data, answer)
            return answer

        yield it
        process.stdin.close()
        assert process.wait(60) == 0, 'a sanitizer complained'


plain = functools.partial(json_format.MessageToDict)


@pytest.mark.parametrize('name', sorted(CLASSES))
def test_both_mappings_agree_both_ways(cat, name):
    dice = random.Random(name)
    for _ in range(2):
        message = fill(CLASSES[name](), dice)
        for everything in (False, True):
            theirs = json_format.MessageToJson(message, including_default_value_fields=everything)
            ours = cat(name, 'to-json-all' if everything else 'to-json',
                       message.SerializeToString())
            assert json.loads(ours) == json.loads(theirs)
        back = CLASSES[name].FromString(cat(name, 'to-binary', theirs.encode()))
        assert plain(back) == plain(message)
        assert plain(json_format.Parse(ours, CLASSES[name]())) == plain(message)


def test_proto_names_and_enum_numbers_are_read_too(cat):
    for name in sorted(CLASSES):
        message = fill(CLASSES[name](), random.Random(name))
        snake = json_format.MessageToJson(message, preserving_proto_field_name=True,
                                          use_integers_for_enums=True)
        back = CLASSES[name].FromString(cat(name, 'to-binary', snake.encode()))
        assert plain(back) == plain(message)

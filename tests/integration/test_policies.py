"""Policies: versions over the wire and by kehuctl, applied only over the version that was seen."""
import hashlib
import json
import uuid

import pytest

from tests.support import proto
from tests.support.client import Client


@pytest.fixture
def client(new_stack):
    """A stack of its own: policies are the whole company's."""
    stack = new_stack()
    with Client(stack, source='policies') as it:
        it.stack = stack
        yield it


def applying(expected, reason='stricter', **document):
    policy = proto.Policy(reason=reason, grade=proto.GradePolicy(**document))
    return proto.ApplyPolicy(policy=policy, expected_version=expected)


def subject_of(kind):
    raw = bytearray(hashlib.sha256(f'kehu.customers.v1.Policy/{kind}'.encode()).digest()[:16])
    raw[6] = raw[6] & 0x0f | 0x80
    raw[8] = raw[8] & 0x3f | 0x80
    return str(uuid.UUID(bytes=bytes(raw)))


def test_a_policy_is_applied_once_and_over_the_version_that_was_seen(client):
    assert client.ask(proto.GetPolicy(kind='grade')).payload.version == 1

    body = client.request(applying(1, a_share_micros=250000))
    client.send(body)
    first = client.answer_to(body)
    assert first.status == 'OK', first
    assert (first.payload.version, first.payload.by) == (2, 'admin')
    assert first.payload.grade.b_share_micros == 100000, 'stored with the standard'
    client.send(body)
    assert client.answer_to(body).raw == first.raw, 'a repeat gets the same answer'

    late = client.ask(applying(1, a_share_micros=300000))
    assert late.status == 'FAILED_PRECONDITION'
    assert 'version 2' in late.message
    assert client.ask(proto.GetPolicy(kind='grade')).payload.grade.a_share_micros == 250000

    events = [e for e in client.fetch_all()[0] if e.type.endswith('.PolicyApplied')]
    assert len(events) == 1
    assert events[0].attributes['subject'].ce_string == subject_of('grade')


def test_of_many_at_once_one_is_applied(client):
    bodies = [client.request(applying(1, a_rank=n)) for n in range(1, 21)]
    for body in bodies:
        client.send(body)
    answers = [client.receive() for _ in bodies]
    assert sorted(a.status for a in answers) == ['FAILED_PRECONDITION'] * 19 + ['OK']
    versions = client.ask(proto.ListPolicies(kind='grade')).payload.policies
    assert [p.version for p in versions] == [2, 1]


def test_everything_wrong_with_a_policy_is_said_at_once(client):
    reply = client.ask(applying(0, '', b_share_micros=300000, window_months=61,
                                regions=[proto.RegionGradePolicy()]))
    assert reply.status == 'INVALID_ARGUMENT'
    assert set(reply.fields) == {
        'policy.grade.b_share_micros', 'policy.grade.window_months',
        'policy.grade.regions[0].region_code', 'policy.reason', 'expected_version'}
    assert client.ask(proto.ListPolicies()).payload.policies[0].version == 1
    assert client.ask(proto.GetPolicy(kind='grade', version=7)).status == 'NOT_FOUND'
    assert client.ask(proto.GetPolicy(kind='price')).fields.keys() == {'kind'}


def test_a_person_reads_compares_and_applies_policies(client, tmp_path):
    kehuctl = client.stack.kehuctl
    shown = kehuctl('policy', 'show', 'grade', '--document')
    document = json.loads(shown.stdout)
    assert document['aShareMicros'] == '200000'

    document['aShareMicros'] = '250000'
    document['regions'] = [{'regionCode': 'EIRE', 'method': 'GRADE_METHOD_RANK'}]
    file = tmp_path / 'grade.json'
    file.write_text(json.dumps(document))
    difference = client.stack.kehuctl_json('policy', 'diff', 'grade', file)
    assert {f['field']: (f['from'], f['to']) for f in difference['fields']} == {
        'a_share_micros': ('200000', '250000'),
        'regions[EIRE].region_code': ('', 'EIRE'), 'regions[EIRE].method': ('', 'rank')}

    apply = ('policy', 'apply', 'grade', file, '--reason', '更严', '--expect', 1)
    assert kehuctl(*apply).returncode == 0
    again = kehuctl(*apply)
    assert again.returncode == 1
    assert 'version 2 of policy grade is in force' in again.stderr
    assert '25%' in kehuctl('policy', 'show', 'grade').stdout
    assert client.stack.kehuctl_json('policy', 'diff', 'grade', file) == {'fields': []}
    versions = client.stack.kehuctl_json('policy', 'list')['policies']
    assert [(p['kind'], p['version']) for p in versions if p['kind'] in ('grade', 'review')] == [
        ('grade', 2), ('grade', 1), ('review', 1)]
    assert {'owners', 'service_plan', 'pool'} < {p['kind'] for p in versions}

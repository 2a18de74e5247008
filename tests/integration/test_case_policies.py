"""Policies of complaints: versions over the wire, what is refused, and open clocks that follow."""
import datetime
import hashlib
import uuid

import pytest

from tests.support import clocks, proto
from tests.support.client import Client, now, timestamp
from tests.support.stack import until

NORMAL, HIGH, URGENT = 2, 3, 4


def message(name):
    return proto.contract[f'kehu.complaints.v1.{name}']


Policy, ApplyPolicy, Target = message('Policy'), message('ApplyPolicy'), message('Target')


@pytest.fixture(scope='module')
def house(tmp_path_factory):
    from tests.support.stack import Stack
    stack = Stack(tmp_path_factory.mktemp('policies'), KEHU_INSTALLATION='test').up()
    yield stack
    stack.down()


@pytest.fixture
def client(house):
    """Policies are the whole company's, so each test goes on from the version it finds."""
    with Client(house, url=f'tcp://127.0.0.1:{house.base_port + 20}', source='policies') as it:
        yield it


def latest(client, kind):
    reply = client.ask(message('ListPolicies')(kind=kind))
    assert reply.status == 'OK', reply
    return reply.payload.policies[0]


def applying(client, expected=None, dry_run=False, reason='stricter', valid_from=None, **document):
    kind = next(iter(document))
    policy = Policy(reason=reason, **document)
    if valid_from:
        policy.valid_from.CopyFrom(timestamp(valid_from))
    if expected is None:
        expected = latest(client, kind).version
    return ApplyPolicy(policy=policy, expected_version=expected, dry_run=dry_run)


def targets(*terms, **numbers):
    """targets(('resolution', URGENT, {'working_days': 4}), reopen_days=20)"""
    return message('TargetPolicy')(
        targets=[Target(clock=clock, priority=priority, **term) for clock, priority, term in terms],
        **numbers)


def refused(client, **document):
    reply = client.ask(applying(client, **document))
    assert reply.status in ('INVALID_ARGUMENT', 'FAILED_PRECONDITION'), reply
    return reply.fields


def term_of(policy, clock, priority):
    found = [t for t in policy.targets.targets if (t.clock, t.priority) == (clock, priority)]
    assert len(found) == 1, policy
    return found[0]


def subject_of(kind):
    raw = bytearray(hashlib.sha256(f'kehu.complaints.v1.Policy/{kind}'.encode()).digest()[:16])
    raw[6] = raw[6] & 0x0f | 0x80
    raw[8] = raw[8] & 0x3f | 0x80
    return str(uuid.UUID(bytes=bytes(raw)))


def test_the_built_in_policies_are_listed_and_whole(client):
    reply = client.ask(message('ListPolicies')())
    assert reply.status == 'OK', reply
    kinds = [p.kind for p in reply.payload.policies if p.version == 1]
    assert kinds == ['targets', 'causes', 'severity', 'remedies', 'repeat']
    built_in = client.ask(message('GetPolicy')(kind='targets', version=1)).payload
    assert len(built_in.targets.targets) == 7 * 3
    assert term_of(built_in, 'resolution', HIGH).working_days == 3
    progress = term_of(built_in, 'progress', URGENT)
    assert (progress.minutes, getattr(progress, 'from'), progress.to) == (240, '08:00', '21:00')
    assert (built_in.targets.warn_percent, built_in.targets.pause_limit_minutes) == (80, 2250)
    assert client.ask(message('GetPolicy')(kind='remedies')).payload.remedies.\
        handler_limit_micros == 300_000_000


def test_a_policy_is_applied_once_and_over_the_version_that_was_seen(house, client):
    version = latest(client, 'severity').version
    ask = applying(client, severity=message('SeverityPolicy')(recurrence_days=60))
    body = client.request(ask)
    client.send(body)
    first = client.answer_to(body)
    assert first.status == 'OK', first
    assert (first.payload.kind, first.payload.version) == ('severity', version + 1)
    client.send(body)
    assert client.answer_to(body).raw == first.raw, 'a repeat gets the same answer'

    late = client.ask(ask)
    assert late.status == 'FAILED_PRECONDITION'
    assert f'version {version + 1}' in late.message
    present = client.ask(message('GetPolicy')(kind='severity')).payload
    assert (present.version, present.by, present.reason) == (version + 1, 'admin', 'stricter')
    assert present.severity.recurrence_days == 60
    assert present.severity.serious_from_micros == 10_000_000_000, 'stored with the standard'

    events = [e for e in client.fetch_all()[0] if e.type.endswith('.PolicyApplied')
              and e.attributes['subject'].ce_string == subject_of('severity')]
    assert len(events) == 1
    assert house.value("select count(*) from complaints.audit where act = 'apply policy'"
                       " and subject = 'severity' and detail = %s", f'version {version + 1}') == 1


def test_a_version_to_come_is_in_force_when_its_time_has_come(house, client):
    version = latest(client, 'remedies').version
    later = now() + datetime.timedelta(hours=2)
    limits = message('RemedyPolicy')(handler_limit_micros=500_000_000)
    reply = client.ask(applying(client, remedies=limits, valid_from=later))
    assert reply.status == 'OK', reply
    present = client.ask(message('GetPolicy')(kind='remedies')).payload
    assert present.version == version
    assert latest(client, 'remedies').version == version + 1

    for overlapping in (None, now() + datetime.timedelta(hours=1), later):
        fields = refused(client, remedies=limits, valid_from=overlapping)
        assert f'version {version + 1}' in fields['policy.valid_from']
    fields = refused(client, remedies=limits, valid_from=now() - datetime.timedelta(hours=1))
    assert 'is past' in fields['policy.valid_from']
    for ahead in (datetime.timedelta(days=367), datetime.timedelta(days=365 * 7900)):
        fields = refused(client, remedies=limits, valid_from=now() + ahead)
        assert 'more than 366 days ahead' in fields['policy.valid_from']
    fields = refused(client, remedies=limits, valid_from=now() - datetime.timedelta(days=36500))
    assert '1970' in fields['policy.valid_from']

    advance(house, client, 7200)
    present = client.ask(message('GetPolicy')(kind='remedies')).payload
    assert (present.version, present.remedies.handler_limit_micros) == (version + 1, 500_000_000)


def advance(house, client, seconds):
    client.advance(seconds)
    with Client(house) as customers:
        customers.advance(seconds)


@pytest.mark.parametrize('document, field, words', [
    (targets(('resolution', URGENT, {'working_days': 4})), 'policy.targets.targets',
     'must not be due later'),
    (targets(('resolution', URGENT, {'minutes': 7200, 'wall_clock': True})),
     'policy.targets.targets', 'it would be for one that starts on'),
    (targets(('acknowledge', HIGH, {'minutes': 30, 'working_days': 1})), 'policy.targets.targets',
     'either minutes or working_days'),
    (targets(('lunch', HIGH, {'minutes': 30})), 'policy.targets.targets[0].clock', 'must be'),
    (targets(('action', HIGH, {'minutes': 30})), 'policy.targets.targets[0].clock', 'no target'),
    (targets(('acknowledge', 1, {'minutes': 30})), 'policy.targets.targets[0].priority',
     'low is as normal'),
    (targets(('progress', URGENT, {'minutes': 30, 'from': '8 o\'clock'})),
     'policy.targets.targets[0].from', 'no time such as 08:00'),
    (targets(warn_percent=101), 'policy.targets.warn_percent', '2 to 99'),
    (targets(warn_first_percent=90), 'policy.targets.warn_first_percent', 'less than'),
    (targets(max_extensions=11), 'policy.targets.max_extensions', '1 to 10'),
])
def test_targets_that_cannot_hold_are_refused_by_name(client, document, field, words):
    fields = refused(client, targets=document)
    assert words in fields[field], fields


def causes(*tree):
    return message('CausePolicy')(causes=[
        message('Cause')(code=code, parent=parent, zh=code, **more) for code, parent, more in tree])


def test_the_tree_of_causes_keeps_its_codes(client):
    built_in = client.ask(message('GetPolicy')(kind='causes')).payload.causes
    grown = message('CausePolicy')()
    grown.CopyFrom(built_in)
    grown.causes.add(code='delivery.weather', parent='delivery', zh='天气', unit='物流部')
    assert client.ask(applying(client, causes=grown)).status == 'OK'

    fields = refused(client, causes=built_in)
    assert 'retire it instead' in fields['policy.causes.causes[delivery.weather]']
    grown.causes[-1].retired = True
    assert client.ask(applying(client, causes=grown)).status == 'OK'
    stored = client.ask(message('GetPolicy')(kind='causes')).payload.causes.causes[-1]
    assert (stored.code, stored.unit, stored.retired) == ('delivery.weather', '物流部', True)


@pytest.mark.parametrize('tree, field, words', [
    ([('a', 'b', {}), ('b', 'a', {})], 'policy.causes.causes[0].parent', 'circle'),
    ([('a', 'nowhere', {})], 'policy.causes.causes[0].parent', 'no code of this tree'),
    ([('a', '', {}), ('a', '', {})], 'policy.causes.causes[1].code', 'twice'),
    ([('a b', '', {})], 'policy.causes.causes[0].code', 'a-z'),
    ([('a', '', {'retired': True}), ('b', 'a', {})], 'policy.causes.causes[1].parent', 'retired'),
])
def test_trees_that_are_none_are_refused_by_name(client, tree, field, words):
    fields = refused(client, causes=causes(*tree))
    assert words in fields[field], fields


@pytest.mark.parametrize('document, field', [
    ({'remedies': message('RemedyPolicy')(handler_limit_micros=10**13)},
     'policy.remedies.manager_limit_micros'),
    ({'severity': message('SeverityPolicy')(serious_from_micros=-1)},
     'policy.severity.serious_from_micros'),
    ({'repeat': message('RepeatPolicy')(in_90_days=1)}, 'policy.repeat.in_90_days'),
    ({'repeat': message('RepeatPolicy')(in_90_days=9, in_12_months=8)},
     'policy.repeat.in_12_months'),
])
def test_limits_that_cannot_hold_are_refused_by_name(client, document, field):
    assert field in refused(client, **document)


def test_what_is_missing_is_said(client):
    reply = client.ask(ApplyPolicy(policy=Policy(repeat=message('RepeatPolicy')())))
    assert set(reply.fields) == {'policy.reason', 'expected_version'}
    reply = client.ask(ApplyPolicy(policy=Policy(reason='why'), expected_version=1))
    assert 'targets, causes' in reply.fields['policy']
    assert 'targets, causes' in client.ask(message('GetPolicy')(kind='lunch')).fields['kind']
    assert client.ask(message('GetPolicy')(kind='repeat', version=99)).status == 'NOT_FOUND'


def open_clocks(house):
    return house.sql('select case_id::text, policy_version, cause, started_at, due_at, state'
                     ' from complaints.clock order by case_id, id')


def test_row_12_open_clocks_follow_a_policy_from_their_old_start(house, client):
    """A dry run says how many would move; applying moves them in sets, each leaving its row."""
    count, due = 450, now() + datetime.timedelta(days=30)
    clocks.arm(house, count, due)
    before = open_clocks(house)
    assert len(before) == count
    version = latest(client, 'targets').version
    ask = applying(client, dry_run=True,
                   targets=targets(('acknowledge', NORMAL, {'working_days': 7})))
    said = client.ask(ask)
    assert said.status == 'OK', said
    assert (said.payload.dry_run, said.payload.clocks_moved) == (True, count)
    assert len(said.payload.examples) == 10
    example = said.payload.examples[0]
    assert example.case_number.startswith('TS-20260101-')
    assert (example.clock, example.priority) == ('acknowledge', NORMAL)
    assert example.next_due_at.ToSeconds() > example.due_at.ToSeconds()
    assert open_clocks(house) == before, 'a dry run leaves nothing'
    assert latest(client, 'targets').version == version

    ask.dry_run = False
    reply = client.ask(ask)
    assert (reply.status, reply.payload.clocks_moved) == ('OK', count), reply
    assert not reply.payload.examples
    until(lambda: house.value('select count(*) from complaints.clock where state = 1'
                              ' and policy_version = %s and cause = 7', version + 1) == count)
    assert house.value('select count(*) from complaints.clock where state = 4') == count
    moved = house.sql('select n.case_id from complaints.clock n join complaints.clock o'
                      ' on o.case_id = n.case_id and o.state = 4 where n.state = 1'
                      ' and n.started_at = o.started_at and n.working_days = 7')
    assert len(moved) == count, 'from their old start'
    assert house.value('select count(*) from complaints.case_queue q join complaints.clock k'
                       ' on k.case_id = q.case_id and k.state = 1 and k.due_at = q.due_at') == count
    advance(house, client, 61)  # what was started meanwhile by the version before is looked for
    until(lambda: [e for e in client.fetch_all()[0] if e.type.endswith('.ClocksRecomputed')])
    event = [e for e in client.fetch_all()[0] if e.type.endswith('.ClocksRecomputed')][-1]
    data = message('ClocksRecomputed').FromString(event.proto_data.value)
    assert (data.kind, data.version, data.moved) == ('targets', version + 1, count)


def test_a_killed_service_goes_on_where_it_was(house, client):
    version = latest(client, 'targets').version
    running = house.value('select count(*) from complaints.clock where state = 1')
    assert running > 400
    reply = client.ask(applying(client, targets=targets(
        ('acknowledge', NORMAL, {'working_days': 9}))))
    assert reply.status == 'OK', reply
    house.kill('complaints')
    # The lease of the crashed process runs out after a minute; the test does not wait so long.
    until(lambda: house.sql("update complaints.timer set leased_until = now() - interval '1 s'"
                            " where leased_until < now() + interval '58 s' returning 1") or
          house.value('select count(*) from complaints.clock where state = 1'
                      ' and policy_version = %s', version + 1) == running, seconds=120, every=0.2)
    house.sql('notify complaints_timer')
    until(lambda: house.value('select count(*) from complaints.clock where state = 1'
                              ' and policy_version = %s', version + 1) == running, seconds=120)
    assert house.value('select count(*) from complaints.clock where state = 1') == running

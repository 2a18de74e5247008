"""What was rejected, read by who may: of both services, page by page, with its content."""
import json
import re

import pytest

from tests.support import proto
from tests.support.desk import Desk, submitted
from tests.support.client import Client, placed
from tests.support.consumed import catches_up
from tests.support.staff import People
from tests.support.stack import until

SAID = '张晓明说灯坏了'


class Door:
    """One service: its name, its schema's table, and how it rejects an event of an id."""

    def __init__(self, service, client, rejected):
        self.service, self.client, self.rejected = service, client, rejected

    def reject(self, source, *ids, client=None, **given):
        events = [self.rejected(source, one, **given) for one in ids]
        assert (client or self.client).publish(*events).outcomes == ['rejected'] * len(ids)

    def list(self, client=None, actor='', **ask):
        """All items, page by page."""
        found, token = [], ''
        while True:
            reply = (client or self.client).ask(proto.ListQuarantine(page_token=token, **ask),
                                                actor=actor)
            assert reply.status == 'OK', reply
            found += reply.payload.items
            token = reply.payload.next_page_token
            if not token:
                return found

    def show(self, id, actor='', client=None):
        return (client or self.client).ask(proto.GetQuarantined(id=id), actor=actor)

    def audited(self, stack, act):
        return stack.sql(f'select actor, key_name, subject, detail from {self.service}.audit'
                         ' where act = %s', act)


def bad_order(source, id, name=SAID, **given):
    return placed(id, source, id=id, name=name, currency='XYZ', **given)


def bad_complaint(source, id, content='', **given):
    return submitted(source, content, id=id, summary=SAID, external_ref=f'{source}:{id}', **given)


@pytest.fixture(params=['customers', 'complaints'])
def door(request, stack, source):
    if request.param == 'customers':
        with Client(stack, source=source) as client:
            yield Door('customers', client, bad_order)
    else:
        with Desk(stack, source) as desk:
            yield Door('complaints', desk, bad_complaint)


def test_what_was_rejected_is_listed_newest_first_without_its_content(door, source):
    for id in ('a', 'b', 'c'):
        door.reject(source, id)
    found = door.list(source=source)
    assert [one.event_id for one in found] == ['c', 'b', 'a']
    one = found[0]
    assert (one.source, one.key) == (source, 'admin') and re.match(r'\d{8}-[0-9a-f]{16}$', one.id)
    assert one.type.endswith('OrderPlaced' if door.service == 'customers' else 'ComplaintSubmitted')
    assert one.field.startswith('data.') and len(one.why) > 10
    assert one.kept_until.seconds - one.at.seconds == 30 * 86400
    assert SAID not in str(found)


def test_every_item_stands_on_one_page_also_of_those_refused_at_once(door, source):
    """Those of one request have one moment."""
    ids = [f'e-{n}' for n in range(7)]
    door.reject(source, *ids)
    door.reject(source, 'last')
    found = [one.event_id for one in door.list(source=source, page_size=3)]
    assert found[0] == 'last' and sorted(found[1:]) == ids


def test_a_list_is_asked_by_source_type_field_and_time(door, source):
    door.reject(source, 'a')
    first = door.list(source=source)[0]
    door.reject(source, 'b')
    second = door.list(source=source)[0]

    def ids(**ask):
        return [one.event_id for one in door.list(source=source, **ask)]
    assert ids(type=first.type) == ['b', 'a'] and ids(type='kehu.bus.v1.Ping') == []
    assert ids(field=first.field) == ['b', 'a'] and ids(field='data.') == ['b', 'a']
    assert ids(field='data_') == [] and ids(field=first.field + 'x') == []
    assert ids(since=second.at) == ['b'] and ids(until=second.at) == ['a']
    assert ids(since=first.at, until=second.at) == ['a']


def test_a_page_token_is_of_its_own_list_alone(door, source):
    door.reject(source, 'a', 'b')
    page = door.client.ask(proto.ListQuarantine(source=source, page_size=1)).payload
    for other in ({}, {'source': source, 'field': 'data'}, {'source': source + 'x'}):
        reply = door.client.ask(proto.ListQuarantine(page_token=page.next_page_token, **other))
        assert reply.status == 'INVALID_ARGUMENT' and list(reply.fields) == ['page_token'], reply
    for token in ('x', page.next_page_token[:-1], page.next_page_token + '0'):
        reply = door.client.ask(proto.ListQuarantine(source=source, page_token=token))
        assert reply.status == 'INVALID_ARGUMENT' and list(reply.fields) == ['page_token'], reply


def test_one_item_is_shown_with_what_came_and_the_reading_is_audited(stack, door, source):
    door.reject(source, 'a')
    id = door.list(source=source)[0].id
    reply = door.show(id)
    assert reply.status == 'OK', reply
    found = reply.payload
    assert found.item == door.list(source=source)[0]
    sent = door.rejected(source, 'a').proto_data
    assert SAID in json.dumps(json.loads(found.json), ensure_ascii=False) and not found.cut
    assert len(found.content) == len(sent.value)
    assert ('', 'admin', id, 'brought by admin') in door.audited(stack, 'read quarantined')
    assert ('', 'admin', '', '1 items') in door.audited(stack, 'list quarantine')


def test_what_cannot_be_read_is_shown_as_it_came(door, source):
    unknown = proto.CloudEvent(id='u', source=source, spec_version='1.0', type='nothing.we.Know')
    unknown.proto_data.type_url = 'x/nothing.we.Know'
    unknown.proto_data.value = b'\x01\x02\x03'
    assert door.client.publish(unknown).outcomes == ['rejected']
    found = door.show(door.list(source=source)[0].id).payload
    assert (found.json, found.content) == ('', b'\x01\x02\x03')
    assert 'is not known here' in found.item.why


def test_what_is_longer_than_is_kept_is_said_to_be_cut(door, source):
    if door.service == 'customers':
        door.reject(source, 'long', lines=[('t' * 200, 1, 1)] * 400)
    else:
        door.reject(source, 'long', content='灯' * 70000)
    found = door.show(door.list(source=source)[0].id).payload
    assert found.cut and len(found.content) == 64 * 1024 and not found.json


def test_a_key_sees_what_it_brought_and_nobody_elses(stack, door, source):
    key = f'{source}-shop'
    stack.new_key(key, publish=source, call=f'{door.service}.*')
    door.reject(source, 'ours')
    with type(door.client)(stack, key=key, source=source) as client:
        door.reject(source, 'theirs', client=client)
        assert [one.event_id for one in door.list(client)] == ['theirs']
        assert [one.event_id for one in door.list(source=source)] == ['theirs', 'ours']
        theirs, ours = (one.id for one in door.list(source=source))
        assert door.show(theirs, client=client).status == 'OK'
        assert door.show(ours, client=client).status == 'NOT_FOUND'
    stack.new_key(f'{source}-hot', publish=source)
    with type(door.client)(stack, key=f'{source}-hot', source=source) as client:
        for message in (proto.ListQuarantine(), proto.GetQuarantined(id=theirs)):
            assert client.ask(message).status == 'PERMISSION_DENIED'


def test_of_the_staff_auditors_see_all_of_it_and_nobody_else_any(stack, door, source, client):
    people = People(stack, client, source)
    auditor = people.add('auditor', 'auditor')
    boss = people.add('boss', 'manager', 'complaint_handler', 'privacy_officer', 'directory')
    catches_up(stack)
    door.reject(source, 'a')
    id = door.list(source=source, actor=auditor.code)[0].id
    assert door.show(id, actor=auditor.code).status == 'OK'
    assert (auditor.code, 'admin', id, 'brought by admin') in door.audited(
        stack, 'read quarantined')
    for message in (proto.ListQuarantine(), proto.GetQuarantined(id=id)):
        reply = door.client.ask(message, actor=boss.code)
        assert reply.status == 'PERMISSION_DENIED' and 'takes one of: auditor' in reply.message


@pytest.mark.parametrize('id', ['', 'x', '20261122-0', '20260231-3f9a0b1c2d3e4f50',
                                '20261122-3f9a0b1c2d3e4f5z', '20261122_3f9a0b1c2d3e4f50'])
def test_an_id_that_is_none_is_refused_with_one_that_would_be(client, id):
    reply = client.ask(proto.GetQuarantined(id=id))
    assert reply.status == 'INVALID_ARGUMENT' and list(reply.fields) == ['id'], reply


def test_what_was_rejected_of_an_erased_person_is_gone_from_it(stack, source):
    with Client(stack, source=source) as client, Desk(stack, source) as desk:
        doors = (Door('customers', client, bad_order), Door('complaints', desk, bad_complaint))
        him = client.ask(proto.RegisterCustomer(nature=2, refs=[f'{source}:P1'], facts=[
            proto.Fact(field='name', value='张晓明')])).payload.number
        catches_up(stack)
        doors[0].reject(source, 'a', customer='P1')
        doors[1].reject(source, 'a', customer_ref=f'{source}:P1')
        found = [door.list(source=source)[0].id for door in doors]
        reply = client.ask(proto.ErasePerson(person=proto.PersonRef(customer_ref=him),
                                             reason='request'))
        assert reply.status == 'OK' and reply.payload.state == 'erased', reply
        for door, id in zip(doors, found):
            until(lambda: door.list(source=source) == [], 30)
            reply = door.show(id)
            assert reply.status == 'NOT_FOUND' and 'went with the person' in reply.message


def test_after_thirty_days_it_is_gone_and_the_answer_says_since_when(company):
    client, stack = company.client, company.stack
    door = Door('customers', client, bad_order)
    door.reject('shop', 'a')
    id = door.list(source='shop')[0].id
    day = stack.value('select day from quarantine')
    client.advance(29 * 86400)
    assert [one.id for one in door.list()] == [id]
    client.advance(86400 + 60)
    assert door.list() == []   # whether or not the job has been there
    assert door.show(id).status == 'NOT_FOUND'
    client.advance(86400)
    reply = door.show(id)
    dropped = stack.value('select %s::date + 31', day)
    assert reply.status == 'NOT_FOUND' and f'its key was dropped on {dropped}' in reply.message


# --- kehuctl ---

def test_an_operator_finds_it_corrects_it_and_sends_it_again_under_the_same_id(stack, client,
                                                                               source):
    assert client.publish(bad_order(source, 'a')).outcomes == ['rejected']
    listed = stack.kehuctl('quarantine', 'list', '--source', source)
    assert 'OrderPlaced' in listed.stdout and 'data.content.currency' in listed.stdout
    assert SAID not in listed.stdout
    found = stack.kehuctl_json('quarantine', 'list', '--source', source)
    assert [(one['service'], one['event_id']) for one in found] == [('customers', 'a')]
    shown = stack.kehuctl('quarantine', 'show', found[0]['id'])
    assert SAID in shown.stdout and '"currency": "XYZ"' in shown.stdout
    data = stack.kehuctl_json('quarantine', 'show', found[0]['id'])['json']
    data['content']['currency'] = 'CNY'
    again = {'id': 'a', 'source': source, 'specVersion': '1.0', 'type': found[0]['type'],
             'protoData': {'@type': f'type.googleapis.com/{found[0]["type"]}', **data}}
    answer = stack.kehuctl('call', 'customers.Publish', json.dumps({'events': [again]}))
    assert answer.returncode == 0 and json.loads(answer.stdout)['accepted'] == 1, answer


def test_kehuctl_shows_the_quarantine_of_both_services_and_of_one(stack, client, source):
    with Desk(stack, source) as desk:
        Door('complaints', desk, bad_complaint).reject(source, 'c')
    Door('customers', client, bad_order).reject(source, 'o1', 'o2')
    both = stack.kehuctl_json('quarantine', 'list', '--source', source)
    assert [one['service'] for one in both] == ['customers'] * 2 + ['complaints']
    one = stack.kehuctl_json('quarantine', 'list', 'complaints', '--source', source)
    assert [item['event_id'] for item in one] == ['c']
    assert one == stack.kehuctl_json('quarantine', 'list', '--service', 'complaints', '--type',
                                     'ComplaintSubmitted', '--source', source)
    shown = stack.kehuctl('quarantine', 'show', one[0]['id'], '--service', 'complaints')
    assert SAID in shown.stdout
    assert stack.kehuctl('quarantine', 'show', one[0]['id']).stdout == shown.stdout
    answer = stack.kehuctl('quarantine', 'show', one[0]['id'], '--service', 'customers')
    assert answer.returncode == 1 and 'NOT_FOUND' in answer.stderr
    answer = stack.kehuctl('quarantine', 'show', '20010101-3f9a0b1c2d3e4f50')
    assert answer.returncode == 1 and answer.stderr.count('NOT_FOUND') == 1
    cut = stack.kehuctl('quarantine', 'list', 'customers', '--source', source, '--top', '1')
    assert 'and more' in cut.stdout
    zh = stack.kehuctl('quarantine', 'list', '--source', source, '--lang', 'zh')
    assert zh.stdout.splitlines()[0].split()[:3] == ['时间', '服务', '来源']
    answer = stack.kehuctl('quarantine', 'list', '--since', 'yesterday')
    assert answer.returncode == 2 and '--since' in answer.stderr


def test_a_key_of_one_service_finds_its_own_there_without_naming_the_service(stack, door, source):
    name = f'{source}-own'
    key = stack.new_key(name, publish=source, call=f'{door.service}.ListQuarantine,'
                        f'{door.service}.GetQuarantined')
    with type(door.client)(stack, key=name, source=source) as client:
        door.reject(source, 'ours', client=client)
    found, = stack.kehuctl_json('quarantine', 'list', '--key', key)
    assert (found['service'], found['event_id']) == (door.service, 'ours')
    listed = stack.kehuctl('quarantine', 'list', '--key', key)
    assert (listed.returncode, listed.stderr) == (0, '') and door.service in listed.stdout
    assert SAID in stack.kehuctl('quarantine', 'show', found['id'], '--key', key).stdout
    answer = stack.kehuctl('quarantine', 'show', '20010101-3f9a0b1c2d3e4f50', '--key', key)
    assert answer.returncode == 1 and answer.stderr.startswith('kehuctl: NOT_FOUND')
    none = stack.new_key(f'{source}-none', publish=source)
    for command in (['list'], ['show', found['id']]):
        answer = stack.kehuctl('quarantine', *command, '--key', none)
        assert answer.returncode == 1 and answer.stderr.count('PERMISSION_DENIED') == 1, answer

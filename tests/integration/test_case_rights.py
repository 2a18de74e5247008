"""Every right to cases that a role does not have is refused at the door, every other is not; and
each message that names a case is asked by somebody outside of whose sight it is.

Made from the table of messages: a message that comes is tried here without anybody's doing.
"""
import re

import pytest

from tests.support import proto
from tests.support.client import Client, placed, timestamp
from tests.support.consumed import catches_up
from tests.support.desk import Desk
from tests.support.handlers import CASE_MAY, ROLES, served
from tests.support.stack import ROOT, until
from tests.support.staff import People

HANDLERS = list(served('complaints'))
PERSONS = [h for h in HANDLERS if not h.is_for_systems]
FOR_ANYBODY = {'ListPolicies', 'GetPolicy', 'ListCalendars', 'GetCalendar'}
LATER = timestamp('2032-01-01T00:00:00Z')
SOON = timestamp(-20 * 86400)
# What a message needs beside its REF so that the case is looked at.
SAMPLES = {
    'TakeCase': {}, 'AssignCase': {'handler': 'sights.outsider', 'reason': '外人'},
    'StartInvestigation': {}, 'AddNote': {'text': '外人'},
    'SendCaseMessage': {'text': '外人', 'channel': 'email'},
    'LogCall': {'outcome': 'no_answer'}, 'RecordReply': {'text': '外人'},
    'RecordDelivery': {'message_id': '01a20084-ef50-7e87-a944-26f03b1aed1b',
                       'outcome': 'delivered'},
    'RejectCase': {'reason': '外人'}, 'WithdrawCase': {'reason': '外人'},
    'ReopenCase': {'reason': '外人'}, 'LinkCase': {'links': {'product': 'lamp'}},
    'SetSeverity': {'severity': {'safety': 2}, 'reason': '外人'}, 'MergeCases': {'reason': '外人'},
    'PauseClocks': {'reason': '外人'}, 'AskExtension': {'reason': '外人', 'until': SOON},
    'DecideExtension': {'reason': '外人'}, 'ChaseCase': {'text': '外人'},
    'SuperviseCase': {'on': True, 'reason': '外人'},
    'RecusePerson': {'staff': 'sights.outsider', 'reason': '外人'},
    'ProposeSolution': {'text': '外人', 'remedy': {'kind': 'apology'}},
    'ApproveRemedy': {'approved': True}, 'AnswerCase': {'text': '外人', 'channel': 'email'},
    'ConfirmCase': {'satisfied': True},
    'RecordConfirmationAttempt': {'channel': 'phone', 'outcome': 'no_answer'},
    'DisputeCase': {'reason': '外人'}, 'RateCase': {'rating': 5},
    'SetCause': {'topic': '外人'}, 'RecordWork': {'done': True, 'charge_noted': True},
    'SaveSubtask': {'subtask': {'unit': 'x', 'text': '外人', 'due_at': LATER}},
    'SaveAction': {'action': {'kind': 'corrective', 'text': '外人', 'owner': 'sights.outsider',
                              'due_on': '2032-01-01'}},
    'SaveLesson': {'lesson': {'text': '外人'}},
    'ExplainCase': {'about': 'priority'},
}
# Only managers pass their door, and managers see every case.
SEE_ALL = {'RejectCase', 'DecideExtension', 'SuperviseCase', 'RecusePerson'}
# Whoever picks up the telephone records what was said; he learns nothing of the case.
RECORDS = {'LogCall', 'RecordReply'}


def name_of(handler):
    return handler.method.split('.')[1]


@pytest.fixture(scope='module')
def cast(stack):
    """One person of each role, and one without any, as both services know them."""
    with Client(stack, source='caserights') as client:
        people = People(stack, client, 'caserights')
        made = {role: people.add(str(role).replace('_', '.').lower(), *([role] if role else []))
                for role in (*ROLES, None)}
        catches_up(stack)
        yield made


@pytest.fixture(scope='module')
def desk(stack):
    with Desk(stack, 'sights') as it:
        yield it


def test_every_message_says_which_right_it_takes():
    assert {h.act for h in HANDLERS} <= set(CASE_MAY)
    assert {name_of(h) for h in PERSONS if h.act == 'ANYBODY'} <= FOR_ANYBODY
    assert [h.method for h in HANDLERS if h.is_for_systems] == ['complaints.Publish']


@pytest.mark.parametrize('role', [*ROLES, None])
def test_what_a_role_may_not_is_refused_at_the_door(desk, cast, role):
    for handler in PERSONS:
        if role in CASE_MAY[handler.act]:
            continue
        reply = desk.ask(handler.message(), actor=cast[role].code)
        assert reply.status == 'PERMISSION_DENIED' and 'takes one of' in reply.message, \
            (handler.method, role, reply)


@pytest.mark.parametrize('role', [*ROLES, None])
def test_what_a_role_may_passes_the_door(desk, cast, role):
    for handler in PERSONS:
        if role not in CASE_MAY[handler.act]:
            continue
        reply = desk.ask(handler.message(), actor=cast[role].code)
        assert not (reply.status == 'PERMISSION_DENIED' and 'takes one of' in reply.message), \
            (handler.method, role, reply)


def test_nobody_outside_of_the_staff_and_nobody_who_left_passes(stack, desk, cast):
    reply = desk.ask(proto.ListCases(), actor='nobody.here')
    assert reply.status == 'PERMISSION_DENIED' and 'nobody of the staff' in reply.message


# --- whose sight a case is in ---

@pytest.fixture(scope='module')
def scene(stack, desk):
    """(who sees no case but his own, one that is another's, one of his customer)"""
    with Client(stack, source='sights') as client:
        people = People(stack, client, 'sights')
        owner = people.add('owner', 'salesperson')
        outsider = people.add('outsider', 'salesperson', 'account_manager', 'marketing',
                              'directory')
        numbers = []
        for n, person in enumerate((owner, outsider)):
            client.publish(placed(f'S-{n}', 'sights', customer=f'C{n}'))
            customer = client.customer(f'sights:C{n}').id
            people.gives(person, customer)
            told_owner(stack, customer, person.id)
            catches_up(stack)
            numbers.append(desk.open(customer_ref=customer, external_ref=f'sights:x{n}').number)
        return outsider, numbers[0], numbers[1]


def told_owner(stack, customer, owner):
    """As OwnerChanged would have told it; `gives` writes the customers' table alone."""
    until(lambda: stack.value('select count(*) from complaints.customer_seen'
                              ' where customer_id = %s', customer))
    stack.sql('update complaints.customer_seen set owner_id = %s where customer_id = %s',
              owner, customer)


def doors():
    """(message name, REF field) of all that name a case."""
    for handler in PERSONS:
        fields = handler.message.DESCRIPTOR.fields_by_name
        for field in ('ref', 'into'):
            if field in fields and name_of(handler) not in RECORDS:
                yield name_of(handler), field


@pytest.mark.parametrize('name, field', sorted(doors()))
def test_a_case_outside_is_refused_at_every_door(desk, scene, name, field):
    outsider, outside, own = scene
    message = proto.contract[f'kehu.complaints.v1.{name}'](**SAMPLES.get(name, {}))
    if field == 'into':
        message.ref = own
    elif 'into' in message.DESCRIPTOR.fields_by_name:
        message.into = own
    for ref in (outside, desk.row(outside, 'id::text'), 'sights:x0'):
        setattr(message, field, ref)
        reply = desk.ask(message, actor=outsider.code)
        assert reply.status == 'PERMISSION_DENIED', (name, ref, reply)
        wanted = 'takes one of' if name in SEE_ALL else \
            'outside of what you may see' if name not in HANDLED else ''
        assert wanted in reply.message, (name, reply)
        assert '灯坏了' not in str(reply)


HANDLED = {name_of(h) for h in PERSONS if h.act == 'HANDLE'}


@pytest.mark.parametrize('name', sorted(RECORDS))
def test_what_was_said_is_recorded_by_anybody_who_learns_nothing(desk, scene, name):
    outsider, outside, _ = scene
    message = proto.contract[f'kehu.complaints.v1.{name}'](ref=outside, **SAMPLES[name])
    reply = desk.ask(message, actor=outsider.code)
    assert reply.status == 'OK' and '灯坏了' not in str(reply), reply
    assert desk.ask(proto.contract['kehu.complaints.v1.GetCase'](ref=outside),
                    actor=outsider.code).status == 'PERMISSION_DENIED'


def test_lists_leave_out_what_is_outside(desk, scene):
    outsider, outside, own = scene
    for message in (proto.ListCases(page_size=500),
                    proto.ListCases(page_size=500, customer_ref='sights:C0')):
        listed = desk.ask(message, actor=outsider.code).payload.cases
        assert outside not in [row.number for row in listed]
    listed = desk.ask(proto.ListCases(page_size=500), actor=outsider.code).payload.cases
    assert [row.number for row in listed] == [own]
    queue = desk.ask(proto.contract['kehu.complaints.v1.GetQueue'](unassigned=True),
                     actor=outsider.code).payload.cases
    assert outside not in [row.number for row in queue]


def test_who_owns_the_customer_reads_his_cases_and_does_not_handle_them(desk, scene):
    outsider, _, own = scene
    assert desk.ask(proto.contract['kehu.complaints.v1.GetCase'](ref=own),
                    actor=outsider.code).status == 'OK'
    reply = desk.ask(proto.contract['kehu.complaints.v1.CloseCase'](ref=own),
                     actor=outsider.code)
    assert reply.status == 'PERMISSION_DENIED' and 'its handler does this' in reply.message
    reply = desk.ask(proto.contract['kehu.complaints.v1.AddNote'](ref=own, text='客户很着急'),
                     actor=outsider.code)
    assert reply.status == 'OK', reply


def test_the_documented_table_of_rights_to_cases_is_the_one_in_force():
    text = (ROOT / 'docs/security.md').read_text()
    text = text[text.index('<!-- rights of cases -->'):].split('<!-- -->')[0]
    head = re.search(r'^\| right \|(.*)\|$', text, re.M)
    roles = [cell.strip().replace(' ', '_') for cell in head[1].split('|')]
    assert roles == list(ROLES)
    rows = {cells[0].strip(): {r for r, c in zip(roles, cells[1:]) if c.strip()} for cells in
            (line.strip('|').split('|') for line in text[head.end():].splitlines()
             if line.startswith('| `')) if len(cells) == len(roles) + 1}
    assert {name.strip('`'): may for name, may in rows.items()} == {
        right.lower(): may for right, may in CASE_MAY.items() if right != 'ANYBODY'}

"""Whatever is wrong that reaches the complaints service gets a precise answer: which field, why,
and what would be right. Nothing else is harmed, and nothing is ever "internal"."""
import datetime
import random
import uuid

import pytest

from tests.support import proto
from tests.support.client import Client, now, placed, timestamp
from tests.support.consumed import catches_up
from tests.support.desk import Desk, enum, event, message, opening, submitted
from tests.support.stack import until

PACKAGE = 'kehu.complaints.v1.'


def _asked():
    """The questions and commands of the service, by short name, as the contract lists them."""
    mine, names = False, []
    for line in (proto.ROOT / 'deploy/docs/exchanges.txt').read_text().splitlines():
        words = line.split()
        if words[:1] == ['service']:
            mine = words[1] == 'complaints'
        elif mine and words[:1] == ['ask']:
            names.append(words[1])
    return names


ASKED = _asked()


def fields_of(name):
    return proto.contract[PACKAGE + name].DESCRIPTOR.fields_by_name


ABOUT_A_CASE = [name for name in ASKED if 'ref' in fields_of(name)]
VERSIONED = [name for name in ABOUT_A_CASE if 'expected_version' in fields_of(name)]
PAGED = [name for name in ASKED if 'page_token' in fields_of(name)]


def later(**more):
    return timestamp(now() + datetime.timedelta(**more))


# What each message needs beside the case, so that nothing but the case is wrong.
NEEDED = {
    'AssignCase': {'handler': 'li.na', 'reason': '转办'}, 'AddNote': {'text': '记一笔'},
    'SendCaseMessage': {'text': '您好', 'channel': 'sms'}, 'LogCall': {'outcome': 'no_answer'},
    'RecordDelivery': {'message_id': str(uuid.uuid4()), 'outcome': 'delivered'},
    'RecordReply': {'text': '还没好', 'channel': 4}, 'AnswerCase': {'text': '好了', 'spoken': True},
    'ProposeSolution': {'text': '方案', 'remedy': {'kind': 'apology'}},
    'ApproveRemedy': {'approved': True}, 'ConfirmCase': {'satisfied': True},
    'RecordConfirmationAttempt': {'channel': 'phone', 'outcome': 'no_answer'},
    'DisputeCase': {'reason': '不满意'}, 'RateCase': {'rating': 5},
    'SetCause': {'handling': {'cause': 'other', 'unit': '客服部', 'fault': 4}},
    'SetSeverity': {'severity': {'safety': 2}, 'reason': '核实'},
    'LinkCase': {'links': {'product': 'TEA'}}, 'ReopenCase': {'reason': '再看'},
    'RejectCase': {'reason': '无关'}, 'WithdrawCase': {'reason': '客户撤回'},
    'MergeCases': {'into': 'TS-20200101-0001', 'reason': '同一事'},
    'PauseClocks': {'reason': '等客户'}, 'SuperviseCase': {'on': True, 'reason': '要紧'},
    'AskExtension': {'reason': '检验', 'until': later(days=20)},
    'DecideExtension': {'granted': True, 'reason': '可以'},
    'RecusePerson': {'staff': 'li.na', 'reason': '被投诉'}, 'ChaseCase': {'text': '快些', 'channel': 4},
    'SaveSubtask': {'subtask': {'unit': '仓库', 'owner': 'li.na', 'text': '查',
                                'due_at': later(days=2)}},
    'SaveAction': {'action': {'text': '改', 'owner': 'li.na', 'due_on': '2032-01-01'}},
    'SaveLesson': {'lesson': {'text': '记住'}}, 'RecordWork': {'done': True},
    'ExplainCase': {'about': 'priority'},
}


def about(name, ref, **more):
    return message(name, ref=ref, **NEEDED.get(name, {}), **more)


@pytest.fixture
def desk(stack, source):
    with Desk(stack, source) as it:
        yield it
        assert it.ask(proto.Ping()).status == 'OK', 'the connection and the service are well'


def cases_count(desk):
    return desk.stack.value('select count(*) from complaints.cases')


def refused(desk, field, status=('INVALID_ARGUMENT', 'FAILED_PRECONDITION'), **given):
    before = cases_count(desk)
    reply = desk.ask(opening(**given))
    assert reply.status in status, reply
    assert field in reply.fields, reply
    assert cases_count(desk) == before
    return reply.fields[field]


# --- every message ---

@pytest.mark.parametrize('name', [name for name in ASKED if fields_of(name)])
def test_bytes_that_are_no_such_message_are_refused(desk, name):
    random.seed(name)
    for payload in (b'\x0a\xff\xff\xff\xff\x0f', b'\xff' * 40, b'\x0a\x03ab', b'\x0b\x0b\x0b',
                    b'\x0a\x02\xff\xfe', *(random.randbytes(200) for _ in range(5))):
        reply = desk.ask(type=PACKAGE + name, payload=payload)
        assert reply.status == 'INVALID_ARGUMENT', (payload, reply)


@pytest.mark.parametrize('name', ASKED)
def test_an_empty_message_is_answered_or_refused_by_name(desk, name):
    before = cases_count(desk)
    reply = desk.ask(message(name))
    assert reply.status in ('OK', 'INVALID_ARGUMENT'), reply
    if reply.status == 'OK':
        assert name.startswith(('List', 'Get', 'Search', 'Report')), reply
    else:
        assert reply.fields and all(reply.fields.values()), reply
    assert cases_count(desk) == before


@pytest.mark.parametrize('name', ABOUT_A_CASE)
def test_an_unknown_case_is_not_found(desk, name):
    for ref in ('TS-20200101-9999', str(uuid.uuid4()), 'nobody:nothing'):
        reply = desk.ask(about(name, ref))
        assert reply.status == 'NOT_FOUND', (ref, reply)


@pytest.mark.parametrize('name', ABOUT_A_CASE)
def test_a_reference_that_is_none_is_refused_with_the_forms_there_are(desk, name):
    for ref in ('', 'TS-2026', 'nothing', ':', 'x' * 1000, 'TS-20261301-0001'):
        reply = desk.ask(about(name, ref))
        assert reply.status == 'INVALID_ARGUMENT', (ref, reply)
        assert list(reply.fields) == ['ref'], (ref, reply)


@pytest.mark.parametrize('name', VERSIONED)
def test_another_version_is_refused_and_names_the_present_one(desk, name):
    case = desk.open('灯坏了')
    reply = desk.ask(about(name, case.number, expected_version=99))
    assert reply.status == 'FAILED_PRECONDITION', reply
    assert str(case.version) in reply.message + str(reply.fields), reply
    assert desk.row(case.number, 'version', 'state') == (case.version, case.state)


@pytest.mark.parametrize('name', PAGED)
def test_pages_that_there_are_not_are_refused(desk, name):
    given = {'by': 1} if name == 'ReportComplaints' else {}
    given |= {'query': '茶'} if name == 'SearchLessons' else {}
    reply = desk.ask(message(name, page_size=501, **given))
    assert reply.status == 'INVALID_ARGUMENT' and 'page_size' in reply.fields, reply
    reply = desk.ask(message(name, page_token='not one', **given))
    assert reply.status == 'INVALID_ARGUMENT' and 'page_token' in reply.fields, reply


@pytest.mark.parametrize('name, field', [
    ('OpenComplaint', 'kind'), ('OpenComplaint', 'channel'), ('ReportComplaints', 'by'),
    ('ListCases', 'min_priority'), ('RecordReply', 'channel')])
def test_a_value_that_no_enumeration_has_is_refused(desk, name, field):
    made = proto.contract[PACKAGE + name]()
    if 'ref' in fields_of(name):
        made.ref = desk.open().number
    setattr(made, field, 99)
    reply = desk.ask(made)
    assert reply.status == 'INVALID_ARGUMENT' and field in reply.fields, reply


# --- what is said ---

@pytest.mark.parametrize('content', ['', '   ', '\n\t '])
def test_empty_content_is_refused(desk, content):
    assert refused(desk, 'content', content=content)


def test_a_mebibyte_of_text_is_refused_and_65536_characters_are_kept(desk):
    assert '65536' in refused(desk, 'content', content='x' * (1 << 20))
    assert '65536' in refused(desk, 'content', content='茶' * 65537)
    case = desk.open('茶' * 65536)
    assert desk.row(case.number, 'length(content)') == 65536


@pytest.mark.parametrize('content', [
    '收到的茶饼受潮发霉', '😡😡 退钱!👨‍👩‍👧', '𠮷野家·买买提', 'Ünïcödé ру́сский العربية', "'; drop table cases; --",
    '<script>alert(1)</script>', '两行\n第二行\t制表'])
def test_whatever_language_and_signs_are_kept_as_they_are(desk, content):
    case = desk.open(content)
    assert desk.row(case.number, 'content') == content
    assert desk.ok('GetCase', ref=case.number).content == content


@pytest.mark.parametrize('text', [b'a\x00b', b'a\x07b', b'\xff\xfe', b'\xed\xa0\x80'],
                         ids=['nul', 'control', 'not-utf8', 'surrogate'])
def test_text_that_is_none_is_refused_by_field(desk, text):
    good = opening('@' * len(text)).SerializeToString()
    reply = desk.ask(type=PACKAGE + 'OpenComplaint',
                     payload=good.replace(b'@' * len(text), text))
    assert reply.status == 'INVALID_ARGUMENT' and list(reply.fields) == ['content'], reply


@pytest.mark.parametrize('field, value', [
    ('issue', 'x' * 201), ('summary', '要' * 101), ('region', 'x' * 201),
    ('external_ref', 'no-colon'), ('external_ref', 'x' * 300), ('joins', 'nothing')])
def test_what_is_too_long_or_no_reference_is_refused(desk, field, value):
    refused(desk, field, **{field: value})


def test_more_attachments_than_twenty_are_refused(desk):
    files = [message('Attachment', url=f'https://docs.example/{n}', name='a') for n in range(21)]
    refused(desk, 'attachments', attachments=files)
    reply = desk.ask(opening(attachments=[message('Attachment', url='ftp://x')]))
    assert reply.status == 'INVALID_ARGUMENT', reply
    assert any(field.startswith('attachments[0]') for field in reply.fields), reply


def test_who_complains_must_be_said(desk):
    assert refused(desk, 'complainant', anonymous=False)


@pytest.mark.parametrize('at', [datetime.timedelta(hours=1), datetime.timedelta(days=400)])
def test_a_future_date_is_refused(desk, at):
    assert refused(desk, 'submitted_at', at=now() + at)


@pytest.mark.parametrize('field, value', [
    ('date', '2026-13-01'), ('date', 'yesterday'), ('deadline', '2026-02-30'), ('name', 'police')])
def test_an_authority_is_known_and_its_days_are_days(desk, field, value):
    authority = message('Authority', **{'name': '12315', 'date': '2026-11-20', field: value})
    assert refused(desk, f'authority.{field}', channel='REGULATOR', authority=authority)


def test_an_amount_in_dispute_is_not_negative_and_its_currency_is_one(desk):
    facts = message('SeverityFacts', amount_micros=-1)
    assert refused(desk, 'severity.amount_micros', severity=facts)
    facts = message('SeverityFacts', amount_micros=1, currency='YUAN')
    assert refused(desk, 'severity.currency', severity=facts)


# --- whose it is ---

def test_an_unknown_customer_is_recorded_and_linked_when_he_appears(desk, stack, source):
    case = desk.open(customer_ref=f'{source}:late')
    assert desk.row(case.number, 'customer_id') is None
    desk.say('GetCase', ref=case.number)
    with Client(stack, source=source) as customers:
        customers.publish(placed('A', source, customer='late'))
    catches_up(stack)
    until(lambda: desk.row(case.number, 'customer_id') is not None)


@pytest.mark.parametrize('phone', ['123', 'abc', '1' * 40])
def test_a_telephone_number_that_is_none_is_refused(desk, phone):
    assert refused(desk, 'complainant.phone', phone=phone)


# --- what is done with it ---

ACTS = {'ProposeSolution': {'text': '方案'}, 'AgreeSolution': {}, 'ConfirmCase': {'satisfied': True},
        'DisputeCase': {'reason': '不满意'}, 'CloseCase': {}, 'ReopenCase': {'reason': '再看'}}


@pytest.mark.parametrize('name', ACTS)
def test_an_illegal_move_names_the_state_and_what_is_allowed(desk, name):
    case = desk.open()
    given = dict(ACTS[name])
    if name == 'ProposeSolution':
        given['remedy'] = message('Remedy', kind='apology')
    reply = desk.ask(message(name, ref=case.number, **given))
    assert reply.status == 'FAILED_PRECONDITION', reply
    said = reply.message + ' '.join(reply.fields.values())
    assert 'received' in said and 'allowed' in said and 'take' in said, reply
    assert desk.row(case.number, 'state', 'version') == (1, case.version)


def test_closing_is_refused_with_the_list_of_what_is_open(desk):
    case = desk.open()
    desk.ok('StartInvestigation', ref=take(desk, case))
    desk.ok('ProposeSolution', ref=case.number, text='方案',
            remedy=message('Remedy', kind='apology'))
    desk.ok('AgreeSolution', ref=case.number)
    desk.ok('AnswerCase', ref=case.number, text='已处理', spoken=True)
    reply = desk.say('CloseCase', ref=case.number)
    assert reply.status == 'FAILED_PRECONDITION', reply
    open_ones = {field for field in reply.fields if field.startswith('condition.')}
    assert {'condition.cause', 'condition.unit', 'condition.fault', 'condition.lesson'} <= open_ones
    assert all(reply.fields.values())


def take(desk, case):
    """By somebody whom this service knows."""
    code = f'{desk.source}.li'
    desk.stack.sql("insert into complaints.staff_seen (staff_id, code, roles, is_active)"
                   " values (%s, %s, '{complaint_handler}', true)", str(uuid.uuid4()), code)
    desk.ok('TakeCase', ref=case.number, handler=code)
    return case.number


@pytest.mark.parametrize('rating', [0, 6, 99])
def test_a_rating_is_one_to_five(desk, rating):
    reply = desk.say('RateCase', ref=desk.open().number, rating=rating)
    assert reply.status == 'INVALID_ARGUMENT' and 'rating' in reply.fields, reply


@pytest.mark.parametrize('name, given, field', [
    ('LogCall', {'outcome': 'maybe'}, 'outcome'),
    ('RecordDelivery', {'message_id': 'no id', 'outcome': 'delivered'}, 'message_id'),
    ('AddNote', {'text': ''}, 'text'),
    ('AddNote', {'text': 'x' * (1 << 18)}, 'text'),
    ('SendCaseMessage', {'text': 'hi', 'channel': 'smoke'}, 'channel'),
    ('RejectCase', {'reason': ''}, 'reason'),
    ('MergeCases', {'into': 'nothing', 'reason': '同一事'}, 'into'),
    ('AskExtension', {'reason': ''}, 'reason'),
    ('PauseClocks', {'reason': '等客户', 'until': 'soon'}, 'until'),
    ('SaveAction', {'action': {'text': '改', 'owner': 'x', 'due_on': '2026-02-30'}},
     'action.due_on'),
    ('SaveSubtask', {'subtask': {'unit': '', 'text': '查'}}, 'subtask.unit'),
    ('SetCause', {'handling': {'cause': 'no.such.cause'}}, 'handling.cause'),
    ('ExplainCase', {'about': 'the weather'}, 'about'),
    ('RecusePerson', {'staff': 'nobody.at.all', 'reason': '被投诉'}, 'staff')])
def test_commands_name_the_field_that_is_wrong(desk, name, given, field):
    case = desk.open()
    reply = desk.say(name, ref=case.number, **given)
    assert reply.status in ('INVALID_ARGUMENT', 'FAILED_PRECONDITION', 'NOT_FOUND'), reply
    assert field in reply.fields, reply
    assert desk.row(case.number, 'version') == case.version


# --- what is published ---

def test_duplicates_and_other_content_under_one_id(desk, source):
    first = submitted(source, '一次', id='e1')
    assert desk.publish(first, first).outcomes == ['accepted', 'duplicate']
    again = desk.publish(first, submitted(source, '两次', id='e1'))
    assert again.outcomes == ['duplicate', 'rejected']


def test_events_out_of_order_are_held_or_refused_and_the_rest_goes_on(desk, source):
    """A reply before its case; a receipt of a message nobody sent; the case in between."""
    early = event(message('ComplainantReplied', case_ref=f'{source}:X1', text='怎么样了',
                          channel=enum('CHANNEL_PHONE')), source, 'r1')
    receipt = event(message('DeliveryReported', case_ref=f'{source}:X1',
                            message_id=str(uuid.uuid4()), outcome='delivered'), source, 'd1')
    case = submitted(source, '晚到的', id='c1', external_ref=f'{source}:X1')
    outcome = desk.publish(early, receipt, case)
    assert outcome.outcomes[2] == 'accepted', outcome
    assert set(outcome.outcomes[:2]) <= {'rejected', 'accepted'}, outcome
    for index, said in enumerate(outcome.outcomes[:2]):
        if said == 'rejected':
            field, why = outcome.refusal(index)
            assert field and why
    later = event(message('ComplainantReplied', case_ref=f'{source}:X1', text='怎么样了',
                          channel=enum('CHANNEL_PHONE')), source, 'r2')
    assert desk.publish(later).outcomes == ['accepted']


@pytest.mark.parametrize('change, field', [
    ({'content': ''}, 'data.complaint.content'),
    ({'anonymous': False}, 'data.complaint.complainant'),
    ({'external_ref': 'no-colon'}, 'data.complaint.external_ref'),
    ({'content': 'x' * 65537}, 'data.complaint.content'),
    ({'at': 'future'}, 'data.complaint.submitted_at'),
    ({'recorded': {'response': 'x' * 201}}, 'data.recorded.response')])
def test_an_item_that_is_wrong_costs_itself_alone(desk, source, change, field):
    if change.get('at') == 'future':
        change = {'at': now() + datetime.timedelta(days=2)}
    good = submitted(source, '好的', id='good')
    outcome = desk.publish(submitted(source, **{'content': '灯坏了', 'id': 'bad', **change}), good)
    assert outcome.outcomes == ['rejected', 'accepted'], outcome
    assert outcome.refusal(0)[0] == field, outcome


def test_random_bytes_in_place_of_messages_harm_nothing(desk, source):
    random.seed(7)
    good = desk.request(proto.Publish(events=[submitted(source, '好的', id='fuzz')]))
    for _ in range(200):
        broken = bytearray(good)
        for _ in range(random.randint(1, 8)):
            broken[random.randrange(len(broken))] = random.randrange(256)
        desk.send(bytes(broken[:random.randrange(1, len(broken) + 1)]))
    for _ in range(200):
        assert desk.receive().status != 'INTERNAL'


def test_policies_that_overlap_are_refused(desk):
    kind = desk.ok('ListPolicies', kind='severity').policies[0]
    policy = message('Policy', reason='以后', severity=message('SeverityPolicy'))
    policy.valid_from.CopyFrom(timestamp(now() - datetime.timedelta(days=1)))
    reply = desk.ask(message('ApplyPolicy', policy=policy, expected_version=kind.version))
    assert reply.status == 'FAILED_PRECONDITION' and 'policy.valid_from' in reply.fields, reply


def calendar(*ranges, **more):
    hours = [proto.OpenRange(opens=opens, closes=closes) for opens, closes in ranges]
    document = proto.Calendar(name=f'bad-{uuid.uuid4().hex[:8]}', **more)
    document.weekly.add(weekday=1, ranges=hours)
    return message('SaveCalendar', calendar=message('WorkingCalendar', calendar=document,
                                                    teams=[uuid.uuid4().hex], reason='试'))


@pytest.mark.parametrize('ranges, more', [
    ([], {}), ([('09:00', '09:00')], {}), ([('18:00', '09:00')], {}), ([('9 am', '17:00')], {}),
    ([('09:00', '12:00'), ('11:00', '15:00')], {}), ([('09:00', '12:00')], {'zone': 'Moon/Base'}),
    ([('09:00', '12:00')], {'off_days': ['2026-02-30']})],
    ids=['no-open-hour', 'empty', 'backwards', 'no-time', 'overlap', 'zone', 'day'])
def test_a_calendar_that_is_none_is_refused_by_name(desk, ranges, more):
    reply = desk.ask(calendar(*ranges, **more))
    assert reply.status == 'INVALID_ARGUMENT', reply
    assert reply.fields and all(f.startswith('calendar') for f in reply.fields), reply

"""Why a case is as it is, in a sentence and steps, in both languages; and what its complainant may
see of it."""
import itertools

import pytest

from tests.support import proto
from tests.support.case_rows import CaseRows
from tests.support.client import Client
from tests.support.stack import Stack

_numbers = itertools.count(1)


@pytest.fixture(scope='module')
def house(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp('explain')).up()
    yield stack
    stack.down()


@pytest.fixture
def rows(house):
    return CaseRows(house)


@pytest.fixture(scope='module')
def client(house):
    with Client(house, url=f'tcp://127.0.0.1:{house.base_port + 20}') as it:
        yield it


def ok(client, message, **more):
    reply = client.ask(message, **more)
    assert reply.status == 'OK', reply
    return reply.payload


def opened(client, customer='', **more):
    who = proto.Complainant(customer_ref=customer) if customer else \
        proto.Complainant(anonymous=True)
    return ok(client, proto.OpenComplaint(channel=4, content='The kettle leaks.', complainant=who,
                                          **more)).number


def why(client, number, about, lang='en', **more):
    made = ok(client, proto.ExplainCase(ref=number, about=about, lang=lang), **more)
    assert '\n' not in made.sentence
    return made.sentence, list(made.steps)


def test_a_clock_is_told_with_its_term_and_the_days_that_count(client):
    number = opened(client)
    due = ok(client, proto.GetCase(ref=number)).clocks
    resolution = next(clock for clock in due if clock.kind == 'resolution')
    local = resolution.due_at.ToJsonString()[:10]
    sentence, steps = why(client, number, 'clock:resolution')
    assert '5 working days' in sentence and len(steps) > 4
    assert any(local[:8] in step for step in steps)
    sentence, steps = why(client, number, 'clock:resolution', 'zh')
    assert '5个工作日' in sentence and '政策v' in sentence


def test_a_clock_that_took_the_place_of_another_names_it(client):
    number = opened(client)
    ok(client, proto.SetSeverity(ref=number, reason='hot water',
                                 severity=proto.SeverityFacts(safety=4)))
    _, steps = why(client, number, 'clock:resolution')
    assert steps[0].startswith('before: ') and '5 working days' in steps[0]


def test_priority_follows_severity_and_customer(client, rows):
    rows.customer(number=f'KH7710{next(_numbers):02}', grade='A')
    number = opened(client, f'KH7710{next(_numbers) - 1:02}',
                    severity=proto.SeverityFacts(amount_micros=20_000_000_000))
    sentence, steps = why(client, number, 'priority')
    assert sentence.startswith('priority urgent: severity serious, one step up for an A customer')
    assert '¥20,000.00' in sentence
    assert steps[-2:] == ['one step up for an A customer',
                          'priority urgent, by which deadlines and work lists go']
    assert why(client, number, 'priority', 'zh')[0].startswith('优先级紧急:严重程度严重,A级客户')


def test_severity_is_the_maximum_of_its_facts(client):
    number = opened(client, severity=proto.SeverityFacts(safety=2, legal_or_media=3))
    sentence, steps = why(client, number, 'severity')
    assert sentence == ('severity serious; safety: ordinary; legal or media: serious (policy v1)')
    assert 'safety: ordinary' in steps and 'legal or media: serious' in steps
    assert steps[-1] == 'the highest counts: severity serious'
    plain = why(client, opened(client), 'severity', 'zh')
    assert plain[0] == '严重程度一般;没有其他情节(政策v1)'


def test_what_keeps_a_case_from_being_closed_is_a_list(client):
    sentence, steps = why(client, opened(client), 'closing')
    assert sentence == f'it cannot be closed yet, for want of {len(steps)} things'
    assert 'the cause is missing' in steps
    assert why(client, opened(client), 'closing', 'zh')[0].startswith('还不能结案:缺')


def test_a_closed_case_and_a_historic_one_say_so(client, rows):
    closed = rows.add(state='closed').number
    historic = rows.add(state='investigating', is_historic=True).number
    assert why(client, closed, 'closing') == ('it has ended', [])
    assert why(client, historic, 'closing')[0].startswith('historic')


def test_a_repeat_complainant_is_told_with_both_windows(client, rows):
    him = rows.customer()
    for n in range(3):
        number = rows.add(customer_id=him, at=-3600 * n - 60, fault=1 if n else 0).number
    sentence, steps = why(client, number, 'repeat')
    assert sentence.startswith('repeat complainant') and '3 in 90 days' in sentence
    assert 'our fault 2 (66.66%)' in sentence
    assert any(': 3; from 3 on a repeat complainant' in step for step in steps)
    assert why(client, number, 'repeat', 'zh')[0].startswith('多次投诉客户')


@pytest.mark.parametrize('question,field', [
    (dict(about='weather'), 'about'), (dict(about=''), 'about'), (dict(about='clock:'), 'about'),
    (dict(about='clock:lunch'), 'about'), (dict(about='priority', lang='de'), 'lang'),
    (dict(about='priority', ref='?'), 'ref')])
def test_a_wrong_question_names_its_field(client, question, field):
    reply = client.ask(proto.ExplainCase(**{'ref': 'TS-20260101-0001', **question}))
    assert reply.status == 'INVALID_ARGUMENT' and field in reply.fields, reply


def test_a_clock_that_the_case_has_not_is_not_found(client):
    assert client.ask(proto.ExplainCase(ref=opened(client), about='clock:regulatory')).status == \
        'NOT_FOUND'


def test_outside_of_the_sight_nothing_is_explained_or_shown(client, rows):
    code = f'explain.{next(_numbers)}'
    rows.staff(code, 'salesperson')
    number = rows.add(customer_id=rows.customer()).number
    for question in (proto.ExplainCase(ref=number, about='priority'),
                     proto.GetComplainantView(ref=number)):
        assert client.ask(question, actor=code).status == 'PERMISSION_DENIED'
        assert client.ask(question).status == 'OK'


# --- what the complainant may see ---

def test_the_complainant_sees_his_words_ours_to_him_and_no_others(client, rows, house):
    code = f'view.{next(_numbers)}'
    rows.staff(code, 'complaint_handler')
    customer = f'KH7720{next(_numbers):02}'
    rows.customer(number=customer)
    number = opened(client, customer)
    ok(client, proto.TakeCase(ref=number, handler=code))
    ok(client, proto.AddNote(ref=number, text='internal: he shouts'))
    ok(client, proto.SendCaseMessage(ref=number, text='We look into it.', channel='sms'))
    ok(client, proto.RecordReply(ref=number, text='Please hurry.', channel=7))
    ok(client, proto.LogCall(ref=number, outcome='reached', text='noted: wants money',
                             substantive=True))
    ok(client, proto.SaveLesson(ref=number, lesson=proto.Lesson(text='check the seals')))
    view = ok(client, proto.GetComplainantView(ref=number))
    assert (view.number, view.state_zh, view.state_en) == (number, '已受理', 'acknowledged')
    assert view.handler == code
    assert [(m.from_complainant, m.text) for m in view.messages] == [
        (False, 'We look into it.'), (True, 'Please hurry.')]
    assert all(not m.by and not m.delivery and not m.internal for m in view.messages)
    resolution = next(clock for clock in ok(client, proto.GetCase(ref=number)).clocks
                      if clock.kind == 'resolution')
    assert view.answer_by == resolution.due_at
    for secret in ('he shouts', 'wants money', 'check the seals'):
        assert secret not in str(view)


def test_a_look_as_the_complainant_is_audited(client, house):
    number = opened(client)
    ok(client, proto.GetComplainantView(ref=number))
    assert house.value("select count(*) from complaints.audit where detail ="
                       " 'as the complainant sees it' and subject = (select id::text from"
                       " complaints.cases where number = %s)", number) == 1


def test_an_unknown_case_is_not_found(client):
    assert client.ask(proto.GetComplainantView(ref='TS-20200101-0001')).status == 'NOT_FOUND'
    assert client.ask(proto.GetComplainantView(ref='?')).status == 'INVALID_ARGUMENT'

"""Privacy of cases: who is restricted is hidden from all but the privacy officer and the handler of
the open case; a case holds an erasure; of who was erased nothing is left (row 29)."""
import json

import pytest

from tests.support import contacts, proto
from tests.support.case_person import (
    NAME, PHONE, SAID, VALUES, WORDS, erase, good, hire, new_person, standing)
from tests.support.client import Client, day, timestamp
from tests.support.consumed import both_level, catches_up
from tests.support.desk import Desk, enum, submitted
from tests.support.stack import until
from tests.support.traces import everything, traces


@pytest.fixture
def stack(new_stack):
    """One for each test: what another left would be found here."""
    return new_stack()


@pytest.fixture
def client(stack, source):
    with Client(stack, source=source) as it:
        yield it


@pytest.fixture
def desk(stack, source):
    with Desk(stack, source) as it:
        yield it


@pytest.fixture
def staff(stack, client, source):
    return hire(stack, client, source)


def shown(desk, person, ref):
    desk.actor = person.code if person else ''
    try:
        return desk.ok('GetCase', ref=ref, with_history=True)
    finally:
        desk.actor = ''


def say_everywhere(desk, staff, number):
    """Every door of a case that is looked into, through which somebody's words come in."""
    wang = staff['wang']
    desk.ok('TakeCase', ref=number, handler=wang.code)
    desk.ok('AssignCase', ref=number, handler=wang.code, team='after-sales', reason=SAID)
    desk.ok('StartInvestigation', ref=number, note=SAID)
    desk.ok('AddNote', ref=number, text=SAID,
            attachments=[dict(url=f'https://x.cn/{PHONE}.jpg', name=NAME)])
    desk.ok('SendCaseMessage', ref=number, text=SAID, channel='email')
    desk.ok('LogCall', ref=number, outcome='reached', text=SAID, substantive=True)
    desk.ok('RecordReply', ref=number, text=SAID)
    desk.ok('SaveSubtask', ref=number, subtask=dict(
        unit='factory', text=SAID, due_at=timestamp('2032-01-01T00:00:00Z')))
    task = desk.ok('GetCase', ref=number).subtasks[0]
    desk.ok('SaveSubtask', ref=number, subtask=dict(
        subtask_id=task.subtask_id, unit='factory', text=SAID, result=SAID,
        due_at=timestamp('2032-01-01T00:00:00Z')))
    desk.ok('SaveAction', ref=number, action=dict(
        kind='corrective', text=SAID, owner=wang.code, due_on=day(70)))
    desk.ok('SaveLesson', ref=number, lesson=dict(text=SAID))
    desk.ok('SetSeverity', ref=number, severity=dict(safety=enum('SEVERITY_MINOR')), reason=SAID)
    desk.ok('ChaseCase', ref=number, text=SAID)
    desk.ok('SuperviseCase', ref=number, on=True, reason=SAID)
    desk.ok('PauseClocks', ref=number, reason=SAID)
    desk.ok('ResumeClocks', ref=number)


def settle(desk, staff, number):
    """From a proposal to the end of a case."""
    desk.ok('TakeCase', ref=number, handler=staff['wang'].code)
    desk.ok('StartInvestigation', ref=number)
    desk.ok('ProposeSolution', ref=number, text=SAID, alternatives=[SAID],
            remedy=dict(kind='apology', description=SAID))
    desk.ok('AgreeSolution', ref=number, note=SAID)
    desk.ok('AnswerCase', ref=number, text=SAID, spoken=True)
    desk.ok('DisputeCase', ref=number, reason=SAID)
    desk.ok('StartInvestigation', ref=number, note=SAID)
    desk.ok('ProposeSolution', ref=number, text=SAID, remedy=dict(kind='explanation'))
    desk.ok('AgreeSolution', ref=number)
    desk.ok('AnswerCase', ref=number, text=SAID, spoken=True)
    desk.ok('ConfirmCase', ref=number, satisfied=True, by_customer=True, note=SAID)
    desk.ok('SetCause', ref=number,
            handling=dict(cause='delivery.damage', unit='物流部', fault=enum('FAULT_COMPANY')))
    desk.ok('SaveLesson', ref=number, lesson=dict(none_because=SAID))
    desk.ok('CloseCase', ref=number, reason=SAID)


def figures(desk):
    return desk.ok('ReportComplaints', by=enum('COMPLAINT_KEY_TOTAL'))


def test_row_29_of_an_erased_customers_cases_nothing_is_left_and_counts_stay(
        stack, client, desk, source, staff):
    him = new_person(client, source)
    catches_up(stack)
    number = desk.open(SAID, customer_ref=f'{source}:P1', summary=NAME, order='o-1').number
    say_everywhere(desk, staff, number)
    other = desk.open(SAID, customer_ref=f'{source}:P1', order='o-2').number
    settle(desk, staff, other)
    wish = desk.open(SAID, customer_ref=f'{source}:P1', kind='SUGGESTION', order='o-3').number
    desk.ok('RecordWork', ref=wish, not_because=SAID)
    desk.publish(submitted(source, SAID, customer_ref=f'{source}:P1', at='2099-01-01T00:00:00Z'))
    both_level(stack)
    assert {table for table, _ in traces(stack, VALUES)} >= {
        'cases', 'case_entry', 'case_message', 'case_subtask', 'case_action', 'case_lesson',
        'quarantine'}

    asked = erase(client, customer_ref=him)
    assert asked.state == 'erasing'
    assert [(hold.kind, hold.holder, hold.subject) for hold in asked.holds] == \
        [('case', 'complaints', number), ('case', 'complaints', wish)]
    both_level(stack)
    before = figures(desk)
    desk.ok('WithdrawCase', ref=number, reason=SAID)
    both_level(stack)
    assert standing(client, customer_ref=him).state == 'erasing'
    desk.ok('WithdrawCase', ref=wish, reason=SAID)

    until(lambda: standing(client, customer_ref=him).state == 'erased')
    until(lambda: {part.service for part in standing(client, customer_ref=him).parts} ==
          {'customers', 'complaints'})
    part, = [part for part in standing(client, customer_ref=him).parts
             if part.service == 'complaints']
    assert part.values >= 30
    assert traces(stack, VALUES) == []
    assert stack.value(
        "select count(*) from complaints.cases where customer_external_id <> ''") == 0
    until(lambda: stack.value('select count(*) from customers.number_mark') == 0)
    assert stack.value('select count(*) from customers.number_told') == 0
    after = figures(desk)
    assert after.rows[0].complaints == before.rows[0].complaints - 1    # withdrawn: not counted
    assert after.rows[0].our_fault == 1 and after.rows[0].closed == 1
    case = shown(desk, None, number)
    assert (case.number, case.content, case.summary) == (number, '', '')
    assert case.customer_ref == ''
    assert case.customer_id and len(case.history) > 5 and len(case.messages) > 3


def test_who_is_restricted_is_seen_by_the_handler_of_the_open_case_alone(
        stack, client, desk, source, staff):
    him = new_person(client, source)
    catches_up(stack)
    number = desk.open(SAID, customer_ref=him).number
    desk.ok('TakeCase', ref=number, handler=staff['wang'].code)
    desk.ok('AddNote', ref=number, text=SAID)
    good(client.ask(proto.RestrictPerson(person=proto.PersonRef(customer_ref=him), reason='申请')))
    catches_up(stack)
    for name, sees in (('wang', True), ('officer', True), ('chen', False), ('boss', False),
                       (None, False)):
        case = shown(desk, staff.get(name), number)
        assert (case.content == SAID) == sees, name
        assert (case.customer_id != '') == sees, name
        assert sees or not any(value in str(case) or value.encode('unicode_escape').decode() in
                               str(case) for value in VALUES), name
        desk.actor = staff[name].code if name else ''
        listed = desk.ok('ListCases', text='茶马古道').cases
        assert (number in [row.number for row in listed]) == sees, name
        listed = desk.ok('ListCases').cases
        assert number in [row.number for row in listed], name
        desk.actor = ''

    good(client.ask(proto.LiftRestriction(person=proto.PersonRef(customer_ref=him), reason='撤回')))
    catches_up(stack)
    assert shown(desk, staff['chen'], number).content == SAID


def test_a_contacts_case_holds_his_erasure_and_ends_with_it(stack, client, desk, source, staff):
    company = good(client.ask(proto.RegisterCustomer(
        refs=[f'{source}:C1'], facts=[proto.Fact(field='name', value='昆明灯具有限公司')]))).number
    him = contacts.save(client, company, name=NAME,
                        channels=[contacts.channel('mobile', PHONE)]).contact_id
    catches_up(stack)
    his = desk.open(SAID, customer_ref=company, contact_id=him).number
    others = desk.open('别人的投诉', customer_ref=company, order='o-2').number
    both_level(stack)
    assert [hold.subject for hold in erase(client, contact_id=him).holds] == [his]
    desk.ok('WithdrawCase', ref=his, reason='客户撤回')
    until(lambda: standing(client, contact_id=him).state == 'erased')
    until(lambda: len(standing(client, contact_id=him).parts) == 2)
    assert traces(stack, VALUES) == []
    assert shown(desk, staff['boss'], others).content == '别人的投诉'
    assert stack.value('select count(*) from complaints.phone_holder') == 0


def test_who_is_erased_before_his_case_is_known_is_forgotten_when_it_ends(
        stack, client, desk, source, staff):
    him = new_person(client, source)
    catches_up(stack)
    stack.sql("update customers.consumer set lease = 'nobody', epoch = epoch + 1,"
              " leased_until = clock_timestamp() + '5 minutes' where log = 'complaints'")
    number = desk.open(SAID, customer_ref=him).number       # customers do not hear of it yet
    assert erase(client, customer_ref=him).state == 'erased'
    catches_up(stack)
    assert desk.row(number, 'content') == SAID
    assert shown(desk, staff['chen'], number).content == ''
    stack.sql("update customers.consumer set leased_until = clock_timestamp()"
              " where log = 'complaints'")
    desk.ok('WithdrawCase', ref=number, reason='客户撤回')
    until(lambda: desk.row(number, 'content') == '')
    until(lambda: len(standing(client, customer_ref=him).parts) == 2)


def test_events_and_receipts_of_cases_say_nothing_personal(stack, client, desk, source, staff):
    him = new_person(client, source)
    catches_up(stack)
    number = desk.open(SAID, customer_ref=him, summary=NAME).number
    say_everywhere(desk, staff, number)
    both_level(stack)
    rows = everything(stack, 'complaints')
    for table in ('log', 'receipt', 'audit', 'customer_standing', 'clock', 'case_queue'):
        for value in VALUES:
            spelt = value.encode().hex()
            assert not any(value in row or spelt in row for row in rows[table]), (table, value)


def test_of_an_erased_customer_no_refused_complaint_is_left_however_long_it_was(
        stack, client, desk, source, staff):
    him = new_person(client, source)
    catches_up(stack)
    refused = desk.publish(submitted(source, SAID + '冤' * 70000, customer_ref=f'{source}:P1'))
    assert refused.refusal()[0] == 'data.complaint.content'
    assert ('quarantine', NAME) in traces(stack, VALUES)
    erase(client, customer_ref=him)
    until(lambda: {part.service for part in standing(client, customer_ref=him).parts} ==
          {'customers', 'complaints'}, 30)
    assert traces(stack, VALUES) == []


# --- subject access ---

def cases_told(desk, ids, **more):
    """{number: {table: rows}} of GetSubjectCases, all pages."""
    told, token = {}, ''
    while True:
        page = desk.ok('GetSubjectCases', person_ids=ids, page_token=token, **more)
        cases = json.loads(page.json)['cases']
        assert len(cases) == page.cases
        for case in cases:
            told[case['case']] = {part['table']: part['rows'] for part in case['parts']}
        token = page.next_page_token
        if not token:
            return told


def test_subject_access_tells_all_that_is_kept_of_his_cases_and_of_nobody_elses(
        stack, client, desk, source, staff, tmp_path):
    him = new_person(client, source)
    catches_up(stack)
    number = desk.open(SAID, customer_ref=f'{source}:P1', summary=NAME, order='o-1').number
    say_everywhere(desk, staff, number)
    other = desk.open(SAID, customer_ref=f'{source}:P1', order='o-2').number
    settle(desk, staff, other)
    desk.ok('RateCase', ref=other, rating=4, text=SAID)
    desk.open('别人的投诉', customer_ref=f'{source}:P2')
    kept = {(table, column): stack.value(
        f"select count(*) from complaints.{table} where {column} like '%%{WORDS}%%'")
        for table, column in (('cases', 'content'), ('cases', 'remedy_text'),
                              ('case_entry', 'reason'), ('case_message', 'text'),
                              ('case_subtask', 'text'), ('case_subtask', 'result'),
                              ('case_action', 'text'), ('case_lesson', 'text'),
                              ('case_lesson', 'none_because'), ('case_rating', 'text'))}
    assert all(kept.values()), kept

    file = tmp_path / 'him.json'
    assert stack.kehuctl('--as', staff['officer'].code, 'privacy', 'access', him,
                         '--out', file).returncode == 0
    document = json.loads(file.read_text())
    assert NAME in json.dumps(document['parts'], ensure_ascii=False)
    assert [case['case'] for case in document['cases']] == [number, other]
    assert '别人的投诉' not in file.read_text()
    rows = {}
    for case in document['cases']:
        for part in case['parts']:
            rows.setdefault(part['table'], []).extend(part['rows'])
    assert {key: sum(WORDS in (row[key[1]] or '') for row in rows[key[0]])
            for key in kept} == kept
    assert {'case_attempt', 'clock'} & set(rows) == {'clock'}
    assert (rows['cases'][1]['kind'], rows['cases'][1]['state']) == ('complaint', 'closed')
    assert rows['case_message'][0]['attachments'][0]['name'] == NAME
    assert stack.value("select count(*) from complaints.audit where act = 'subject access'"
                       " and actor = %s", staff['officer'].code) == 1

    ids = list(good(client.ask(proto.GetSubjectAccess(
        person=proto.PersonRef(customer_ref=him)))).person_ids)
    assert list(cases_told(desk, ids)) == list(cases_told(desk, ids, page_size=1)) == [
        number, other]
    good(client.ask(proto.RestrictPerson(person=proto.PersonRef(customer_ref=him), reason='申请')))
    catches_up(stack)
    assert SAID in json.dumps(cases_told(desk, ids), ensure_ascii=False)
    desk.actor = staff['boss'].code
    assert desk.say('GetSubjectCases', person_ids=ids).status == 'PERMISSION_DENIED'
    stack.new_key('desk', call='complaints.*')
    with Desk(stack, 'desk', key='desk') as own:
        reply = own.say('GetSubjectCases', person_ids=ids)
        assert reply.status == 'PERMISSION_DENIED' and 'privacy officer' in reply.message


def test_a_contacts_cases_and_those_of_his_number_are_told(stack, client, desk, source, staff):
    companies = [good(client.ask(proto.RegisterCustomer(
        refs=[f'{source}:C{n}'], facts=[proto.Fact(field='name', value=f'昆明灯具{n}')]))).number
        for n in range(2)]
    catches_up(stack)
    unknown = desk.open(SAID, phone=PHONE).number        # nobody has that number yet
    him = contacts.save(client, companies[0], name=NAME,
                        channels=[contacts.channel('mobile', PHONE)]).contact_id
    good(client.ask(proto.LinkContact(contact_id=him, link=proto.ContactLink(
        customer_ref=companies[1], role='manager'))))
    both_level(stack)
    until(lambda: stack.value('select count(*) from complaints.phone_holder') == 1)
    his = desk.open(SAID, customer_ref=companies[0], contact_id=him).number
    desk.open('公司的投诉', customer_ref=companies[0], order='o-2')
    ids = list(good(client.ask(proto.GetSubjectAccess(
        person=proto.PersonRef(contact_id=him)))).person_ids)
    assert ids == [him]
    assert list(cases_told(desk, ids)) == [unknown, his]


def test_the_numbers_of_a_person_are_found_by_an_index_among_a_million(stack):
    """What could be found by an index is: a plan that walks the table has none to use."""
    for condition in ('customer_id = any($1) or contact_id = any($1)',
                      'customer_id = $1[1]', 'contact_id = $1[1]'):
        plan = '\n'.join(row[0] for row in stack.sql(
            'deallocate all; set local enable_seqscan = off;'
            ' set local plan_cache_mode = force_generic_plan; prepare holder(uuid[]) as'
            f' select hash from complaints.phone_holder where {condition};'
            ' explain execute holder(array[gen_random_uuid()])'))
        assert 'Seq Scan' not in plan, plan


def test_without_the_complaints_service_half_a_document_is_not_written_unless_asked_for(
        stack, client, source, tmp_path):
    him = new_person(client, source)
    file, nowhere = tmp_path / 'him.json', {'KEHU_COMPLAINTS_URL': 'tcp://127.0.0.1:1'}
    answer = stack.kehuctl('privacy', 'access', him, '--out', file, '--timeout', '1', **nowhere)
    assert answer.returncode == 3 and not file.exists()
    assert 'complaints at tcp://127.0.0.1:1' in answer.stderr
    assert 'nothing was written' in answer.stderr and '--without-cases' in answer.stderr
    answer = stack.kehuctl('privacy', 'access', him, '--timeout', '1', **nowhere)
    assert answer.returncode == 3 and answer.stdout == '' and 'nothing was shown' in answer.stderr
    answer = stack.kehuctl('privacy', 'access', him, '--out', file, '--without-cases',
                           '--timeout', '1', **nowhere)
    assert answer.returncode == 0, answer
    document = json.loads(file.read_text())
    assert document['without'] == ['cases'] and 'cases' not in document
    assert NAME in file.read_text()

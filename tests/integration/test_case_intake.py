"""Cases as people open them: what is needed, what is kept, what joins what."""
import datetime
import random

import pytest

from tests.support import contacts
from tests.support.desk import Desk, enum, message, opening
from tests.support.client import Client, placed
from tests.support.consumed import catches_up
from tests.support.stack import until
from tests.support.staff import People

RUNNING, STOPPED = 1, 3
MET = 1
AUTO_ACKNOWLEDGE, ACKNOWLEDGE, FIRST_RESPONSE, PROGRESS, RESOLUTION, CONFIRMATION, REGULATORY = \
    range(1, 8)
RECEIVED, CLOSED, REOPENED = 1, 9, 15


@pytest.fixture
def desk(stack, source):
    with Desk(stack, source) as it:
        yield it


@pytest.fixture
def client(stack, source):
    with Client(stack, source=source) as it:
        yield it


def known(stack, client, source, name='C1'):
    """A customer that complaints knows of: 'source:name'."""
    client.publish(placed(f'{name}-order', source, customer=name))
    catches_up(stack)
    return f'{source}:{name}'


def customer_id(stack, ref):
    source, name = ref.split(':', 1)
    return stack.value('select customer_id::text from complaints.customer_reference'
                       ' where source = %s and external_id = %s', source, name)


def refused(desk, field, **given):
    reply = desk.ask(opening(**given))
    assert reply.status in ('INVALID_ARGUMENT', 'FAILED_PRECONDITION'), reply
    assert field in reply.fields, reply
    return reply.fields[field]


# --- what a case is ---

def test_a_case_is_recorded_with_number_clocks_queue_history_and_event(desk):
    case = desk.open('灯坏了\n第二行 😀', product='lamp', issue='broken', region='云南')
    today = desk.stack.value("select to_char(now() at time zone 'Asia/Shanghai', 'YYYYMMDD')")
    assert case.number.startswith(f'TS-{today}-') and case.state == RECEIVED
    assert desk.row(case.number, 'content', 'summary', 'product', 'issue', 'region',
                    'is_anonymous', 'is_historic') == \
        ('灯坏了\n第二行 😀', '灯坏了', 'lamp', 'broken', '云南', True, False)
    # Anonymous: there is nobody to be told anything.
    assert desk.clocks(case.number) == {ACKNOWLEDGE: (RUNNING, 0), RESOLUTION: (RUNNING, 0)}
    assert desk.stack.value('select count(*) from complaints.case_queue where case_id = %s',
                            case.case_id) == 1
    assert desk.stack.sql('select act, to_state from complaints.case_entry where case_id = %s',
                          case.case_id) == [('open', RECEIVED)]
    opened, = desk.told(case.case_id, 'ComplaintOpened')
    assert (opened.number, opened.product, opened.historic) == (case.number, 'lamp', False)


def test_a_case_of_which_all_words_are_as_long_as_they_may_be_is_recorded(desk):
    """Indexes hold them all together, and have no room for more."""
    draw = random.Random(7)
    product, issue, region, batch = (''.join(chr(draw.randrange(0x20000, 0x2a000))
                                             for _ in range(length))
                                     for length in (200, 200, 100, 100))
    case = desk.open('灯坏了', product=product, issue=issue, region=region, batch=batch)
    assert desk.row(case.number, 'product', 'issue', 'region', 'batch') == \
        (product, issue, region, batch)


def test_each_kind_counts_its_own_numbers(desk):
    prefixes = {'COMPLAINT': 'TS', 'SUGGESTION': 'JY', 'FEEDBACK': 'FK', 'ENQUIRY': 'ZX',
                'SERVICE_REQUEST': 'FW'}
    for kind, prefix in prefixes.items():
        first, second = desk.open(kind=kind).number, desk.open(kind=kind).number
        assert first.startswith(prefix + '-') and second.startswith(prefix + '-')
        assert int(second[12:]) == int(first[12:]) + 1


def test_the_same_request_again_is_answered_again(desk):
    body = desk.request(opening('一次'))
    desk.send(body)
    first = desk.answer_to(body)
    desk.send(body)
    again = desk.answer_to(body)
    assert first.payload == again.payload
    assert desk.stack.value("select count(*) from complaints.cases where number = %s",
                            first.payload.number) == 1


# --- what is needed, and what is refused ---

def test_content_time_and_complainant_are_needed(desk):
    assert 'missing' in refused(desk, 'content', content='')
    assert 'missing' in refused(desk, 'content', content=' \n\t ')
    assert 'anonymous' in refused(desk, 'complainant', anonymous=False)
    assert 'future' in refused(desk, 'submitted_at', at=-3600)


def test_everything_that_is_wrong_is_named_at_once(desk):
    reply = desk.ask(opening(content='', customer_ref='nobody', at=-86400))
    assert set(reply.fields) == {'content', 'complainant.customer_ref', 'submitted_at'}


def test_a_mebibyte_of_text_is_refused_with_what_would_be_right(desk):
    assert '65536' in refused(desk, 'content', content='长' * (1 << 20))
    case = desk.open('长' * 65536)
    assert len(desk.row(case.number, 'content')) == 65536
    assert len(desk.row(case.number, 'summary')) == 100


def test_a_clock_that_is_a_little_ahead_is_taken_as_now(desk):
    case = desk.open(at=-60)
    assert desk.row(case.number, 'submitted_at <= now()')


def test_attachments_are_kept_by_reference(desk):
    good = message('Attachment', url='https://files.example.com/a.jpg', name='照片.jpg',
                   media_type='image/jpeg', bytes=1234, sha256='ab' * 32)
    case = desk.open(attachments=[good])
    kept = desk.stack.value('select attachments::json->0->>%s from complaints.case_message'
                            ' where case_id = %s', 'name', case.case_id)
    assert kept == '照片.jpg'
    for url in ('http://files.example.com/a', 'javascript:alert(1)', '//evil.example.com/a', ''):
        assert refused(desk, 'attachments[0].url', attachments=[message('Attachment', url=url)])
    assert refused(desk, 'attachments', attachments=[good] * 21)
    assert refused(desk, 'attachments[0].sha256',
                   attachments=[message('Attachment', url='/a', sha256='12')])


# --- who ---

def test_a_known_customer_is_linked_and_his_message_is_acknowledged(stack, desk, client, source):
    ref = known(stack, client, source)
    case = desk.open(customer_ref=ref, channel='WECHAT')
    assert desk.row(case.number, 'customer_id::text') == customer_id(stack, ref)
    assert desk.clocks(case.number)[AUTO_ACKNOWLEDGE] == (RUNNING, 0)
    wanted, = desk.told(case.case_id, 'CaseMessageWanted')
    assert wanted.occasion == 'acknowledge' and wanted.message_id
    spoken = desk.open(customer_ref=ref, channel='PHONE', content='另一件')
    assert desk.clocks(spoken.number)[AUTO_ACKNOWLEDGE] == (STOPPED, MET)
    assert not desk.told(spoken.case_id, 'CaseMessageWanted')


def test_by_number_and_id_too(stack, desk, client, source):
    ref = known(stack, client, source)
    number = client.customer(ref).number
    for form in (number, number.lower(), customer_id(stack, ref)):
        case = desk.open(customer_ref=form, content=f'由{form}')
        assert desk.row(case.number, 'customer_id::text') == customer_id(stack, ref)


def test_an_unknown_customer_is_recorded_and_linked_when_he_appears(stack, desk, client, source):
    case = desk.open(customer_ref=f'{source}:late')
    assert desk.row(case.number, 'customer_id', 'customer_source', 'customer_external_id') == \
        (None, source, 'late')
    version = desk.row(case.number, 'version')
    ref = known(stack, client, source, 'late')
    assert desk.row(case.number, 'customer_id::text') == customer_id(stack, ref)
    assert desk.row(case.number, 'version') == version + 1
    assert ('link',) in stack.sql('select act from complaints.case_entry where case_id = %s',
                                  case.case_id)


def test_a_customer_of_grade_a_comes_one_step_up(stack, desk, client, source):
    ref = known(stack, client, source)
    stack.sql("update complaints.customer_seen set grade = 'A' where customer_id = %s",
              customer_id(stack, ref))
    assert desk.open().priority == enum('PRIORITY_NORMAL')
    assert desk.open(customer_ref=ref).priority == enum('PRIORITY_HIGH')


# --- severity ---

def test_severity_follows_from_its_facts_and_serious_cases_are_reported(desk):
    facts = message('SeverityFacts', amount_micros=10_000 * 1_000_000)
    case = desk.open(severity=facts)
    assert case.priority == enum('PRIORITY_HIGH')
    assert len(desk.told(case.case_id, 'SeriousCaseReported')) == 1
    other = desk.open(severity=message('SeverityFacts', amount_micros=10_000 * 1_000_000,
                                       currency='USD'))
    assert other.priority == enum('PRIORITY_NORMAL')  # nobody knows how much that is
    safety = desk.open(severity=message('SeverityFacts', safety=enum('SEVERITY_CRITICAL')))
    assert safety.priority == enum('PRIORITY_URGENT')


def test_the_third_complaint_of_one_batch_is_serious(desk, source):
    batch = dict(product=f'{source}-kettle', batch='B7')
    severities = [desk.row(desk.open(f'水壶{n}', **batch).number, 'severity') for n in range(3)]
    assert severities == [enum('SEVERITY_ORDINARY')] * 2 + [enum('SEVERITY_SERIOUS')]


# --- regulators ---

def test_a_regulators_case_has_its_own_clock(desk):
    today = desk.stack.value("select (now() at time zone 'Asia/Shanghai')::date")
    deadline = today + datetime.timedelta(days=20)
    authority = message('Authority', name='12315', number='2026-77', date=str(today),
                        deadline=str(deadline))
    case = desk.open(channel='REGULATOR', authority=authority)
    assert desk.clocks(case.number)[REGULATORY] == (RUNNING, 0)
    assert desk.row(case.number, 'authority', 'authority_number', 'authority_deadline') == \
        ('12315', '2026-77', deadline)
    assert refused(desk, 'authority', channel='REGULATOR')
    assert refused(desk, 'channel', channel='PHONE', authority=authority)
    assert '12315' in refused(desk, 'authority.name', channel='REGULATOR',
                              authority=message('Authority', name='police', number='1',
                                                date=str(today)))
    assert refused(desk, 'authority.deadline', channel='REGULATOR',
                   authority=message('Authority', name='12345', number='1', date=str(today),
                                     deadline='2020-01-01'))
    for field in ('date', 'deadline'):
        days = {'date': str(today), 'deadline': '', field: '9026-11-20'}
        assert 'ten years ahead' in refused(
            desk, f'authority.{field}', channel='REGULATOR',
            authority=message('Authority', name='12345', number='1', **days))


# --- references elsewhere ---

def test_a_reference_elsewhere_belongs_to_one_case(desk, source):
    case = desk.open(external_ref=f'{source}:4711')
    assert case.number in refused(desk, 'external_ref', external_ref=f'{source}:4711')
    assert refused(desk, 'external_ref', external_ref='4711')


# --- joining ---

def test_the_same_order_of_the_same_customer_joins(stack, desk, client, source):
    ref = known(stack, client, source)
    first = desk.open(customer_ref=ref, order='O-1')
    again = desk.open('还是没有修好', customer_ref=ref, order='O-1')
    assert again.joined and again.number == first.number
    assert stack.sql('select text from complaints.case_message where case_id = %s'
                     ' and is_from_complainant', first.case_id) == [('还是没有修好',)]
    other = desk.open('另一单', customer_ref=ref, order='O-2')
    assert not other.joined and other.number != first.number
    assert list(other.possibly_same_as) == [first.number]


def test_another_customers_number_joins_nothing(stack, desk, client, source):
    mine, his = known(stack, client, source, 'mine'), known(stack, client, source, 'his')
    case = desk.open(customer_ref=mine)
    guess = desk.open(customer_ref=his, joins=case.number)
    assert not guess.joined and list(guess.possibly_same_as) == [case.number]
    named = desk.open('再说一点', customer_ref=mine, joins=case.number)
    assert named.joined and named.number == case.number


def test_what_leads_to_no_case_joins_nothing(desk):
    assert 'no case' in refused(desk, 'joins', joins='TS-20200101-0001')
    assert refused(desk, 'joins', joins='what')


def closed(desk, number, days):
    """The case as it would be so many days after its end."""
    desk.stack.sql('update complaints.cases set state = 9, closed_at = now() - %s * interval'
                   " '1 day' where number = %s", days, number)
    desk.stack.sql('delete from complaints.case_queue where case_id ='
                   ' (select id from complaints.cases where number = %s)', number)


def test_row_14_a_reply_after_13_days_reopens_and_after_15_makes_a_linked_case(desk):
    case, late = desk.open(), desk.open('两周后')
    closed(desk, case.number, 13)
    closed(desk, late.number, 15)
    again = desk.open('又坏了', joins=case.number)
    assert again.joined and again.number == case.number and again.state == REOPENED
    assert desk.row(case.number, 'reopened') == 1
    recurs = desk.open('又坏了', joins=late.number)
    assert not recurs.joined and recurs.number != late.number
    assert desk.row(recurs.number, 'recurs_of::text') == late.case_id
    assert desk.row(late.number, 'state') == CLOSED


def test_two_at_once_about_one_order_are_one_case(stack, desk, client, source):
    ref = known(stack, client, source)
    bodies = [desk.request(opening(f'第{n}次', customer_ref=ref, order='O-9')) for n in range(10)]
    for body in bodies:
        desk.send(body)
    replies = [desk.receive().payload for _ in bodies]
    assert len({reply.number for reply in replies}) == 1
    assert sum(reply.joined for reply in replies) == 9


# --- solved on the spot ---

def settling(desk, answer='换了一个新的', satisfied=True, handling=None, **given):
    asked = message('SettleComplaint', open=opening(**given), answer=answer, satisfied=satisfied)
    if handling:
        asked.handling.CopyFrom(handling)
    return desk.ask(asked, actor=desk.actor)


def test_a_case_settled_on_the_spot_is_answered_and_confirmed_and_says_what_is_open(
        stack, desk, client, source):
    ref = known(stack, client, source)
    handling = message('CaseHandling', fault=enum('FAULT_COMPANY'), unit='门店',
                       remedy=message('Remedy', kind='replacement', description='新灯'))
    reply = settling(desk, customer_ref=ref, handling=handling)
    assert reply.status == 'OK', reply
    case = reply.payload
    assert case.state == enum('CASE_STATE_CONFIRMED')
    assert set(case.open_conditions) == {'cause', 'lesson'}
    assert desk.row(case.number, 'state', 'fault', 'remedy', 'confirmation <> 0', 'version') == \
        (8, enum('FAULT_COMPANY'), 'replacement', True, case.version)
    clocks = desk.clocks(case.number)
    assert clocks[ACKNOWLEDGE] == clocks[FIRST_RESPONSE] == clocks[RESOLUTION] == (STOPPED, MET)
    acts = [act for act, in stack.sql('select act from complaints.case_entry where case_id = %s'
                                      ' order by id', case.case_id)]
    assert acts[:2] == ['open', 'settle']
    assert stack.sql('select text, delivery from complaints.case_message where case_id = %s',
                     case.case_id) == [('换了一个新的', 'spoken')]


def test_who_did_not_say_that_he_is_satisfied_is_asked(stack, desk, client, source):
    ref = known(stack, client, source)
    case = settling(desk, satisfied=False, customer_ref=ref).payload
    assert case.state == enum('CASE_STATE_CONFIRMATION_DUE')
    assert len(desk.told(case.case_id, 'ConfirmationWanted')) == 1


def test_a_remedy_above_the_limit_is_not_settled_on_the_spot(stack, desk, client, source):
    handler = People(stack, client, source).add('wang', 'complaint_handler')
    catches_up(stack)
    desk.actor = handler.code
    handling = message('CaseHandling', fault=enum('FAULT_COMPANY'),
                       remedy=message('Remedy', kind='refund', amount_micros=301 * 10**6))
    reply = settling(desk, handling=handling)
    assert reply.status == 'FAILED_PRECONDITION', reply
    assert 'handling.remedy.amount_micros' in reply.fields
    handling.remedy.amount_micros = 300 * 10**6
    case = settling(desk, handling=handling).payload
    assert desk.row(case.number, 'handler_id::text', 'remedy_micros') == (handler.id, 300 * 10**6)


def test_an_enquiry_is_opened_and_closed_in_one(desk):
    asked = message('RecordEnquiry', open=opening('几点开门?', kind='ENQUIRY'), answer='九点',
                    topic='opening hours')
    case = desk.ask(asked).payload
    assert case.number.startswith('ZX-') and case.state == enum('CASE_STATE_CLOSED')
    assert not case.open_conditions
    assert desk.row(case.number, 'topic', 'closed_at is not null') == ('opening hours', True)
    assert desk.stack.value('select count(*) from complaints.case_queue where case_id = %s',
                            case.case_id) == 0
    asked.open.kind = enum('CASE_KIND_COMPLAINT')
    assert 'open.kind' in desk.ask(asked).fields


def test_what_is_wrong_inside_is_named_by_its_path(desk):
    reply = settling(desk, answer='', content='')
    assert {'open.content', 'answer'} <= set(reply.fields)


# --- who is calling ---

def test_who_is_calling_in_one_question(stack, desk, client, source):
    ref = known(stack, client, source)
    case = desk.open('灯坏了', customer_ref=ref)
    caller = desk.ok('FindCaller', customer_ref=ref)
    assert caller.found and caller.customer_id == customer_id(stack, ref)
    assert [c.number for c in caller.open_cases] == [case.number]
    assert caller.cases_12_months == 1 and len(caller.orders) == 1
    assert caller.orders[0].net_micros == 10_000_000 and caller.orders[0].currency == 'CNY'
    assert not desk.ok('FindCaller', customer_ref=f'{source}:nobody').found
    assert 'phone' in desk.say('FindCaller').fields
    assert 'phone' in desk.say('FindCaller', phone='12').fields


def test_a_call_goes_to_whoever_alone_holds_the_number(stack, desk, client, source):
    """The customers service tells the holders of numbers by their keyed hashes."""
    ref = known(stack, client, source)
    phone = f'139{stack.value("select floor(random() * 1e8)::int"):08d}'
    contacts.save(client, ref, '王芳', channels=[contacts.channel('mobile', phone)])
    caller = until(lambda: (lambda found: found if found.found else None)(
        desk.ok('FindCaller', phone=phone)))
    assert caller.customer_id == customer_id(stack, ref) and caller.contact_id
    case = desk.open('有人打电话', phone=f'+86 {phone}')
    assert desk.row(case.number, 'customer_id::text', 'contact_id::text') == \
        (caller.customer_id, caller.contact_id)
    unknown = desk.open('谁也不认识', phone='13800009999')
    assert desk.row(unknown.number, 'customer_id', 'octet_length(phone_hash)') == (None, 32)

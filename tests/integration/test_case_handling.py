"""A case in the hands of people: taken, assigned, talked about, its messages delivered, replied to,
ended early, read whole. Rows 11 and 14 over the wire."""
import pytest
from google.protobuf import timestamp_pb2

from tests.support import proto
from tests.support.cases import Case
from tests.support.desk import Desk as Publisher
from tests.support.desk import event, message
from tests.support.stack import until

AUTO_ACKNOWLEDGE = 1
ACKNOWLEDGE, FIRST_RESPONSE, PROGRESS, RESOLUTION, CONFIRMATION = 2, 3, 4, 5, 6
RUNNING, STOPPED, SUPERSEDED = 1, 3, 4
OPEN, MET = 0, 1


@pytest.fixture
def sun(desk):
    return desk.person('sun', 'salesperson')


def later(desk, **span):
    """The clock of the service goes on."""
    desk.client.advance(span.get('days', 0) * 86400 + span.get('hours', 0) * 3600)


def now(desk):
    at = timestamp_pb2.Timestamp()
    at.CopyFrom(desk.ok(proto.GetClock()).now)
    return at


def read(case, by=None, history=True):
    return case.ok(proto.GetCase(with_history=history), by=by)


def outcome(case, kind):
    """(state, outcome) of the last clock of that kind."""
    return case.clock(kind)[-1]


# --- who has it ---

def test_who_takes_a_case_acknowledges_it(desk, li):
    case = desk.case()
    assert case.clock(ACKNOWLEDGE) == [(RUNNING, OPEN)]
    taken = case.ok(proto.TakeCase(), by=li)
    assert (taken.state, taken.version) == (2, 2)
    assert case.clock(ACKNOWLEDGE) == [(STOPPED, MET)]
    assert read(case).handler == li.code
    assert case.acts()[-1] == 'take'
    assert [(e.handler_id, e.from_handler_id) for e in case.told('CaseAssigned')] == [(li.id, '')]
    assert [(e.to, e.reason_code) for e in case.told('CaseMoved')] == [(2, 'take')]


def test_another_takes_it_over_and_nothing_moves(desk, li, wang):
    case = desk.case(handler=li)
    taken = case.ok(proto.TakeCase(), by=wang)
    assert taken.state == 3
    assert read(case).handler == wang.code
    assert case.told('CaseAssigned')[-1].from_handler_id == li.id


def test_the_same_request_gets_the_same_answer(desk, li):
    case = desk.case()
    first = case.ask(proto.TakeCase(), by=li, id='once')
    again = case.ask(proto.TakeCase(), by=li, id='once')
    assert first.payload == again.payload
    assert case.row('version') == 2
    other = case.ask(proto.AddNote(text='另一件'), by=li, id='once')
    assert other.status == 'FAILED_PRECONDITION', other


def test_another_version_is_refused_with_the_present_one(desk, li):
    case = desk.case(handler=li)
    reply = case.refused(proto.AssignCase(handler=li.code, expected_version=1), by=li)
    assert 'version 3, not 1' in reply.message
    assert 'expected_version' in reply.fields


def test_who_left_is_away_or_only_oversees_is_given_no_case(desk, li, wang):
    left = desk.person('left', 'complaint_handler', active=False)
    auditor = desk.person('audit', 'auditor')
    away = desk.person('away', 'complaint_handler')
    desk.stack.sql('update complaints.staff_seen set deputy_id = %s, absent_from ='
                   ' current_date - 2, absent_to = current_date + 2000 where staff_id = %s',
                   wang.id, away.id)
    case = desk.case(handler=li)
    assert 'has left' in case.refused(proto.AssignCase(handler=left.code), by=li).fields['handler']
    assert 'change nothing' in case.refused(
        proto.AssignCase(handler=auditor.code), by=li).fields['handler']
    why = case.refused(proto.AssignCase(handler=away.code), by=li).fields['handler']
    assert f'stands in for him: {wang.code}' in why
    assert 'nobody' in case.refused(proto.AssignCase(handler='nobody.such'), by=li,
                                    status='INVALID_ARGUMENT').fields['handler']


def test_a_team_gets_a_case_and_whoever_of_it_takes_it(desk, li, wang):
    case = desk.case(handler=li)
    case.ok(proto.AssignCase(team='售后一组', reason='专业问题'), by=li)
    seen = read(case)
    assert (seen.handler, seen.team) == ('', '售后一组')
    case.ok(proto.TakeCase(), by=wang)
    assert (read(case).handler, read(case).team) == (wang.code, '售后一组')


def test_who_is_recused_neither_takes_nor_is_given_nor_calls(desk, li, wang, zhao):
    case = desk.case(handler=li)
    desk.stack.sql('insert into complaints.case_recusal (case_id, staff_id, hides_complainant, at)'
                   ' values (%s, %s, true, now())', case.id, wang.id)
    case.refused(proto.TakeCase(), by=wang, status='PERMISSION_DENIED')
    case.refused(proto.LogCall(outcome='reached'), by=wang, status='PERMISSION_DENIED')
    assert 'recused' in case.refused(
        proto.AssignCase(handler=wang.code), by=li).fields['handler']
    hidden = read(case, by=wang)
    assert hidden.hidden
    assert (hidden.content, hidden.summary, hidden.customer_id) == ('', '', '')
    assert hidden.recused == [wang.code]
    assert read(case, by=li).content == '茶饼受潮发霉'


# --- what is said ---

def test_a_note_is_internal_and_holds_nobody_up(desk, li, zhao):
    case = desk.case(handler=li)
    before = case.row('version')
    case.ok(proto.AddNote(text='第一行\n第二行', attachments=[
        proto.Attachment(url='https://files.example/a.jpg', name='照片')]), by=zhao)
    assert case.row('version') == before
    note = read(case).messages[0]
    assert (note.internal, note.text, note.by) == (True, '第一行\n第二行', zhao.code)
    assert [(a.url, a.name) for a in note.attachments] == [('https://files.example/a.jpg', '照片')]


def test_a_text_of_a_mebibyte_is_refused_with_its_field(desk, li):
    case = desk.case(handler=li)
    for ask, field in ((proto.AddNote(text='字' * 400_000), 'text'),
                       (proto.SendCaseMessage(text='x' * 1_048_576), 'text'),
                       (proto.RejectCase(reason='x' * 600_000), 'reason'),
                       (proto.StartInvestigation(note='x' * 1000), 'note')):
        reply = case.refused(ask, by=li if field != 'reason' else None,
                             status='INVALID_ARGUMENT')
        assert field in reply.fields, reply


def test_words_count_when_they_are_delivered(desk, li):
    case = desk.case(handler=li)
    sent = case.ok(proto.SendCaseMessage(text='我们正在核实', channel='sms'), by=li)
    assert case.told('CaseMessageWanted')[-1].message_id == sent.part_id
    assert case.clock(FIRST_RESPONSE) == [(RUNNING, OPEN)]
    case.ok(proto.RecordDelivery(message_id=sent.part_id, outcome='accepted'))
    assert case.clock(FIRST_RESPONSE) == [(RUNNING, OPEN)]
    case.ok(proto.RecordDelivery(message_id=sent.part_id, outcome='delivered'))
    assert case.clock(FIRST_RESPONSE) == [(STOPPED, MET)]
    assert case.clock(PROGRESS) == [(RUNNING, OPEN)]
    assert read(case).messages[0].delivery == 'delivered'


def test_a_bounced_message_was_no_word(desk, li):
    case = desk.case(handler=li)
    sent = case.ok(proto.SendCaseMessage(text='我们正在核实', channel='sms'), by=li)
    case.ok(proto.RecordDelivery(message_id=sent.part_id, outcome='bounced'))
    assert case.clock(FIRST_RESPONSE) == [(RUNNING, OPEN)]
    assert read(case).messages[0].delivery == 'bounced'


def test_a_call_that_reached_him_with_something_said_is_a_word(desk, li):
    case = desk.case(handler=li)
    case.ok(proto.LogCall(outcome='no_answer'), by=li)
    case.ok(proto.LogCall(outcome='reached', text='确认地址'), by=li)
    assert case.clock(FIRST_RESPONSE) == [(RUNNING, OPEN)]
    case.ok(proto.LogCall(outcome='reached', text='说明处理进度', substantive=True), by=li)
    assert case.clock(FIRST_RESPONSE) == [(STOPPED, MET)]
    assert case.clock(PROGRESS) == [(RUNNING, OPEN)]
    case.ok(proto.LogCall(outcome='reached', text='又有进展', substantive=True), by=li)
    assert case.clock(PROGRESS) == [(STOPPED, MET), (RUNNING, OPEN)]


def test_a_call_lies_between_the_case_and_now(desk, li):
    case = desk.case(handler=li)
    future, past = now(desk), now(desk)
    future.seconds += 3600
    past.seconds -= 86400
    for at in (future, past):
        assert 'at' in case.refused(
            proto.LogCall(outcome='reached', text='x', substantive=True, at=at), by=li,
            status='INVALID_ARGUMENT').fields
    assert 'outcome' in case.refused(proto.LogCall(outcome='maybe'), by=li,
                                     status='INVALID_ARGUMENT').fields


def test_the_automatic_acknowledgement_stops_its_clock_and_is_no_word(desk):
    ask = proto.OpenComplaint(kind=1, channel=5, content='茶饼受潮发霉')
    ask.complainant.customer_ref, ask.complainant.reply_to = desk.customer(), 'email'
    opened = desk.ok(ask)
    case = Case(desk, opened.number, opened.case_id)
    automatic = read(case).messages[0]
    assert case.clock(AUTO_ACKNOWLEDGE) == [(RUNNING, OPEN)]
    case.ok(proto.RecordDelivery(message_id=automatic.message_id, outcome='accepted'))
    assert case.clock(AUTO_ACKNOWLEDGE) == [(STOPPED, MET)]
    case.ok(proto.RecordDelivery(message_id=automatic.message_id, outcome='delivered'))
    assert case.clock(FIRST_RESPONSE) == [(RUNNING, OPEN)]
    assert case.clock(PROGRESS) == []


def test_nobody_is_written_to_who_is_anonymous(desk, li):
    case = desk.case(anonymous=True, handler=li)
    case.refused(proto.SendCaseMessage(text='您好'), by=li)


# --- the answer ---

def answer(case, li, channel='', spoken=False):
    case.ok(proto.SetCause(handling=proto.CaseHandling(cause=case.desk.cause, unit='仓库', fault=2)),
            by=li)
    return case.ok(proto.AnswerCase(text='已核实', channel=channel, spoken=spoken), by=li)


def test_row_11_an_answer_stops_its_clock_and_no_other(desk, li):
    case = desk.case(handler=li)
    assert case.clock(RESOLUTION) == [(RUNNING, OPEN)]
    sent = answer(case, li, channel='sms')
    assert case.clock(RESOLUTION) == [(STOPPED, MET)]
    assert case.clock(FIRST_RESPONSE) == [(RUNNING, OPEN)]
    case.ok(proto.RecordDelivery(message_id=sent.part_id, outcome='delivered'))
    assert case.clock(FIRST_RESPONSE) == [(STOPPED, MET)]
    assert case.clock(PROGRESS) == []
    assert case.clock(CONFIRMATION) == [(RUNNING, OPEN)]
    later(desk, days=1.5)
    assert {row for row, in desk.stack.sql(
        'select kind from complaints.clock where case_id = %s and breached_at is not null',
        case.id)} <= {CONFIRMATION}


def test_an_answer_that_reached_him_is_asked_about(desk, li):
    case = desk.case(handler=li)
    sent = answer(case, li, channel='sms')
    assert case.state == 'answered'
    case.ok(proto.RecordDelivery(message_id=sent.part_id, outcome='delivered'))
    assert case.state == 'confirmation_due'
    assert case.acts()[-2:] == ['delivery', 'ask_confirmation']
    assert len(case.told('ConfirmationWanted')) == 1


def test_an_accepted_answer_counts_after_a_day_without_a_bounce(desk, li):
    case = desk.case(handler=li)
    sent = answer(case, li, channel='email')
    case.ok(proto.RecordDelivery(message_id=sent.part_id, outcome='accepted'))
    assert case.state == 'answered'
    later(desk, hours=25)
    until(lambda: case.state == 'confirmation_due')
    assert read(case).messages[0].delivery == 'unproven'
    assert case.acts()[-2:] == ['delivery', 'ask_confirmation']


def test_a_bounce_within_the_day_is_none(desk, li):
    case = desk.case(handler=li)
    sent = answer(case, li, channel='email')
    case.ok(proto.RecordDelivery(message_id=sent.part_id, outcome='accepted'))
    case.ok(proto.RecordDelivery(message_id=sent.part_id, outcome='bounced'))
    later(desk, hours=25)
    assert case.state == 'answered'
    assert read(case).messages[0].delivery == 'bounced'


# --- his replies ---

def confirmed(desk, li, **case):
    case = desk.case(handler=li, **case)
    answer(case, li, spoken=True)
    assert case.state == 'confirmation_due'
    return case


def test_his_reply_joins_the_open_case(desk, li, sun):
    case = desk.case(handler=li)
    reply = case.ok(proto.RecordReply(text='还有一箱也发霉', channel=7), by=sun)
    assert (reply.number, reply.state) == (case.number, 3)
    said = read(case).messages[0]
    assert (said.from_complainant, said.text, said.channel) == (True, '还有一箱也发霉', 'wechat')


def test_reply_1_confirms_and_2_disputes(desk, li):
    case = confirmed(desk, li)
    case.ok(proto.RecordReply(text='1'))
    assert case.state == 'confirmed'
    other = confirmed(desk, li)
    other.ok(proto.RecordReply(text=' 2 '))
    assert other.state == 'disputed'
    assert other.clock(RESOLUTION)[-1] == (RUNNING, OPEN)
    third = confirmed(desk, li)
    third.ok(proto.RecordReply(text='谢谢'))
    assert third.state == 'confirmation_due'


def test_reply_1_does_not_confirm_a_serious_case(desk, li):
    case = confirmed(desk, li)
    case.set(severity=3)
    case.ok(proto.RecordReply(text='1'))
    assert case.state == 'confirmation_due'


def closed(desk, li):
    case = confirmed(desk, li)
    case.set(state=9, closed_at='now', order_number='shop:77', product='lamp')
    desk.stack.sql('update complaints.cases set closed_at = %s where id = %s',
                   now(desk).ToDatetime().isoformat() + '+00', case.id)
    return case


def test_row_14_a_reply_after_13_days_reopens_and_after_15_is_a_new_linked_case(desk, li):
    early, late = closed(desk, li), closed(desk, li)
    later(desk, days=13)
    reply = early.ok(proto.RecordReply(text='又坏了'))
    assert (reply.number, early.state) == (early.number, 'reopened')
    assert outcome(early, RESOLUTION) == (RUNNING, OPEN)
    assert read(early).reopened == 1
    later(desk, days=2)
    reply = late.ok(proto.RecordReply(text='又坏了'))
    assert reply.number != late.number
    assert late.state == 'closed'
    new = Case(desk, reply.number, reply.case_id)
    seen = read(new)
    assert (seen.recurs_of, seen.state, seen.content) == (late.number, 1, '又坏了')
    assert seen.customer_id == read(late).customer_id
    assert (seen.links.order_number, seen.links.product) == ('shop:77', 'lamp')
    assert outcome(new, RESOLUTION) == (RUNNING, OPEN)
    assert read(late).history[0].act == 'recur'
    assert read(late).history[0].detail == reply.number
    again = late.ask(proto.RecordReply(text='再说一次'), id='late')
    assert again.payload == late.ask(proto.RecordReply(text='再说一次'), id='late').payload


def test_row_14_published_replies_go_the_same_ways(desk, li, source):
    merged, into = desk.case(customer=(whose := desk.customer()), handler=li), None
    into = desk.case(customer=whose, handler=li)
    merged.ok(proto.MergeCases(into=into.number, reason='同一件事'), by=li)
    asked, late = confirmed(desk, li), closed(desk, li)
    later(desk, days=15)
    early = closed(desk, li)
    with Publisher(desk.stack, source) as publisher:
        published = publisher.publish(*(
            event(message('ComplainantReplied', case_ref=case.number, text=text, channel=5), source)
            for case, text in ((merged, '还有吗'), (asked, '1'), (early, '又坏了'),
                               (early, '很着急'), (late, '又坏了'))))
        assert published.accepted == 5, published
    assert read(into).messages[0].text == '还有吗'
    assert asked.state == 'confirmed'
    assert early.state == 'reopened'
    assert [m.text for m in read(early).messages[:2]] == ['很着急', '又坏了']
    assert early.acts()[-2:] == ['reopen', 'reply']
    new = desk.stack.sql('select number, state, content from complaints.cases'
                         ' where recurs_of = %s', late.id)
    assert [(state, content) for _, state, content in new] == [(1, '又坏了')]
    assert (late.state, late.acts()[-1]) == ('closed', 'recur')


def test_a_case_that_came_again_is_as_it_was_when_the_new_one_was_made(desk, li, sun, source):
    """Whoever changes the closed case meanwhile goes first: its version guards the new one."""
    late, published = closed(desk, li), closed(desk, li)
    later(desk, days=15)
    before = late.row('version'), published.row('version')
    late.ok(proto.RecordReply(text='又坏了'), by=sun)
    with Publisher(desk.stack, source) as publisher:
        assert publisher.publish(event(message(
            'ComplainantReplied', case_ref=published.number, text='又坏了', channel=5),
            source)).accepted == 1
    assert (late.row('version'), published.row('version')) == (before[0] + 1, before[1] + 1)


# --- early ends ---

def test_a_case_is_rejected_by_another_than_its_handler(desk, li, zhao):
    case = desk.case(handler=li)
    assert 'reason' in case.refused(proto.RejectCase(), by=zhao, status='INVALID_ARGUMENT').fields
    own = desk.case(handler=zhao)
    assert 'another person' in own.refused(proto.RejectCase(reason='非本公司产品'), by=zhao).message
    case.refused(proto.RejectCase(reason='非本公司产品'), by=li, status='PERMISSION_DENIED')
    case.ok(proto.RejectCase(reason='非本公司产品', refer_to='某某公司'), by=zhao)
    assert case.state == 'rejected'
    assert case.told('CaseMessageWanted')[-1].occasion == 'rejection'
    assert {state for state, in desk.stack.sql(
        'select state from complaints.clock where case_id = %s', case.id)} == {STOPPED}
    assert not desk.stack.sql('select 1 from complaints.case_queue where case_id = %s', case.id)


def test_an_illegal_move_names_the_state_and_what_is_allowed(desk, li):
    case = desk.case()
    reply = case.refused(proto.StartInvestigation(), by=li)
    assert 'the case is received' in reply.message and 'allowed: take' in reply.message
    assert 'state' in reply.fields
    taken = desk.case(handler=li)
    answer(taken, li)
    reply = taken.refused(proto.WithdrawCase(reason='不再追究'), by=li)
    assert 'the case is answered' in reply.message


def test_a_withdrawn_case_stays_so(desk, li):
    case = desk.case(handler=li)
    case.ok(proto.WithdrawCase(reason='客户来电撤回'), by=li)
    assert case.state == 'withdrawn'
    assert read(case).allowed == []
    case.refused(proto.ReopenCase(reason='又来了'), by=li)


def test_a_closed_case_is_reopened_with_a_reason(desk, li):
    case = closed(desk, li)
    case.refused(proto.ReopenCase(), by=li, status='INVALID_ARGUMENT')
    case.ok(proto.ReopenCase(reason='问题复发'), by=li)
    assert case.state == 'reopened'
    case.ok(proto.StartInvestigation(), by=li)
    assert case.state == 'investigating'


# --- reading ---

def test_a_case_is_read_whole_and_each_look_is_audited(desk, li):
    case = desk.case(handler=li)
    seen = read(case, by=li)
    assert (seen.number, seen.version, seen.handler) == (case.number, 3, li.code)
    assert [e.act for e in seen.history] == ['investigate', 'take', 'open']
    assert seen.allowed == ['take', 'propose', 'reject', 'withdraw', 'merge']
    assert 'cause' in seen.open_conditions and 'delivered' in seen.open_conditions
    assert {c.kind for c in seen.clocks} >= {'acknowledge', 'first_response', 'resolution'}
    assert desk.stack.value(
        "select count(*) from complaints.audit where act = 'read case' and subject = %s"
        ' and actor = %s', case.id, li.code) == 1
    for ref in (case.number.lower().replace('-', ''), case.id):
        assert desk.ok(proto.GetCase(ref=ref)).number == case.number
    assert desk.ask(proto.GetCase(ref='TS-20200101-0001')).status == 'NOT_FOUND'
    assert 'ref' in desk.ask(proto.GetCase(ref='?')).fields


def test_who_sells_sees_the_cases_of_his_customers_only(desk, li, sun):
    mine = desk.customer()
    desk.stack.sql('update complaints.customer_seen set owner_id = %s where customer_id = %s',
                   sun.id, mine)
    assert read(desk.case(customer=mine), by=sun).customer_id == mine
    other = desk.case()
    assert other.ask(proto.GetCase(), by=sun).status == 'PERMISSION_DENIED'


def test_a_case_that_had_many_clocks_still_stops_those_that_run(desk, li):
    one = desk.case()
    columns = ', '.join(name for name, in desk.stack.sql(
        "select column_name::text from information_schema.columns where table_schema = 'complaints'"
        " and table_name = 'clock' and column_name not in ('id', 'state')"
        " and is_generated = 'NEVER' order by 1"))
    desk.stack.sql(
        f'insert into complaints.clock (id, state, {columns}) select'
        f" ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 3, {columns}"
        ' from complaints.clock, generate_series(1, 250) n where case_id = %s and kind = 2', one.id)
    one.ok(proto.TakeCase(), by=li)
    assert one.clock(2)[-1] == (3, 1)

"""From a proposal to a confirmed end: remedies with approval, agreement, answers, disputes,
ratings."""
import uuid

import pytest

from tests.support import proto
from tests.support.cases import answered, propose

PROGRESS, RESOLUTION, CONFIRMATION = 4, 5, 6
RUNNING, STOPPED = 1, 3


# --- remedies ---


def test_up_to_300_yuan_a_handler_offers_by_himself(desk, li):
    one = desk.case(handler=li)
    one.ok(propose(300), by=li)
    assert (one.state, one.row('remedy_state')) == ('proposed', 'proposed')
    one.ok(proto.AgreeSolution(), by=li)
    assert one.state == 'agreed'


def test_above_300_a_manager_approves_and_above_3000_the_head(desk, li, wang, zhao, head):
    one = desk.case(handler=li)
    one.ok(propose(301), by=li)
    assert one.row('remedy_state') == 'needs_approval'
    assert 'approv' in one.refused(proto.AgreeSolution(), by=li).fields['remedy']
    assert 'approv' in one.refused(proto.AnswerCase(text='退款'), by=li).fields['remedy']
    one.refused(proto.ApproveRemedy(approved=True), by=li, status='PERMISSION_DENIED')
    one.refused(proto.ApproveRemedy(approved=True), by=wang, status='PERMISSION_DENIED')
    one.ok(proto.ApproveRemedy(approved=True), by=zhao)
    one.ok(propose(3001), by=li)
    refusal = one.refused(proto.ApproveRemedy(approved=True), by=zhao, status='PERMISSION_DENIED')
    assert 'limit' in refusal.fields['actor']
    one.ok(proto.ApproveRemedy(approved=True), by=head)
    one.ok(proto.AgreeSolution(), by=li)


def test_who_proposed_a_remedy_does_not_approve_it(desk, zhao, head):
    one = desk.case(handler=zhao)
    one.ok(propose(3500), by=zhao)
    refusal = one.refused(proto.ApproveRemedy(approved=True), by=zhao, status='PERMISSION_DENIED')
    assert 'another person' in refusal.fields['actor']
    one.ok(proto.ApproveRemedy(approved=True), by=head)


def test_a_refused_remedy_goes_out_to_nobody_and_another_is_proposed(desk, li, zhao):
    one = desk.case(handler=li)
    one.ok(propose(2000), by=li)
    assert 'reason' in one.refused(proto.ApproveRemedy(), by=zhao,
                                   status='INVALID_ARGUMENT').fields
    one.ok(proto.ApproveRemedy(reason='换货即可'), by=zhao)
    assert 'refused' in one.refused(proto.AgreeSolution(), by=li).fields['remedy']
    one.ok(propose(200), by=li)
    one.ok(proto.AgreeSolution(), by=li)


def test_a_remedy_of_another_currency_takes_the_head(desk, li, zhao, head):
    one = desk.case(handler=li)
    one.ok(propose(10, currency='USD'), by=li)
    one.refused(proto.ApproveRemedy(approved=True), by=zhao, status='PERMISSION_DENIED')
    one.ok(proto.ApproveRemedy(approved=True), by=head)


@pytest.mark.parametrize('remedy, field', [
    (proto.Remedy(kind='voucher'), 'remedy.kind'),
    (proto.Remedy(), 'remedy.kind'),
    (proto.Remedy(kind='refund'), 'remedy.amount_micros'),
    (proto.Remedy(kind='apology', amount_micros=1), 'remedy.amount_micros'),
    (proto.Remedy(kind='refund', amount_micros=-1), 'remedy.amount_micros'),
    (proto.Remedy(kind='refund', amount_micros=1, currency='RMB'), 'remedy.currency'),
])
def test_a_remedy_that_is_none_is_refused_with_what_would_be_right(desk, li, remedy, field):
    one = desk.case(handler=li)
    refusal = one.refused(proto.ProposeSolution(text='方案', remedy=remedy), by=li,
                          status='INVALID_ARGUMENT')
    assert field in refusal.fields


# --- the answer ---


def test_an_answer_stops_the_resolution_and_asks_for_the_confirmation(desk, li):
    one = answered(desk, li)
    assert one.state == 'confirmation_due'
    wanted, = one.told('ConfirmationWanted')
    assert (wanted.case_id, wanted.not_by) == (one.id, '')
    assert [m.to for m in one.told('CaseMoved')][-2:] == [6, 7]
    assert one.acts()[-2:] == ['answer', 'ask_confirmation']


def test_a_serious_case_is_asked_about_by_another_than_its_handler(desk, li):
    one = answered(desk, li, severity_safety=4, severity=4)
    assert one.told('ConfirmationWanted')[0].not_by == li.id


def test_who_becomes_serious_while_he_is_asked_is_asked_by_another(desk, li):
    one = answered(desk, li)
    one.ok(proto.SetSeverity(severity=proto.SeverityFacts(safety=3), reason='有人受伤'), by=li)
    assert [wanted.not_by for wanted in one.told('ConfirmationWanted')] == ['', li.id]


def test_an_answer_that_was_only_sent_waits_for_its_receipt(desk, li):
    one = desk.case(handler=li)
    one.ok(propose(kind='apology'), by=li)
    one.ok(proto.AgreeSolution(), by=li)
    made = one.ok(proto.AnswerCase(text='明天换货', channel='sms'), by=li)
    assert one.state == 'answered'
    wanted = [m for m in one.told('CaseMessageWanted') if m.occasion == 'answer']
    assert [(m.message_id, m.channel) for m in wanted] == [(made.part_id, 'sms')]
    one.ok(proto.RecordDelivery(message_id=made.part_id, outcome='delivered'))
    assert one.state == 'confirmation_due'
    assert len(one.told('ConfirmationWanted')) == 1
    # It was answered: no further word of progress is promised.
    assert all(state != RUNNING for state, _ in one.clock(PROGRESS))


def test_open_subtasks_let_no_answer_out(desk, li):
    one = desk.case(handler=li)
    one.ok(propose(kind='apology'), by=li)
    one.ok(proto.AgreeSolution(), by=li)
    made = one.ok(proto.SaveSubtask(subtask=proto.Subtask(
        unit='仓库', text='查批次', due_at=desk.moment(days=1))), by=li)
    assert 'subtasks' in one.refused(proto.AnswerCase(text='答复', spoken=True), by=li).fields
    one.ok(proto.SaveSubtask(subtask=proto.Subtask(subtask_id=made.part_id, result='同批3箱')),
           by=li)
    one.ok(proto.AnswerCase(text='答复', spoken=True), by=li)


def test_where_the_fault_is_ours_he_agrees_first_or_the_reason_is_said(desk, li):
    one = desk.case(handler=li)
    one.ok(proto.SetCause(handling=proto.CaseHandling(fault=1)), by=li)
    assert 'agreed' in one.refused(proto.AnswerCase(text='答复', spoken=True), by=li).message
    one.ok(propose(kind='apology'), by=li)
    one.refused(proto.AnswerCase(text='答复', spoken=True), by=li)
    one.ok(proto.AnswerCase(text='答复', spoken=True, reason='客户要求先答复'), by=li)
    assert one.state == 'confirmation_due'


def test_where_the_fault_is_not_ours_an_answer_needs_no_agreement(desk, li):
    one = desk.case(handler=li)
    one.ok(proto.SetCause(handling=proto.CaseHandling(fault=2)), by=li)
    one.ok(proto.AnswerCase(text='使用不当', spoken=True), by=li)


def test_an_anonymous_complainant_is_asked_nothing(desk, li):
    one = desk.case(handler=li, anonymous=True)
    one.ok(proto.AnswerCase(text='已整改', spoken=True), by=li)
    assert one.state == 'answered'
    assert not one.told('ConfirmationWanted') and not one.told('CaseMessageWanted')


# --- confirmed or not ---


def test_a_dispute_names_alternatives_and_times_the_resolution_anew(desk, li, wang):
    one = answered(desk, li)
    assert [state for state, _ in one.clock(RESOLUTION)][-1:] != [RUNNING]
    assert 'reason' in one.refused(proto.DisputeCase(), by=wang, status='INVALID_ARGUMENT').fields
    made = one.ok(proto.DisputeCase(reason='仍然受潮', alternatives=['退货退款', '消协调解']),
                  by=wang)
    assert one.state == 'disputed'
    assert [state for state, _ in one.clock(RESOLUTION)][-1] == RUNNING
    assert all(state != RUNNING for state, _ in one.clock(CONFIRMATION))
    text = desk.stack.value('select text from complaints.case_message where id = %s', made.part_id)
    assert '退货退款' in text and '消协调解' in text
    assert one.told('CaseMessageWanted')[-1].occasion == 'dispute'
    one.ok(proto.StartInvestigation(), by=li)
    one.ok(propose(100), by=li)
    one.ok(proto.AgreeSolution(), by=li)
    one.ok(proto.AnswerCase(text='退款', spoken=True), by=li)
    one.ok(proto.ConfirmCase(satisfied=True), by=wang)
    assert one.state == 'confirmed'


def test_a_case_of_very_many_clocks_is_timed_on(desk, li, wang):
    one = answered(desk, li)
    # As after 300 messages, each of which began the time until the next.
    desk.stack.sql(
        'insert into complaints.clock select (jsonb_populate_record(null::complaints.clock,'
        " to_jsonb(k) || jsonb_build_object('id', gen_random_uuid(), 'state', 4, 'next_at', null))"
        ').* from generate_series(1, 300), (select * from complaints.clock where case_id = %s'
        ' and kind = 4 limit 1) k', one.id)
    one.ok(proto.DisputeCase(reason='仍然受潮'), by=wang)
    assert [state for state, _ in one.clock(RESOLUTION)][-1] == RUNNING
    assert all(state != RUNNING for state, _ in one.clock(CONFIRMATION))


def test_not_satisfied_in_the_call_is_a_dispute(desk, li, wang):
    one = answered(desk, li)
    assert 'note' in one.refused(proto.ConfirmCase(), by=wang, status='INVALID_ARGUMENT').fields
    one.ok(proto.ConfirmCase(note='未收到货'), by=wang)
    assert one.state == 'disputed'


def test_a_case_confirmed_too_lightly_is_confirmed_again(desk, li, wang):
    one = answered(desk, li)
    one.ok(proto.ConfirmCase(satisfied=True), by=li)
    one.set(severity_safety=3, severity=3)
    assert 'condition.confirmed_by_other' in one.refused(proto.CloseCase(), by=li).fields
    one.refused(proto.ConfirmCase(satisfied=True), by=li)
    one.ok(proto.ConfirmCase(satisfied=True), by=wang)
    assert 'condition.confirmed_by_other' not in one.refused(proto.CloseCase(), by=li).fields


def test_attempts_are_made_while_he_is_to_be_asked(desk, li):
    one = desk.case(handler=li)
    attempt = proto.RecordConfirmationAttempt(channel='phone', outcome='no_answer')
    early = one.refused(attempt, by=li)
    assert early.fields['state'] == 'is investigating' and 'confirmation is due' in early.message
    assert 'channel' in one.refused(proto.RecordConfirmationAttempt(outcome='no_answer'), by=li,
                                    status='INVALID_ARGUMENT').fields
    assert 'at' in one.refused(proto.RecordConfirmationAttempt(
        channel='phone', outcome='no_answer', at=desk.moment(days=1)), by=li,
        status='INVALID_ARGUMENT').fields


def test_reached_keeps_the_promise_to_ask_whatever_he_says(desk, li):
    one = answered(desk, li)
    assert one.clock(CONFIRMATION)[-1][0] == RUNNING
    one.ok(proto.RecordConfirmationAttempt(channel='phone', outcome='reached'), by=li)
    assert one.clock(CONFIRMATION)[-1][0] == STOPPED
    assert one.state == 'confirmation_due'


# --- ratings ---


def test_an_agent_does_not_rate_his_own_case(desk, li, wang):
    one = answered(desk, li)
    refusal = one.refused(proto.RateCase(rating=5), by=li, status='PERMISSION_DENIED')
    assert 'complainant' in refusal.fields['actor']
    wang_did = one.ok(proto.RecordConfirmationAttempt(channel='phone', outcome='no_answer'),
                      by=wang)
    assert wang_did
    one.refused(proto.RateCase(rating=5), by=wang, status='PERMISSION_DENIED')


def test_a_changed_rating_keeps_both(desk, li):
    one = answered(desk, li)
    one.ok(proto.RateCase(rating=3, text='还行'))
    assert one.state == 'confirmation_due'
    one.ok(proto.RateCase(rating=4))
    assert one.state == 'confirmed'
    assert desk.stack.sql('select rating from complaints.case_rating where case_id = %s'
                          ' order by id', one.id) == [(3,), (4,)]
    assert [rated.rating for rated in one.told('CaseRated')] == [3, 4]
    assert one.row('rating') == 4


def test_a_rating_of_2_disputes(desk, li):
    one = answered(desk, li)
    one.ok(proto.RateCase(rating=2))
    assert one.state == 'disputed'


def test_ratings_out_of_range_before_an_answer_or_by_a_foreign_invitation_are_refused(desk, li):
    one = desk.case(handler=li)
    assert 'rating' in one.refused(proto.RateCase(rating=6), status='INVALID_ARGUMENT').fields
    one.refused(proto.RateCase(rating=5))
    other = answered(desk, li)
    assert 'invitation' in other.refused(
        proto.RateCase(rating=5, invitation=str(uuid.uuid4())), status='INVALID_ARGUMENT').fields
    invited = [m for m in other.told('CaseMessageWanted') if m.occasion == 'rating']
    other.ok(proto.RateCase(rating=5, invitation=invited[0].message_id))


def test_a_person_is_invited_once_in_30_days(desk, li):
    customer = desk.customer()
    first = answered(desk, li, customer=customer)
    second = answered(desk, li, customer=customer, content='另一件事')
    occasions = [[m.occasion for m in one.told('CaseMessageWanted')].count('rating')
                 for one in (first, second)]
    assert occasions == [1, 0]
    first.set(invited_on='2026-01-01')
    third = answered(desk, li, customer=customer, content='又一件事')
    assert [m.occasion for m in third.told('CaseMessageWanted')].count('rating') == 1

"""From a proposal to a confirmed end, and what is learned: remedies with approval, agreement,
answers, disputes, ratings, causes, recurrence, sub-tasks, actions, lessons, improvement items."""
import uuid

import pytest

from tests.support import proto
from tests.support.cases import Desk
from tests.support.stack import Stack

PROGRESS, RESOLUTION, CONFIRMATION, ACTION = 4, 5, 6, 8
RUNNING, STOPPED, SUPERSEDED = 1, 3, 4


@pytest.fixture(scope='module')
def house(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp('learning'), KEHU_INSTALLATION='test').up()
    yield stack
    stack.down()


@pytest.fixture
def desk(house, source):
    it = Desk(house, source)
    yield it
    it.close()


@pytest.fixture
def head(desk):
    return desk.person('head', 'manager')


@pytest.fixture
def zhao(desk, head):
    return desk.person('zhao', 'manager', manager=head)


@pytest.fixture
def li(desk, zhao):
    return desk.person('li', 'complaint_handler', manager=zhao)


@pytest.fixture
def wang(desk, zhao):
    return desk.person('wang', 'complaint_handler', manager=zhao)


@pytest.fixture
def sun(desk, zhao):
    """Of the warehouse: handles no complaints."""
    return desk.person('sun', 'salesperson', unit='仓库', manager=zhao)


def propose(amount=0, kind='refund', **more):
    return proto.ProposeSolution(text='方案', remedy=proto.Remedy(
        kind=kind, amount_micros=amount * 1_000_000, **more))


def answered(desk, li, **case):
    one = desk.case(handler=li, **case)
    one.ok(propose(kind='apology'), by=li)
    one.ok(proto.AgreeSolution(), by=li)
    one.ok(proto.AnswerCase(text='明天换货', spoken=True), by=li)
    return one


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
    assert 'confirmation_due' in one.refused(attempt, by=li).fields['state']
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


# --- causes, work, recurrence ---


def test_a_cause_is_of_the_policy_and_the_refusal_names_some(desk, li):
    one = desk.case(handler=li)
    refusal = one.refused(proto.SetCause(handling=proto.CaseHandling(cause='weather')), by=li,
                          status='INVALID_ARGUMENT')
    assert 'delivery' in refusal.fields['handling.cause']
    assert 'handling' in one.refused(proto.SetCause(), by=li, status='INVALID_ARGUMENT').fields
    one.ok(proto.SetCause(handling=proto.CaseHandling(cause='delivery.damage', fault=3)), by=li)
    assert (one.row('cause'), one.row('fault')) == ('delivery.damage', 3)
    assert 'ProposeSolution' in one.refused(
        proto.SetCause(handling=proto.CaseHandling(cause='other', remedy=proto.Remedy(
            kind='refund'))), by=li, status='INVALID_ARGUMENT').fields['handling.remedy']


def test_the_third_of_one_customer_and_cause_is_serious_at_once_and_told_once(desk, li):
    customer = desk.customer()
    cases = [desk.case(handler=li, customer=customer, content=f'第{n}次') for n in range(3)]
    for one in cases:
        one.ok(proto.SetCause(handling=proto.CaseHandling(cause='delivery.late')), by=li)
    assert [one.row('severity') for one in cases] == [2, 2, 3]
    assert [len(one.told('SeriousCaseReported')) for one in cases] == [0, 0, 1]
    cases[2].ok(proto.SetCause(handling=proto.CaseHandling(fault=1)), by=li)
    assert len(cases[2].told('SeriousCaseReported')) == 1


def test_the_third_of_one_batch_is_serious_whoever_complains(desk, li):
    batch = desk.source
    cases = [desk.case(handler=li, product='普洱', batch=batch) for _ in range(3)]
    cases[2].ok(proto.SetCause(handling=proto.CaseHandling(cause='product.defect')), by=li)
    assert cases[2].row('severity') == 3
    told, = cases[2].told('SeriousCaseReported')
    assert (told.product, told.batch) == ('普洱', batch)


def test_work_is_of_service_requests_and_taken_up_of_suggestions(desk, li):
    one = desk.case(handler=li)
    assert 'done' in one.refused(proto.RecordWork(done=True), by=li,
                                 status='INVALID_ARGUMENT').fields
    assert 'taken_up' in one.refused(proto.RecordWork(taken_up='采纳'), by=li,
                                     status='INVALID_ARGUMENT').fields
    request = desk.case(kind='service_request', handler=li)
    assert 'charge_noted' in request.refused(
        proto.RecordWork(done=True, charge_micros=1), by=li, status='INVALID_ARGUMENT').fields
    assert 'currency' in request.refused(
        proto.RecordWork(charge_noted=True, charge_micros=1, currency='USD'), by=li,
        status='INVALID_ARGUMENT').fields
    request.ok(proto.RecordWork(charge_noted=True, charge_micros=80_000_000), by=li)
    assert request.row('charge_micros') == 80_000_000


# --- sub-tasks ---


def subtask(desk, **more):
    return proto.SaveSubtask(subtask=proto.Subtask(
        **{'unit': '仓库', 'text': '查批次', 'due_at': desk.moment(days=1), **more}))


def test_a_department_records_the_result_of_what_it_owes_and_nothing_else(desk, li, sun):
    one = desk.case(handler=li)
    made = one.ok(subtask(desk, owner=sun.code), by=li)
    result = proto.SaveSubtask(subtask=proto.Subtask(subtask_id=made.part_id, result='同批3箱'))
    taken = proto.SaveSubtask(subtask=proto.Subtask(subtask_id=made.part_id, owner=li.code))
    one.refused(taken, by=sun, status='PERMISSION_DENIED')
    one.refused(subtask(desk), by=sun, status='PERMISSION_DENIED')
    one.ok(result, by=sun)
    assert desk.stack.sql('select result, done_by, done_at is not null from'
                          ' complaints.case_subtask where id = %s',
                          made.part_id) == [('同批3箱', sun.code, True)]
    assert one.acts()[-2:] == ['subtask', 'subtask_done']


def test_a_subtask_names_its_department_what_until_when_and_whom(desk, li):
    one = desk.case(handler=li)
    refusal = one.refused(proto.SaveSubtask(subtask=proto.Subtask(owner=li.code)), by=li,
                          status='INVALID_ARGUMENT')
    assert set(refusal.fields) == {'subtask.unit', 'subtask.text', 'subtask.due_at'}
    assert 'subtask.owner' in one.refused(subtask(desk, owner='nobody'), by=li,
                                          status='INVALID_ARGUMENT').fields
    gone = desk.person('gone', 'salesperson', active=False)
    assert 'left' in one.refused(subtask(desk, owner=gone.code), by=li).fields['subtask.owner']
    assert 'subtask.subtask_id' in one.refused(
        proto.SaveSubtask(subtask=proto.Subtask(subtask_id=str(uuid.uuid4()), result='x')), by=li,
        status='NOT_FOUND').fields


def test_what_is_owed_is_listed_by_what_is_due_first_and_paged(desk, li, sun, wang):
    one = desk.case(handler=li)
    one.ok(subtask(desk, owner=sun.code, text='二', due_at=desk.moment(days=2)), by=li)
    one.ok(subtask(desk, owner=sun.code, text='一', due_at=desk.moment(days=-1)), by=li)
    one.ok(proto.SaveAction(action=proto.Action(
        text='三', owner=sun.code, due_on=desk.day(9), kind='preventive')), by=li)
    first = desk.ok(proto.ListTasks(owner=sun.code, page_size=2), by=sun)
    assert [(t.text, t.kind) for t in first.tasks] == [('一', 'subtask'), ('二', 'subtask')]
    rest = desk.ok(proto.ListTasks(owner=sun.code, page_size=2,
                                   page_token=first.next_page_token), by=sun)
    assert [(t.text, t.kind) for t in rest.tasks] == [('三', 'action')]
    assert not rest.next_page_token
    overdue = desk.ok(proto.ListTasks(owner=sun.code, only_overdue=True), by=sun)
    assert [t.text for t in overdue.tasks] == ['一']
    assert overdue.tasks[0].case_number == one.number
    stranger = desk.person('stranger', 'salesperson')
    assert not desk.ok(proto.ListTasks(owner=sun.code), by=stranger).tasks
    assert len(desk.ok(proto.ListTasks(owner=sun.code), by=wang).tasks) == 3


# --- actions and improvement items ---


def action(desk, owner, **more):
    return proto.SaveAction(action=proto.Action(
        **{'text': '改用防潮箱', 'owner': owner.code, 'due_on': desk.day(5), 'kind': 'corrective',
           **more}))


def test_an_action_is_timed_and_verified_by_another(desk, li, wang):
    one = desk.case(handler=li)
    made = one.ok(action(desk, li), by=li)
    assert one.clock(ACTION) == [(RUNNING, 0)]
    verify = proto.SaveAction(action=proto.Action(action_id=made.part_id, verified_by=li.code))
    assert 'action.verified_by' in one.refused(verify, by=wang, status='INVALID_ARGUMENT').fields
    one.ok(proto.SaveAction(action=proto.Action(action_id=made.part_id, due_on=desk.day(15))),
           by=li)
    assert [state for state, _ in one.clock(ACTION)] == [SUPERSEDED, RUNNING]
    one.ok(proto.SaveAction(action=proto.Action(action_id=made.part_id, verified_by=wang.code)),
           by=wang)
    assert one.clock(ACTION)[-1] == (STOPPED, 1)
    assert one.acts()[-1] == 'action_verified'


def test_an_action_names_text_owner_day_and_kind(desk, li):
    one = desk.case(handler=li)
    refusal = one.refused(proto.SaveAction(action=proto.Action()), by=li,
                          status='INVALID_ARGUMENT')
    assert set(refusal.fields) == {'action.text', 'action.owner', 'action.due_on', 'action.kind'}
    assert 'action.due_on' in one.refused(action(desk, li, due_on=desk.day(-1)), by=li,
                                          status='INVALID_ARGUMENT').fields
    assert 'action.kind' in one.refused(action(desk, li, kind='taken_up'), by=li,
                                        status='INVALID_ARGUMENT').fields


def test_an_action_moves_to_an_improvement_item_with_owner_and_date(desk, li, zhao):
    one = desk.case(handler=li)
    made = one.ok(action(desk, li), by=li)
    move = proto.Action(action_id=made.part_id, improvement_id=str(uuid.uuid4()))
    assert 'SaveImprovement' in one.refused(proto.SaveAction(action=move),
                                            by=li).fields['action.improvement_id']
    item = desk.ok(proto.SaveImprovement(improvement=proto.Improvement(
        text='全线更换包装', owner=zhao.code, due_on=desk.day(60))), by=zhao)
    move.improvement_id = item.improvement_id
    one.ok(proto.SaveAction(action=move), by=li)
    assert one.clock(ACTION)[-1][0] != RUNNING
    assert one.acts()[-1] == 'action_moved'


def test_improvement_items_are_listed_and_the_overdue_ones_by_themselves(desk, zhao):
    late = desk.ok(proto.SaveImprovement(improvement=proto.Improvement(
        text='旧事', owner=zhao.code, due_on=desk.day(-3))), by=zhao)
    soon = desk.ok(proto.SaveImprovement(improvement=proto.Improvement(
        text='新事', owner=zhao.code, due_on=desk.day(3), cause='delivery')), by=zhao)
    refusal = desk.ask(proto.SaveImprovement(improvement=proto.Improvement(
        improvement_id=late.improvement_id, done_on=desk.day())), by=zhao)
    assert 'improvement.effect' in refusal.fields
    mine = desk.ok(proto.ListImprovements(owner=zhao.code, page_size=1), by=zhao)
    assert [i.text for i in mine.improvements] == ['旧事']
    rest = desk.ok(proto.ListImprovements(owner=zhao.code, page_size=1,
                                          page_token=mine.next_page_token), by=zhao)
    assert [i.text for i in rest.improvements] == ['新事'] and not rest.next_page_token
    overdue = desk.ok(proto.ListImprovements(owner=zhao.code, only_overdue=True), by=zhao)
    assert [i.improvement_id for i in overdue.improvements] == [late.improvement_id]
    desk.ok(proto.SaveImprovement(improvement=proto.Improvement(
        improvement_id=late.improvement_id, done_on=desk.day(), effect='破损率降至0.2%')), by=zhao)
    still = desk.ok(proto.ListImprovements(owner=zhao.code, only_open=True), by=zhao)
    assert [i.improvement_id for i in still.improvements] == [soon.improvement_id]
    one = desk.ok(proto.GetImprovement(improvement_id=late.improvement_id), by=zhao)
    assert (one.text, one.effect) == ('旧事', '破损率降至0.2%')
    assert desk.ask(proto.GetImprovement(improvement_id=str(uuid.uuid4())),
                    by=zhao).status == 'NOT_FOUND'


# --- lessons ---


def test_a_lesson_is_its_own_one_of_the_same_cause_or_none_because(desk, li):
    first, second = desk.case(handler=li), desk.case(handler=li)
    for text in ({}, {'text': '甲', 'none_because': '乙'}):
        assert 'lesson.text' in first.refused(proto.SaveLesson(lesson=proto.Lesson(**text)), by=li,
                                              status='INVALID_ARGUMENT').fields
    first.ok(proto.SetCause(handling=proto.CaseHandling(cause='delivery.damage')), by=li)
    made = first.ok(proto.SaveLesson(lesson=proto.Lesson(text='雨季用防潮箱')), by=li)
    link = proto.SaveLesson(lesson=proto.Lesson(same_as=made.part_id))
    assert 'SetCause' in second.refused(link, by=li,
                                        status='INVALID_ARGUMENT').fields['lesson.same_as']
    second.ok(proto.SetCause(handling=proto.CaseHandling(cause='delivery.late')), by=li)
    assert 'another cause' in second.refused(
        link, by=li, status='INVALID_ARGUMENT').fields['lesson.same_as']
    second.ok(proto.SetCause(handling=proto.CaseHandling(cause='delivery.damage')), by=li)
    second.ok(link, by=li)
    assert 'lesson.same_as' in first.refused(link, by=li, status='INVALID_ARGUMENT').fields
    assert 'lesson.same_as' in first.refused(
        proto.SaveLesson(lesson=proto.Lesson(same_as=str(uuid.uuid4()))), by=li,
        status='INVALID_ARGUMENT').fields


def test_lessons_are_found_by_two_chinese_characters_words_and_cause(desk, li):
    one, two = desk.case(handler=li, product='普洱'), desk.case(handler=li)
    one.ok(proto.SetCause(handling=proto.CaseHandling(cause='delivery.damage')), by=li)
    one.ok(proto.SaveLesson(lesson=proto.Lesson(
        text=f'雨季发货须用防潮箱 ＣＯＤＥ{desk.source}')), by=li)
    two.ok(proto.SaveLesson(lesson=proto.Lesson(text=f'退款当日办理 code{desk.source}')), by=li)

    def found(query, cause=''):
        return [f.lesson.text[:2] for f in desk.ok(
            proto.SearchLessons(query=query, cause=cause), by=li).lessons]

    mine = f'code{desk.source}'
    assert found(f'防潮 {mine}') == ['雨季']
    assert found(f'潮防 {mine}') == []
    assert found(f'箱 {mine}') == ['雨季']
    assert found(mine) == ['退款', '雨季']
    assert found(mine.upper(), 'delivery.damage') == ['雨季']
    hit = desk.ok(proto.SearchLessons(query=f'防潮 {mine}'), by=li).lessons[0]
    assert (hit.case_number, hit.product, hit.lesson.cause) == (one.number, '普洱',
                                                                'delivery.damage')
    page = desk.ok(proto.SearchLessons(query=mine, page_size=1), by=li)
    rest = desk.ok(proto.SearchLessons(query=mine, page_size=1, page_token=page.next_page_token),
                   by=li)
    assert [p.lessons[0].lesson.text[:2] for p in (page, rest)] == ['退款', '雨季']
    assert not rest.next_page_token


# --- all of them ---


def test_the_same_request_again_gets_the_same_answer_and_changes_nothing(desk, li):
    one = desk.case(handler=li)
    for message in (propose(100), proto.AgreeSolution(),
                    proto.SaveLesson(lesson=proto.Lesson(none_because='偶发'))):
        id = str(uuid.uuid4())
        first = one.ask(message, by=li, id=id)
        version = one.row('version')
        again = one.ask(message, by=li, id=id)
        assert first.status == 'OK' and first.payload == again.payload
        assert one.row('version') == version


def test_an_ended_case_takes_nothing_new_and_a_recused_person_nothing_at_all(desk, li, wang):
    one = desk.case(handler=li)
    desk.stack.sql('insert into complaints.case_recusal values (%s, %s, false, now())', one.id,
                   wang.id)
    one.refused(propose(10), by=wang, status='PERMISSION_DENIED')
    assert 'recused' in one.refused(subtask(desk, owner=wang.code), by=li).fields['subtask.owner']
    one.set(state=12)
    for message in (subtask(desk), action(desk, li),
                    proto.SaveLesson(lesson=proto.Lesson(text='甲')),
                    proto.SetCause(handling=proto.CaseHandling(fault=1))):
        assert 'rejected' in one.refused(message, by=li).fields['state']


def test_another_version_than_the_expected_one_is_refused(desk, li):
    one = desk.case(handler=li)
    ask = propose(10)
    ask.expected_version = one.row('version') - 1
    refusal = one.refused(ask, by=li)
    assert str(one.row('version')) in refusal.fields['expected_version']


def test_what_is_done_is_audited_without_a_word_of_it(desk, li):
    one = desk.case(handler=li)
    one.ok(proto.SaveLesson(lesson=proto.Lesson(text='绝密词')), by=li)
    rows = desk.stack.sql('select act, detail from complaints.audit where subject = %s', one.id)
    assert 'lesson case' in [act for act, _ in rows]
    assert all('绝密' not in detail for _, detail in rows)

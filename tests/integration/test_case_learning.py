"""What is learned of cases: causes, recurrence, sub-tasks, actions, lessons, improvement items."""
import uuid

import pytest

from tests.support import proto
from tests.support.cases import propose

ACTION = 8
RUNNING, STOPPED, SUPERSEDED = 1, 3, 4


@pytest.fixture
def sun(desk, zhao):
    """Of the warehouse: handles no complaints."""
    return desk.person('sun', 'salesperson', unit='仓库', manager=zhao)


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
    work = desk.ok(proto.GetCase(ref=request.number), by=li).work
    assert (work.done, work.charge_noted, work.charge_micros) == (False, True, 80_000_000)
    idea = desk.case(kind='suggestion', handler=li)
    idea.ok(proto.RecordWork(not_because='成本过高'), by=li)
    work = desk.ok(proto.GetCase(ref=idea.number), by=li).work
    assert (work.taken_up, work.not_because) == ('', '成本过高')


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
    late = one.refused(action(desk, li, due_on='9026-11-20'), by=li, status='INVALID_ARGUMENT')
    assert 'ten years ahead' in late.fields['action.due_on']
    late = one.refused(subtask(desk, owner=li.code, text='查', due_at=desk.moment(days=4000)), by=li,
                       status='INVALID_ARGUMENT')
    assert 'ten years ahead' in late.fields['subtask.due_at']
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
    two.ok(proto.SetCause(handling=proto.CaseHandling(cause='price.refund')), by=li)
    assert found(mine, 'price.refund') == ['退款']  # the lesson goes with its case's cause
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

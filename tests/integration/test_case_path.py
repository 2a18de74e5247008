"""One complaint by the wire from its first word to its lesson: who said what, what came back, what
is now true."""
from tests.support import proto
from tests.support.cases import propose

RUNNING = 1
ACKNOWLEDGE, FIRST_RESPONSE, PROGRESS, RESOLUTION, CONFIRMATION, ACTION = 2, 3, 4, 5, 6, 8


def runs(case, kind):
    return any(state == RUNNING for state, _ in case.clock(kind))


def test_a_complaint_is_lived_through_from_its_first_word_to_its_lesson(desk, zhao, li, wang):
    sun = desk.person('sun', 'salesperson', unit='仓库', manager=zhao)

    # He calls: an A customer, so one step up. The promises run.
    case = desk.case(customer=desk.customer(grade='A'), content='三箱茶饼受潮')
    assert case.row('priority') == 3
    assert all(runs(case, kind) for kind in (ACKNOWLEDGE, FIRST_RESPONSE, RESOLUTION))

    # Li takes it, calls back, looks into it; the warehouse is asked.
    case.ok(proto.TakeCase(), by=li)
    assert not runs(case, ACKNOWLEDGE)
    case.ok(proto.LogCall(outcome='reached', text='已了解', substantive=True), by=li)
    assert not runs(case, FIRST_RESPONSE) and runs(case, PROGRESS)
    case.ok(proto.StartInvestigation(note='查仓储'), by=li)
    owed = case.ok(proto.SaveSubtask(subtask=proto.Subtask(
        unit='仓库', owner=sun.code, text='查批次', due_at=desk.moment(days=1))), by=li)
    assert [t.id for t in desk.ok(proto.ListTasks(owner=sun.code), by=sun).tasks] == [owed.part_id]
    case.ok(proto.SaveSubtask(subtask=proto.Subtask(subtask_id=owed.part_id, result='箱体破损')),
            by=sun)
    assert not desk.ok(proto.ListTasks(owner=sun.code), by=sun).tasks

    # New goods: he agrees, is told by text message, and is not satisfied when he is asked.
    case.ok(propose(kind='replacement'), by=li)
    case.ok(proto.AgreeSolution(note='电话同意'), by=li)
    said = case.ok(proto.AnswerCase(text='明日补发三箱', channel='sms'), by=li)
    assert not runs(case, RESOLUTION) and not runs(case, PROGRESS)
    case.ok(proto.RecordDelivery(message_id=said.part_id, outcome='delivered'))
    assert case.state == 'confirmation_due' and runs(case, CONFIRMATION)
    case.ok(proto.ConfirmCase(note='补发仍受潮'), by=wang)
    assert case.state == 'disputed' and runs(case, RESOLUTION) and not runs(case, CONFIRMATION)

    # A refund above Li's limit: Zhao approves. The second answer is given in a call.
    case.ok(proto.StartInvestigation(), by=li)
    case.ok(propose(860), by=li)
    case.refused(proto.AgreeSolution(), by=li)
    case.ok(proto.ApproveRemedy(approved=True), by=zhao)
    case.ok(proto.AgreeSolution(), by=li)
    case.ok(proto.AnswerCase(text='退款860元,今日到账', spoken=True), by=li)
    case.ok(proto.ConfirmCase(satisfied=True), by=wang)

    # It does not close before it was learned from.
    refusal = case.refused(proto.CloseCase(), by=li)
    assert set(refusal.fields) == {'condition.cause', 'condition.unit', 'condition.fault',
                                   'condition.lesson'}
    case.ok(proto.SetCause(handling=proto.CaseHandling(cause=desk.cause, unit='仓库', fault=1)),
            by=li)
    done = case.ok(proto.SaveAction(action=proto.Action(
        text='改用防潮箱', owner=sun.code, due_on=desk.day(10), kind='corrective')), by=li)
    assert runs(case, ACTION)
    assert case.refused(proto.CloseCase(), by=li).fields.keys() == {'condition.actions',
                                                                    'condition.lesson'}
    case.ok(proto.SaveAction(action=proto.Action(action_id=done.part_id, verified_by=li.code)),
            by=li)
    case.ok(proto.SaveLesson(lesson=proto.Lesson(text=f'雨季发货用防潮箱{desk.source}')), by=li)
    closed = case.ok(proto.CloseCase(), by=li)
    assert closed.state == 9 and not closed.open_conditions

    # What others heard of it, in its order; what stands in its history; what is found later.
    assert [event.to for event in case.told('CaseMoved')] == [
        2, 3, 4, 5, 6, 7, 10, 3, 4, 5, 6, 7, 8, 9]
    assert case.acts()[0] == 'open' and case.acts()[-1] == 'close'
    assert len(case.told('ConfirmationWanted')) == 2
    assert [m.occasion for m in case.told('CaseMessageWanted')].count('answer') == 1
    assert not any(runs(case, kind) for kind in range(1, 9))
    found = desk.ok(proto.SearchLessons(query=f'防潮 {desk.source}'), by=wang).lessons
    assert [f.case_number for f in found] == [case.number]
    case.ok(proto.RateCase(rating=4))
    assert (case.row('rating'), case.state) == (4, 'closed')

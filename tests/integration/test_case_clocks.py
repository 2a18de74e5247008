"""Clocks of cases over the wire, by the virtual clock: what rings when, pauses, extensions, what
supersedes what; rows 12 and 13 of BEHAVIOUR §6 by name. Each test begins on a Monday of 2030."""
import datetime

import pytest

from tests.support import proto
from tests.support.cases import Case
from tests.support.client import Client, placed
from tests.support.clock_scene import (
    ACKNOWLEDGE, BREACHED, CAUSES, DAY, FIRST_RESPONSE, HOUR, MET, MINUTE, PAUSED, PROGRESS,
    REGULATORY, RESOLUTION, RUNNING, STOPPED, SUPERSEDED, Wall, due, near, rang, rows, stamp)
from tests.support.company import finished_run
from tests.support.consumed import catches_up
from tests.support.stack import Stack, until


@pytest.fixture(scope='module')
def house(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp('clocks'), KEHU_INSTALLATION='test', instances=2).up()
    yield stack
    stack.down()


@pytest.fixture
def wall(desk):
    return Wall(desk)


# --- what rings ---

def test_a_clock_warns_and_breaks_at_its_moment_whether_or_not_anybody_looks(desk, wall):
    day = wall.to_monday()
    case = desk.case()
    assert near(due(case, ACKNOWLEDGE), day + 11 * HOUR + 50 * MINUTE, 60)
    wall.to(day + 11 * HOUR + 20 * MINUTE)
    assert rang(case, 'ClockWarned', 'acknowledge') == []
    wall.to(day + 20 * HOUR)
    [warned] = rang(case, 'ClockWarned', 'acknowledge')
    [broken] = rang(case, 'ClockBreached', 'acknowledge')
    assert near(warned, day + 11 * HOUR + 26 * MINUTE)
    assert near(broken, day + 11 * HOUR + 50 * MINUTE)
    [(state, outcome, breached_at)] = rows(case, ACKNOWLEDGE, 'state', 'outcome', 'breached_at')
    assert (state, outcome) == (RUNNING, BREACHED) and breached_at.replace(microsecond=0) == broken
    assert 'clock_warned' in case.acts() and 'clock_breached' in case.acts()
    wall.to(day + 2 * DAY)
    assert len(rang(case, 'ClockBreached', 'acknowledge')) == 1


def test_row_11_an_answer_stops_its_clock_and_no_other(desk, wall, li):
    day = wall.to_monday()
    case = desk.case(handler=li)
    assert rows(case, ACKNOWLEDGE, 'state', 'outcome') == [(STOPPED, MET)]
    assert rows(case, FIRST_RESPONSE, 'state') == [(RUNNING,)]
    case.ok(proto.LogCall(outcome='reached', text='查到了', substantive=True), by=li)
    assert rows(case, FIRST_RESPONSE, 'state', 'outcome') == [(STOPPED, MET)]
    assert rows(case, RESOLUTION, 'state') == [(RUNNING,)]
    assert rows(case, PROGRESS, 'state') == [(RUNNING,)]
    wall.to(day + DAY)
    assert rang(case, 'ClockBreached', 'acknowledge') == []
    assert rang(case, 'ClockBreached', 'first_response') == []


# --- row 12 ---

def graded(house, source, value):
    """A customer whom the customers service graded so, as complaints hears of it; his reference."""
    with Client(house, source=source) as client:
        client.publish(placed('A-1', source, customer='C1', region=source,
                              at='2018-01-10T04:00:00Z'))
        run = client.ask(proto.RunGrades(as_of='2018-02-01', long_term_days=10))
        assert run.status == 'OK', run
        until(lambda: finished_run(client, run.payload.run_id))
        reply = client.ask(proto.OverrideGrade(
            ref=f'{source}:C1', grade=value, reason='老客户',
            until=str(datetime.date.today() + datetime.timedelta(days=30))))
        assert reply.status == 'OK', reply
    catches_up(house)
    return f'{source}:C1'


def test_row_12_a_grade_change_reprioritises_open_cases_from_the_change_on(
        house, desk, wall, source):
    ref = graded(house, source, 'C')
    day = wall.to_monday()
    case = desk.case(customer=ref)
    assert case.row('priority') == 2
    first = due(case, RESOLUTION)
    assert first == day + 7 * DAY + 18 * HOUR
    wall.to(day + DAY + 9 * HOUR)
    graded(house, source, 'A')
    until(lambda: case.row('priority') == 3)
    old, new = rows(case, RESOLUTION)
    assert old[2] == SUPERSEDED and old[1].replace(microsecond=0) == first
    assert new[2] == RUNNING and new[4] == CAUSES['raised'] and new[5] == 3
    assert near(new[0], day + DAY + 9 * HOUR)  # it starts at the change
    assert due(case, RESOLUTION) == day + 4 * DAY + 18 * HOUR  # three working days from there
    [changed] = case.told('CasePriorityChanged')
    assert (getattr(changed, 'from'), changed.to, changed.cause) == (2, 3, 'customer')
    # Down again: from the old start, and never earlier than it was.
    graded(house, source, 'C')
    until(lambda: case.row('priority') == 2)
    assert due(case, RESOLUTION) >= day + 4 * DAY + 18 * HOUR
    assert rows(case, RESOLUTION)[-1][4] == CAUSES['lowered']
    # Nothing broken becomes whole: acknowledging was late before.
    assert rows(case, ACKNOWLEDGE, 'state', 'outcome')[-1] == (RUNNING, BREACHED)


def test_row_12_another_severity_supersedes_from_the_change_on(desk, wall, li):
    day = wall.to_monday()
    case = desk.case(handler=li)
    wall.to(day + DAY + 9 * HOUR)
    case.ok(proto.SetSeverity(severity=proto.SeverityFacts(safety=4), reason='有人受伤'), by=li)
    old, new = rows(case, RESOLUTION)
    assert old[2] == SUPERSEDED and new[4] == CAUSES['raised'] and new[5] == 4
    assert due(case, RESOLUTION) == day + 2 * DAY + 18 * HOUR


# --- row 13 ---

def test_row_13_paused_ten_times_over_a_weekend_counts_business_time(desk, wall, li):
    day = wall.to_monday()
    friday = day + 4 * DAY
    wall.to(friday + 16 * HOUR)
    case = desk.case(handler=li)
    assert due(case, RESOLUTION) == friday + 7 * DAY + 18 * HOUR
    wall.to(friday + 17 * HOUR)
    case.ok(proto.PauseClocks(reason='等客户寄回样品'), by=li)
    begun = wall.now()
    for n in range(9):
        wall.to(friday + DAY + n * 4 * HOUR)
        case.ok(proto.ResumeClocks(), by=li)
        case.ok(proto.PauseClocks(reason='等客户寄回样品'), by=li)
    wall.to(day + 7 * DAY + 9.5 * HOUR)
    case.ok(proto.ResumeClocks(), by=li)
    # An hour of Friday and half an hour of Monday; a few seconds for the speaking.
    moved = due(case, RESOLUTION)
    assert near(moved, friday + 10 * DAY + 10.5 * HOUR - (begun - friday - 17 * HOUR), 60)
    [(used,)] = rows(case, RESOLUTION, 'pauses_us')
    assert abs(used - 90 * 60e6) < 60e6
    assert case.acts().count('pause') == 10 and case.acts().count('resume') == 10
    assert case.told('ClockWarned') == [] and case.told('ClockBreached') == []


def test_row_13_leaving_a_pause_warns_before_it_can_breach(desk, wall):
    day = wall.to_monday()
    unwarned, warned = desk.case(), desk.case()
    pause = proto.PauseClocks(reason='等客户回电', until=str((day + DAY).date()))
    wall.to(day + 11 * HOUR + 20 * MINUTE)
    unwarned.ok(pause)
    wall.to(day + 11 * HOUR + 47 * MINUTE)
    [before] = rang(warned, 'ClockWarned', 'acknowledge')
    warned.ok(pause)
    assert rows(warned, ACKNOWLEDGE, 'state') == [(PAUSED,)]
    wall.to(day + DAY + 9 * HOUR + 1 * MINUTE)  # they go on by themselves when business opens
    assert rows(warned, ACKNOWLEDGE, 'state') == [(RUNNING,)]
    assert 'clock_goes_on' in warned.acts()
    wall.to(day + DAY + 12 * HOUR)
    # What was left: half an hour of one, three minutes of the other; each warned first.
    [warning] = rang(unwarned, 'ClockWarned', 'acknowledge')
    [broken] = rang(unwarned, 'ClockBreached', 'acknowledge')
    assert near(warning, day + DAY + 9 * HOUR + 6 * MINUTE)
    assert near(broken, day + DAY + 9 * HOUR + 30 * MINUTE)
    first, second = rang(warned, 'ClockWarned', 'acknowledge')
    [broken] = rang(warned, 'ClockBreached', 'acknowledge')
    assert first == before and near(second, day + DAY + 9 * HOUR, 2)
    assert near(broken, day + DAY + 9 * HOUR + 3 * MINUTE)


# --- pauses and extensions ---

def test_a_pause_over_a_weekend_moves_nothing_and_the_work_list_has_the_deadline_again(
        house, desk, wall, li):
    friday = wall.to_monday() + 4 * DAY
    wall.to(friday + 18.5 * HOUR)
    case = desk.case(handler=li)
    before = due(case, FIRST_RESPONSE)
    case.ok(proto.PauseClocks(reason='等客户寄回样品', until=str((friday + 3 * DAY).date())), by=li)
    wall.to(friday + 3 * DAY + 9.5 * HOUR)
    assert due(case, FIRST_RESPONSE) == before
    [(queued, kind)] = house.sql(
        'select due_at, due_kind from complaints.case_queue where case_id = %s', case.id)
    assert (queued, kind) == (before, 'first_response')


def test_words_in_a_pause_begin_a_report_of_progress_that_stands_still_too(desk, wall, li):
    day = wall.to_monday()
    case = desk.case(handler=li)
    case.ok(proto.PauseClocks(reason='等客户寄回样品', until=str((day + 2 * DAY).date())), by=li)
    case.ok(proto.LogCall(outcome='reached', text='请客户寄回样品', substantive=True), by=li)
    [(state, until)] = rows(case, PROGRESS, 'state', 'pause_until')
    assert (state, until) == (PAUSED, day + 2 * DAY + 9 * HOUR)
    wall.to(day + 2 * DAY + 10 * HOUR)
    [(state, due_at)] = rows(case, PROGRESS, 'state', 'due_at')
    assert state == RUNNING and near(due_at, day + 4 * DAY + 17 * HOUR + 10 * MINUTE, 60)
    assert case.told('ClockBreached') == []


def test_a_pause_needs_a_reason_and_stops_no_authoritys_term(desk, wall, li):
    wall.to_monday()
    case = desk.case(handler=li)
    assert 'reason' in case.refused(proto.PauseClocks(), by=li,
                                    status='INVALID_ARGUMENT').fields
    past = proto.PauseClocks(reason='x', until='2020-01-01')
    assert 'until' in case.refused(past, by=li, status='INVALID_ARGUMENT').fields
    case.ok(proto.PauseClocks(reason='等检测'), by=li)
    again = case.refused(proto.PauseClocks(reason='等检测'), by=li)
    assert 'clock.resolution' in again.fields
    case.ok(proto.ResumeClocks(), by=li)
    case.refused(proto.ResumeClocks(), by=li)


def test_pauses_and_extensions_end_at_most_366_days_ahead(desk, wall, li):
    day = wall.to_monday()
    case = desk.case(handler=li)
    for ask, last in ((lambda at: proto.PauseClocks(reason='等检测', until=str(at.date())), 366),
                      (lambda at: proto.AskExtension(reason='等厂家', until=stamp(at)), 365)):
        refused = case.refused(ask(day + 367 * DAY), by=li, status='INVALID_ARGUMENT')
        assert 'more than 366 days ahead' in refused.fields['until']
        case.ok(ask(day + last * DAY), by=li)
        case.ask(proto.ResumeClocks(), by=li)


def test_an_extension_is_asked_by_one_and_granted_by_another(desk, wall, li, zhao):
    day = wall.to_monday()
    case = desk.case(handler=li)
    later = day + 9 * DAY + 18 * HOUR
    assert 'until' in case.refused(proto.AskExtension(reason='等厂家', until=stamp(day)),
                                   by=li).fields
    case.ok(proto.AskExtension(reason='等厂家', until=stamp(later)), by=li)
    [asked] = case.told('ExtensionAsked')
    assert (asked.kind, asked.by_id) == ('resolution', li.id)
    case.refused(proto.AskExtension(reason='等厂家', until=stamp(later)), by=li)
    assert due(case, RESOLUTION) == day + 7 * DAY + 18 * HOUR
    assert case.ask(proto.DecideExtension(granted=True), by=li).status == 'PERMISSION_DENIED'
    case.ok(proto.DecideExtension(granted=True), by=zhao)
    assert due(case, RESOLUTION) == later
    [wanted] = case.told('CaseMessageWanted')
    assert wanted.occasion == 'extension'
    [decided] = case.told('ExtensionDecided')
    assert decided.granted and decided.by_id == zhao.id
    case.ok(proto.AskExtension(reason='再等', until=stamp(later + DAY)), by=li)
    case.ok(proto.DecideExtension(granted=False, reason='太久'), by=zhao)
    assert due(case, RESOLUTION) == later and len(case.told('CaseMessageWanted')) == 1
    case.ok(proto.AskExtension(reason='再等', until=stamp(later + DAY)), by=li)
    case.ok(proto.DecideExtension(granted=True), by=zhao)
    thrice = case.refused(proto.AskExtension(reason='三等', until=stamp(later + 2 * DAY)), by=li)
    assert 'clock' in thrice.fields


def test_who_asked_for_an_extension_does_not_decide_it(desk, wall, zhao):
    day = wall.to_monday()
    case = desk.case(handler=zhao)
    case.ok(proto.AskExtension(reason='等厂家', until=stamp(day + 9 * DAY)), by=zhao)
    assert case.ask(proto.DecideExtension(granted=True), by=zhao).status == 'PERMISSION_DENIED'


# --- conduct ---

def test_a_chase_raises_the_place_of_the_day_and_two_tell_the_manager(desk, wall, li):
    day = wall.to_monday()
    case = desk.case(handler=li)

    def queued():
        return desk.stack.value('select priority from complaints.case_queue where case_id = %s',
                                case.id)

    before = due(case, RESOLUTION)
    case.ok(proto.ChaseCase(text='怎么还没消息', channel=1), by=li)
    assert queued() == 3 and case.row('priority') == 2 and due(case, RESOLUTION) == before
    case.ok(proto.ChaseCase(channel=1), by=li)
    assert [(e.count, e.tells_manager, e.handler_id) for e in case.told('CaseChased')] == \
        [(1, False, li.id), (2, True, li.id)]
    wall.to(day + DAY + HOUR)
    until(lambda: queued() == 2)


def test_a_supervised_case_stands_so_until_a_manager_says_otherwise(desk, wall, li, zhao):
    wall.to_monday()
    case = desk.case(handler=li)
    assert case.ask(proto.SuperviseCase(on=True, reason='大客户'),
                    by=li).status == 'PERMISSION_DENIED'
    case.ok(proto.SuperviseCase(on=True, reason='大客户'), by=zhao)
    assert case.row('is_supervised')
    case.ok(proto.SuperviseCase(on=False), by=zhao)
    assert [e.on for e in case.told('CaseSupervised')] == [True, False]


def test_who_is_complained_about_leaves_the_case(desk, wall, li, zhao):
    wall.to_monday()
    case = desk.case(handler=li)
    case.ok(proto.RecusePerson(staff=li.code, hide_complainant=True, reason='投诉对象'), by=zhao)
    assert case.row('handler_id') is None
    [*_, assigned] = case.told('CaseAssigned')
    assert (assigned.from_handler_id, assigned.handler_id) == (li.id, '')
    assert case.ask(proto.TakeCase(), by=li).status == 'PERMISSION_DENIED'
    unknown = case.ask(proto.RecusePerson(staff='nobody.here', reason='x'), by=zhao)
    assert unknown.status == 'INVALID_ARGUMENT' and 'staff' in unknown.fields


def test_a_filed_result_stops_the_authoritys_clock_and_no_other(desk, wall, li):
    day = wall.to_monday()
    reply = desk.ok(proto.OpenComplaint(
        kind=1, channel=8, content='12315转来', complainant=proto.Complainant(anonymous=True),
        authority=proto.Authority(name='12315', number='A1', date=str(day.date()))))
    case = Case(desk, reply.number, reply.case_id)
    assert due(case, REGULATORY) == day + 14 * DAY + 18 * HOUR
    case.ok(proto.TakeCase(), by=li)
    case.ok(proto.PauseClocks(reason='等检测'), by=li)
    assert rows(case, REGULATORY, 'state') == [(RUNNING,)]
    case.ok(proto.FileResult(note='已回复'), by=li)
    assert rows(case, REGULATORY, 'state', 'outcome') == [(STOPPED, MET)]
    assert rows(case, RESOLUTION, 'state') == [(PAUSED,)]
    case.refused(proto.FileResult(), by=li)

"""Working calendars as documents: hours of teams and regions, the government's notices, what moves
when they change; rows 9, 10 and 12 of BEHAVIOUR §6 where they meet cases."""
import datetime

import pytest

from tests.support import proto
from tests.support.cases import Case
from tests.support.clock_scene import (
    ACKNOWLEDGE, CAUSES, DAY, HOUR, MINUTE, PAUSED, RESOLUTION, RUNNING, SUPERSEDED, Wall, due,
    near, rows)
from tests.support.stack import Stack, until


@pytest.fixture(scope='module')
def house(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp('calendars'), KEHU_INSTALLATION='test',
                  instances=2).up()
    yield stack
    stack.down()


@pytest.fixture
def wall(desk):
    return Wall(desk)


def week(*ranges, days=5):
    hours = [proto.OpenRange(opens=opens, closes=closes) for opens, closes in ranges]
    return [proto.WeekdayHours(weekday=n + 1, ranges=hours) for n in range(days)]


def document(name, weekly, teams=(), regions=(), reason='test', **more):
    return proto.WorkingCalendar(
        calendar=proto.Calendar(name=name, weekly=weekly, **more), teams=teams, regions=regions,
        reason=reason)


def notice(year, off=(), work=()):
    return proto.HolidayNotice(year=year, off_days=[str(day) for day in off],
                               working_days=[proto.WorkingDay(day=str(day)) for day in work])


def fresh(source, name):
    return f'{name}-{source}'


def save(desk, calendar, expected=0, by=None, **more):
    return desk.ask(proto.SaveCalendar(calendar=calendar, expected_version=expected, **more),
                    by=by)


# --- documents ---

def test_the_built_in_calendars_are_there_and_xinjiang_counts_by_its_own(desk, wall):
    listed = {one.calendar.name: one for one in desk.ok(proto.ListCalendars()).calendars}
    assert {'cn', 'cn-west'} <= set(listed)
    west = listed['cn-west']
    assert '新疆' in west.regions and west.calendar.weekly[0].ranges[1].closes == '20:00'
    assert desk.ok(proto.GetCalendar()).calendar == listed['cn'].calendar
    assert desk.ask(proto.GetCalendar(name='no-such')).status == 'NOT_FOUND'
    day = wall.to_monday()
    wall.to(day + 10 * HOUR + 30 * MINUTE)
    here = desk.case()
    reply = desk.ok(proto.OpenComplaint(kind=1, channel=1, content='x', region='新疆维吾尔自治区',
                                        complainant=proto.Complainant(anonymous=True)))
    there = Case(desk, reply.number, reply.case_id)
    assert near(due(here, ACKNOWLEDGE), day + 14 * HOUR)
    assert near(due(there, ACKNOWLEDGE), day + 12 * HOUR + 30 * MINUTE)
    assert due(there, RESOLUTION) == day + 7 * DAY + 20 * HOUR
    assert rows(there, RESOLUTION, 'calendar') == [('cn-west',)]


def test_a_calendar_without_an_open_hour_is_refused_with_its_field(desk, source):
    closed = save(desk, document(fresh(source, 'never'), [], teams=[source]))
    assert closed.status == 'INVALID_ARGUMENT'
    assert any(field.startswith('calendar.calendar.weekly') for field in closed.fields), closed
    late = save(desk, document(fresh(source, 'late'), week(('18:00', '09:00')), teams=[source]))
    assert 'calendar.calendar.weekly[0].ranges[0]' in late.fields
    nowhere = save(desk, document(fresh(source, 'zone'), week(('09:00', '17:00')), teams=[source],
                                  zone='Mars/Olympus'))
    assert list(nowhere.fields) == ['calendar.calendar.zone']
    assert save(desk, document(fresh(source, 'x'), week(('09:00', '17:00')))).fields
    assert save(desk, document('cn', week(('09:00', '17:00')), teams=['a'])).fields


def test_a_calendar_whose_days_off_leave_no_open_hour_is_refused(desk, wall, source):
    monday = wall.to_monday().date()
    off = [str(monday + datetime.timedelta(weeks=n)) for n in range(560)]
    mondays = week(('09:00', '17:00'), days=1)
    closed = save(desk, document(fresh(source, 'off'), mondays, teams=[source], off_days=off))
    assert closed.status == 'INVALID_ARGUMENT'
    assert list(closed.fields) == ['calendar.calendar.off_days'], closed
    rare = save(desk, document(fresh(source, 'off'), mondays, teams=[source], off_days=off[:500]))
    assert rare.status == 'OK'


def test_a_team_or_region_has_one_calendar(desk, source):
    hours = week(('09:00', '17:00'))
    first = document(fresh(source, 'one'), hours, teams=[source], regions=[f'{source}省'])
    assert save(desk, first).status == 'OK'
    again = save(desk, document(fresh(source, 'two'), hours, teams=[source]))
    assert again.status == 'FAILED_PRECONDITION' and list(again.fields) == ['calendar.teams[0]']
    again = save(desk, document(fresh(source, 'two'), hours, regions=[f'{source}省东部']))
    assert list(again.fields) == ['calendar.regions[0]']
    stale = save(desk, first)
    assert stale.status == 'FAILED_PRECONDITION' and 'version 1' in stale.message
    assert save(desk, first, expected=1).payload.calendars[0].version == 2
    assert desk.ok(proto.GetCalendar(name=fresh(source, 'one'), version=1)).calendar.version == 1


def test_who_handles_cases_changes_no_calendar(desk, li, source):
    calendar = document(fresh(source, 'li'), week(('09:00', '17:00')), teams=[source])
    assert save(desk, calendar, by=li).status == 'PERMISSION_DENIED'


# --- row 12: the group ---

def test_row_12_another_group_goes_on_with_what_was_left_on_its_own_calendar(desk, wall, li,
                                                                             source):
    team = fresh(source, 'night')
    assert save(desk, document(team, week(('20:00', '24:00'), days=7),
                               teams=[team])).status == 'OK'
    day = wall.to_monday()
    case = desk.case()
    first = due(case, ACKNOWLEDGE)
    wall.to(day + 10 * HOUR + 20 * MINUTE)
    case.ok(proto.AssignCase(team=team, reason='夜班组'), by=li)
    old, new = rows(case, ACKNOWLEDGE)
    assert old[2] == SUPERSEDED and old[1].replace(microsecond=0) == first
    assert new[4] == CAUSES['group'] and near(new[0], day + 10 * HOUR + 20 * MINUTE)
    # An hour and a half was left; the night begins at eight.
    assert near(due(case, ACKNOWLEDGE), day + 21 * HOUR + 30 * MINUTE)
    assert rows(case, ACKNOWLEDGE, 'calendar')[-1] == (team,)
    # What does not count by a calendar stays.
    assert len(rows(case, 1)) == 1
    queued = desk.stack.value('select due_at from complaints.case_queue where case_id = %s',
                              case.id)
    assert queued == min(at for (at,) in desk.stack.sql(
        'select due_at from complaints.clock where case_id = %s and state = 1', case.id))


# --- what moves ---

def test_other_hours_move_what_runs_from_its_old_start_and_say_what(desk, wall, source):
    team = fresh(source, 'hours')
    assert save(desk, document(team, week(('09:00', '17:00')), regions=[team])).status == 'OK'
    day = wall.to_monday()
    reply = desk.ok(proto.OpenComplaint(kind=1, channel=1, content='x', region=team,
                                        complainant=proto.Complainant(anonymous=True)))
    case = Case(desk, reply.number, reply.case_id)
    assert due(case, RESOLUTION) == day + 7 * DAY + 17 * HOUR
    later = document(team, week(('09:00', '19:00')), regions=[team])
    dry = save(desk, later, expected=1, dry_run=True).payload
    assert dry.dry_run and dry.counted_all and dry.clocks_moved >= 1
    [moved] = [m for m in dry.moved if m.kind == 'resolution']
    assert moved.case_number == case.number and moved.calendar == team
    assert due(case, RESOLUTION) == day + 7 * DAY + 17 * HOUR
    assert desk.ok(proto.GetCalendar(name=team)).calendar.version == 1
    done = save(desk, later, expected=1).payload
    assert done.clocks_moved == dry.clocks_moved
    until(lambda: due(case, RESOLUTION) == day + 7 * DAY + 19 * HOUR)
    old, new = rows(case, RESOLUTION)[-2:]
    assert old[2] == SUPERSEDED and new[4] == CAUSES['calendar'] and new[0] == old[0]
    assert rows(case, RESOLUTION, 'calendar_version')[-1] == (2,)
    wall.to(wall.now() + 2 * MINUTE)
    until(lambda: desk.stack.value(
        "select count(*) from complaints.log where type = 'kehu.complaints.v1.CalendarChanged'"))


def test_a_calendar_saved_again_as_it_is_moves_no_clock_of_another_group(desk, wall, li, source):
    team = fresh(source, 'again')
    calendar = document(team, week(('09:00', '17:00')), teams=[team])
    assert save(desk, calendar).status == 'OK'
    day = wall.to_monday()
    case, raised = desk.case(), desk.case()
    wall.to(day + 3 * DAY + 10 * HOUR)
    case.ok(proto.AssignCase(team=team, reason='夜班组'), by=li)
    raised.ok(proto.AssignCase(team=team, reason='夜班组'), by=li)
    raised.ok(proto.SetSeverity(severity={'safety': 2}, reason='有人受伤'), by=li)
    before = [(due(one, RESOLUTION), len(rows(one, RESOLUTION))) for one in (case, raised)]
    dry = save(desk, calendar, expected=1, dry_run=True).payload
    assert dry.clocks_moved == 0, dry
    done = save(desk, calendar, expected=1).payload
    assert done.calendars[0].version == 2 and done.clocks_moved == 0
    wall.to(wall.now() + 2 * MINUTE)
    assert before == [(due(one, RESOLUTION), len(rows(one, RESOLUTION))) for one in (case, raised)]
    # An hour less a day: what was left goes on, and not the whole term.
    shorter = document(team, week(('09:00', '16:00')), teams=[team])
    assert save(desk, shorter, expected=2).payload.clocks_moved >= 1
    until(lambda: rows(case, RESOLUTION, 'cause')[-1] == (CAUSES['calendar'],))
    assert due(case, RESOLUTION) < before[0][0] + DAY


def test_row_9_a_years_notice_moves_provisional_terms_and_lists_them(desk, wall, source):
    day = wall.to_monday()
    case = desk.case()
    [(is_provisional,)] = rows(case, RESOLUTION, 'is_provisional')
    assert is_provisional  # of 2030 nothing is announced
    first = due(case, RESOLUTION)
    off = [day.date() + n * DAY for n in (2, 3)]
    work = [day.date() + 5 * DAY]
    ask = proto.LoadHolidays(notice=notice(2030, off, work), dry_run=True)
    dry = desk.ok(ask)
    assert {one.name for one in dry.calendars} >= {'cn', 'cn-west'}
    [moved] = [m for m in dry.moved if m.case_number == case.number and m.kind == 'resolution']
    assert not moved.provisional and due(case, RESOLUTION) == first
    ask.dry_run = False
    versions = {one.name: one.version for one in desk.ok(ask).calendars}
    # Two days off and a working Saturday later: one working day.
    until(lambda: due(case, RESOLUTION) == first + DAY)
    assert rows(case, RESOLUTION, 'is_provisional', 'calendar_version', 'cause')[-1] == \
        (False, versions['cn'], CAUSES['calendar'])
    until(lambda: rows(case, ACKNOWLEDGE, 'is_provisional')[-1] == (False,))
    again = desk.ask(ask)
    assert again.status == 'FAILED_PRECONDITION' and list(again.fields) == ['notice.year']
    # Amended: one day less.
    ask.notice.CopyFrom(notice(2030, off[:1], work))
    ask.amends = True
    assert desk.ask(ask).status == 'OK'
    until(lambda: due(case, RESOLUTION) == first)
    # A new year's notice that names the same day again.
    other = desk.ask(proto.LoadHolidays(notice=notice(2031, off[:1])))
    assert other.status in ('FAILED_PRECONDITION', 'INVALID_ARGUMENT') and other.fields


def test_paused_clocks_stay_paused_when_their_calendar_changes(desk, wall, source, li):
    team = fresh(source, 'still')
    assert save(desk, document(team, week(('09:00', '17:00')), teams=[team])).status == 'OK'
    wall.to_monday()
    case = desk.case(handler=li)
    case.ok(proto.AssignCase(handler=li.code, team=team), by=li)
    case.ok(proto.PauseClocks(reason='等检测'), by=li)
    assert save(desk, document(team, week(('09:00', '18:00')), teams=[team]),
                expected=1).status == 'OK'
    until(lambda: rows(case, RESOLUTION, 'cause')[-1] == (CAUSES['calendar'],))
    assert rows(case, RESOLUTION, 'state')[-1] == (PAUSED,)
    case.ok(proto.ResumeClocks(), by=li)
    assert rows(case, RESOLUTION, 'state')[-1] == (RUNNING,)

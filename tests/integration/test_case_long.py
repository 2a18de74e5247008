"""Cases of which much was said and done: everything is read, page by page, nothing is left out."""
import pytest

from tests.support.desk import Desk

MESSAGES, ENTRIES, PARTS = 1203, 2405, 503


def fill(stack, case_id, first=0):
    """Older than what the case has: ids rise with n. Each tenth message is to the complainant."""
    numbered = "('01900000-0000-7000-8000-' || lpad(to_hex(%s + n), 12, '0'))::uuid"
    stack.sql('insert into complaints.case_message (case_id, id, at, is_internal, text, by)'
              f" select %s, {numbered}, now(), n %% 10 <> 0, 'm' || n, 'li'"
              ' from generate_series(1, %s) n', case_id, first, MESSAGES)
    stack.sql('insert into complaints.case_entry (case_id, id, at, act, from_state, to_state, by,'
              f" reason) select %s, {numbered}, now(), 'note', 1, 1, 'li', 'e' || n"
              ' from generate_series(1, %s) n', case_id, first, ENTRIES)
    stack.sql('insert into complaints.case_subtask (case_id, id, unit, text)'
              f" select %s, {numbered}, 'qa', 's' || n from generate_series(1, %s) n",
              case_id, first, PARTS)


@pytest.fixture(scope='module')
def desk(stack):
    with Desk(stack, 'long') as it:
        yield it


@pytest.fixture(scope='module')
def case(stack, desk):
    made = desk.open('灯坏了', external_ref='long:1')
    fill(stack, made.case_id)
    return made


def pages(desk, ref):
    """Every page of a case, by both tokens; what is over begins anew and is left out."""
    found = {'messages': [], 'history': []}
    tokens = {'messages': '', 'history': ''}
    while tokens:
        page = desk.ok('GetCase', ref=ref, with_history=True,
                       **{f'{field}_token': token for field, token in tokens.items()})
        for field in list(tokens):
            found[field] += getattr(page, field)
            tokens[field] = getattr(page, f'next_{field}_token')
            if not tokens[field]:
                del tokens[field]
    return found


def test_all_that_was_said_and_done_is_read_page_by_page_latest_first(desk, case):
    first = desk.ok('GetCase', ref=case.number, with_history=True)
    assert (len(first.messages), len(first.history)) == (50, 200)
    found = pages(desk, case.number)
    said = [m.text for m in found['messages'] if m.text.startswith('m')]
    assert said == [f'm{n}' for n in range(MESSAGES, 0, -1)]
    done = [e.reason for e in found['history'] if e.reason.startswith('e')]
    assert done == [f'e{n}' for n in range(ENTRIES, 0, -1)]
    assert found['history'][0].act != 'note'  # what happened last


def test_a_page_goes_on_where_it_ended_though_more_is_said_meanwhile(desk, case):
    first = desk.ok('GetCase', ref=case.number)
    assert first.next_history_token == ''     # nobody asked for it
    desk.ok('AddNote', ref=case.number, text='还有')
    page = desk.ok('GetCase', ref=case.number, messages_token=first.next_messages_token)
    last = int(first.messages[-1].text[1:])
    assert [m.text for m in page.messages] == [f'm{n}' for n in range(last - 1, last - 51, -1)]


def test_a_token_is_of_its_own_case_and_list(desk, case):
    other = desk.open('门坏了').number
    one = desk.ok('GetCase', ref=case.number, with_history=True)
    for ref, field, token in ((other, 'messages_token', one.next_messages_token),
                              (other, 'history_token', one.next_history_token),
                              (case.number, 'messages_token', one.next_history_token),
                              (case.number, 'history_token', 'x')):
        reply = desk.say('GetCase', ref=ref, with_history=True, **{field: token})
        assert reply.status == 'INVALID_ARGUMENT' and list(reply.fields) == [field], reply


def test_of_very_many_sub_tasks_the_latest_are_shown_and_it_is_said(desk, case):
    found = desk.ok('GetCase', ref=case.number)
    assert [one.text for one in found.subtasks] == [f's{n}' for n in range(4, PARTS + 1)]
    assert found.more_parts
    short = desk.ok('GetCase', ref=desk.open('窗坏了').number, with_history=True)
    assert not (short.more_parts or short.next_messages_token or short.next_history_token)


def test_notes_do_not_push_out_what_the_complainant_may_see(desk, case):
    view = desk.ok('GetComplainantView', ref=case.number)
    assert [m.text for m in view.messages if m.text.startswith('m')] == [
        f'm{n}' for n in range(10, MESSAGES + 1, 10)]


def test_kehuctl_says_that_there_is_more_and_shows_all_of_it(stack, case):
    brief = stack.kehuctl('complaint', 'show', case.number, '--history')
    assert brief.returncode == 0 and '--all' in brief.stdout
    whole = stack.kehuctl_json('complaint', 'show', case.number, '--history', '--all')
    assert len([m for m in whole['messages'] if m['text'].startswith('m')]) == MESSAGES
    assert len([e for e in whole['history'] if e['reason'].startswith('e')]) == ENTRIES
    assert (whole['next_messages_token'], whole['next_history_token']) == ('', '')
    shown = stack.kehuctl('complaint', 'show', case.number, '--history', '--all').stdout
    assert 'm1\n' in shown and 'e1\n' in shown and '--all' not in shown

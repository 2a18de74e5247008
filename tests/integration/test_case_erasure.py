"""The erasure of a person's cases: beside who writes into them, after it, and of however much."""
import threading
import time

import pytest

from tests.support.case_person import (
    SAID, VALUES, erase, hire, new_person, standing)
from tests.support.client import Client, day, timestamp
from tests.support.consumed import both_level, catches_up
from tests.support.desk import Desk, enum, event, message, submitted
from tests.support.stack import until
from tests.support.traces import traces


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


def forgotten(stack, client, desk, him, number):
    """His case ends, he is erased, and what was written of the case is gone."""
    desk.ok('WithdrawCase', ref=number, reason=SAID)
    both_level(stack)
    assert erase(client, customer_ref=him).state == 'erased'
    until(lambda: stack.value('select count(*) from complaints.person_erased'
                              ' where done_at is not null') == 1, 30)


def test_a_note_decided_before_an_erasure_is_not_left_behind_it(
        stack, client, desk, source, staff):
    him = new_person(client, source)
    catches_up(stack)
    number = desk.open(SAID, customer_ref=him).number
    desk.ok('WithdrawCase', ref=number, reason=SAID)
    answers = []

    def note():
        with Desk(stack, source) as own:
            answers.append(own.insist(message('AddNote', ref=number, text=SAID)))
    with stack.database() as connection, connection.cursor() as erasure:
        connection.autocommit = False       # as the job does, and slow
        erasure.execute("update complaints.cases set version = version + 1, content = '',"
                        ' forgotten_at = now() where number = %s', (number,))
        writer = threading.Thread(target=note)
        writer.start()
        time.sleep(1)
        erasure.execute("update complaints.case_message set text = ''")
        connection.commit()
    writer.join()
    assert answers[0].status == 'FAILED_PRECONDITION' and 'was erased' in answers[0].message
    assert stack.value('select count(*) from complaints.case_message where text <> %s', '') == 0


def test_who_writes_while_he_is_erased_leaves_nothing(stack, client, desk, source, staff):
    him = new_person(client, source)
    catches_up(stack)
    number = desk.open(SAID, customer_ref=him).number
    stop, wrong = threading.Event(), []

    def write(name, **fields):
        with Desk(stack, source) as own:
            while not stop.wait(0.02):
                reply = own.insist(message(name, ref=number, **fields))
                if reply.status not in ('OK', 'FAILED_PRECONDITION'):
                    wrong.append(reply)
    threads = [threading.Thread(target=write, args=(name,), kwargs=fields) for name, fields in (
        ('AddNote', {'text': SAID}), ('LogCall', {'outcome': 'reached', 'text': SAID}),
        ('AddNote', {'text': SAID}))]
    for thread in threads:
        thread.start()
    try:
        forgotten(stack, client, desk, him, number)
        time.sleep(1)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert traces(stack, VALUES) == []


def test_into_a_forgotten_case_nobody_writes_and_what_was_owed_for_it_ends_without_words(
        stack, client, desk, source, staff):
    him = new_person(client, source)
    catches_up(stack)
    number = desk.open(SAID, customer_ref=him, order='o-1').number
    later = timestamp('2032-01-01T00:00:00Z')
    desk.ok('SaveSubtask', ref=number, subtask=dict(unit='factory', text=SAID, due_at=later))
    desk.ok('SaveAction', ref=number, action=dict(
        kind='corrective', text=SAID, owner=staff['wang'].code, due_on=day(70)))
    forgotten(stack, client, desk, him, number)
    for name, fields in (
            ('AddNote', {'text': SAID}), ('LogCall', {'outcome': 'no_answer', 'text': SAID}),
            ('SendCaseMessage', {'text': SAID, 'channel': 'email'}),
            ('SaveLesson', {'lesson': {'text': SAID}}), ('ReopenCase', {'reason': SAID}),
            ('ChaseCase', {'text': SAID}), ('SuperviseCase', {'on': True, 'reason': SAID}),
            ('RateCase', {'rating': 5, 'text': SAID}),
            ('RecusePerson', {'staff': staff['wang'].code, 'reason': SAID})):
        reply = desk.say(name, ref=number, **fields)
        assert reply.status == 'FAILED_PRECONDITION' and 'was erased' in reply.message, name
    case = desk.ok('GetCase', ref=number)
    desk.ok('SaveSubtask', ref=number, subtask=dict(
        subtask_id=case.subtasks[0].subtask_id, result=SAID))
    desk.ok('SaveAction', ref=number, action=dict(
        action_id=case.actions[0].action_id, verified_by=staff['chen'].code))
    case = desk.ok('GetCase', ref=number)
    assert (case.subtasks[0].result, case.actions[0].text) == ('***', '***')
    assert case.subtasks[0].HasField('done_at') and case.actions[0].verified_on
    assert traces(stack, VALUES) == []

    reply = desk.publish(event(message('ComplainantReplied', case_ref=number, text='旧话'), source,
                               at='2020-01-01T00:00:00Z'))
    assert 'was erased' in reply.refusal()[1]
    anew = desk.ok('RecordReply', ref=number, text='又坏了').number
    assert anew != number
    assert desk.ok('GetCase', ref=anew).recurs_of != ''
    assert desk.ok('GetCase', ref=number).state == enum('CASE_STATE_WITHDRAWN')


def test_however_much_is_quarantined_and_however_many_names_he_has_all_of_it_is_looked_through(
        stack, client, desk, source, staff):
    him = new_person(client, source)
    catches_up(stack)
    stack.sql('insert into complaints.customer_reference select %s, \'gone-\' || n, customer_id'
              ' from complaints.customer_seen, generate_series(1, 1500) n where number = %s',
              source, him)
    last = stack.value(     # in the order in which names are looked for
        "select external_id from complaints.customer_reference order by"
        " md5(source || chr(31) || external_id)::uuid desc limit 1")
    for name in (f'{source}:P1', f'{source}:{last}'):
        assert desk.publish(submitted(source, SAID, customer_ref=name,
                                      at='2099-01-01T00:00:00Z')).refusal()
    stack.sql('insert into complaints.quarantine_key (day, key)'
              " values (now()::date - 1, decode(repeat('a7', 32), 'hex'))")
    stack.sql('insert into complaints.quarantine (at, day, key_name, request, source, event_id,'
              " type, field, why, hash, nonce, content) select now(), now()::date - 1, 'x', 'x',"
              " 'x', 'x', 'x', 'x', 'x', decode(lpad(to_hex(n), 64, '0'), 'hex'),"
              " decode(repeat('00', 24), 'hex'), decode(repeat('00', 40), 'hex')"
              ' from generate_series(1, 20500) n')
    assert stack.value('select count(*) from complaints.quarantine where source = %s', source) == 2
    erase(client, customer_ref=him)
    until(lambda: {part.service for part in standing(client, customer_ref=him).parts} ==
          {'customers', 'complaints'}, 60)
    assert stack.value('select count(*) from complaints.quarantine where source = %s', source) == 0
    done = stack.value("select count(*) from complaints.log where type like '%%ErasureDone'")
    assert (done, stack.value('select version from complaints.person_erased')) == (1, 5)

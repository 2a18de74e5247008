"""Erasure beside others: killed, repeated, while somebody writes or holds; nothing is half done."""
import threading
import uuid

import pytest

from tests.support import proto
from tests.support.client import Client
from tests.support.traces import traces

NAME, PHONE = '公冶长庚', '13698765432'


def good(reply):
    assert reply.status == 'OK', reply
    return reply.payload


def about(contact='', customer=''):
    return proto.PersonRef(contact_id=contact, customer_ref=customer)


@pytest.fixture
def stack(new_stack):
    return new_stack(instances=2)


@pytest.fixture
def company(client, source):
    return good(client.ask(proto.RegisterCustomer(nature=1, refs=[f'{source}:C1'], facts=[
        proto.Fact(field='name', value='公冶茶行')]))).number


def new_contact(client, company, name=NAME):
    return good(client.ask(proto.SaveContact(
        name=name, links=[proto.ContactLink(customer_ref=company, role='purchasing')],
        channels=[proto.ContactChannel(kind='mobile', value=PHONE)]))).contact_id


def writers(stack, messages, stop):
    """Threads that send one of these over and over, to one of two processes until told to stop."""
    wrong = []

    def run(message, url):
        with Client(stack, url=url, source='writer') as client:
            while not stop.wait(0.03):
                reply = client.insist(message())
                if reply.status not in ('OK', 'FAILED_PRECONDITION', 'NOT_FOUND', 'ALREADY_EXISTS'):
                    wrong.append(reply)
    threads = [threading.Thread(target=run, args=(message, stack.urls[i % 2]))
               for i, message in enumerate(messages)]
    for thread in threads:
        thread.start()
    return threads, wrong


def test_nothing_is_added_by_those_who_write_at_the_same_moment(stack, client, company):
    contact = new_contact(client, company)
    stop = threading.Event()
    threads, wrong = writers(stack, (
        lambda: proto.SaveNeed(customer_ref=company, need=proto.Need(
            kind='latent', description=f'{NAME}要茶', contact_id=contact)),
        lambda: proto.SaveDecisionEntry(customer_ref=company, entry=proto.DecisionEntry(
            contact_id=contact, role='decider', approach=f'找{NAME}')),
        lambda: proto.SaveContact(contact_id=contact, name=NAME, title=f'{NAME}的头衔'),
        lambda: proto.RecordConsent(contact_id=contact, consent=proto.Consent(
            purpose='care', channel='any', state='granted', evidence=f'{NAME}同意')),
        lambda: proto.LinkContact(contact_id=contact, change=True, link=proto.ContactLink(
            customer_ref=company, role='manager', title=NAME))), stop)
    try:
        for _ in range(3):
            threading.Event().wait(0.5)
            good(client.insist(proto.RestrictPerson(person=about(contact), reason='x')))
            assert {t for t in traces(stack, [NAME])} == set()
            good(client.insist(proto.LiftRestriction(person=about(contact), reason='x')))
        threading.Event().wait(0.5)
        erased = good(client.insist(proto.ErasePerson(person=about(contact), reason='request')))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert erased.state == 'erased' and wrong == []
    assert traces(stack, [NAME, PHONE]) == []


def test_a_lifted_restriction_gives_back_what_was_written_last(stack, client, company):
    contact = new_contact(client, company)
    good(client.ask(proto.SaveContact(contact_id=contact, state='left')))
    need = good(client.ask(proto.SaveNeed(customer_ref=company, need=proto.Need(
        kind='latent', description='普洱', contact_id=contact)))).id
    good(client.ask(proto.RestrictPerson(person=about(contact), reason='x')))
    good(client.ask(proto.LiftRestriction(person=about(contact), reason='x')))
    shown = good(client.ask(proto.GetContact(contact_id=contact, unmask=True)))
    assert (shown.name, shown.state) == (NAME, 'left')
    (told,) = good(client.ask(proto.ListNeeds(customer_ref=company))).needs
    assert (told.need_id, told.description) == (need, '普洱')


def test_holds_and_erasures_at_the_same_moment_never_both_win(stack, client, company):
    for i in range(12):
        contact = new_contact(client, company, f'{NAME}{i}')
        answers = {}

        def ask(name, message, url):
            with Client(stack, url=url, source=name) as it:
                answers[name] = it.insist(message)
        threads = [threading.Thread(target=ask, args=a) for a in (
            ('hold',
             proto.PlaceHold(person=about(contact), hold=proto.Hold(kind='case', subject='TS-1')),
             stack.urls[0]),
            ('erase', proto.ErasePerson(person=about(contact), reason='request'), stack.urls[1]))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        state = good(answers['erase']).state
        assert (answers['hold'].status, state) in (('OK', 'erasing'),
                                                   ('FAILED_PRECONDITION', 'erased')), answers


def test_killed_and_repeated_it_is_done_once_and_whole(stack, client, company):
    for i in range(6):
        contact = new_contact(client, company)
        request = str(uuid.uuid4())
        message = proto.ErasePerson(person=about(contact), reason='request')
        client.send(client.request(message, id=request))
        threading.Event().wait(0.004 * i)
        stack.kill('customers')
        with Client(stack, source=client.source) as again:
            first = good(again.insist(message, id=request))
            assert first.state == 'erased'
            assert good(again.insist(message, id=request)) == first
        assert traces(stack, [NAME, PHONE]) == []
        done = stack.value("select count(*) from log where type like '%%PersonErased'"
                           ' and subject = %s', contact)
        assert done == 1


def test_many_holds_come_and_go_and_one_whose_day_was_over_stands_again(stack, client, company):
    contact = new_contact(client, company)
    for i in range(101):  # released ones do not fill the room
        hold = proto.Hold(kind='case', subject=f'TS-{i}')
        good(client.ask(proto.PlaceHold(person=about(contact), hold=hold)))
        good(client.ask(proto.ReleaseHold(person=about(contact), kind='case', subject=f'TS-{i}')))
    made = good(client.ask(proto.PlaceHold(person=about(contact),
                                           hold=proto.Hold(kind='case', subject='TS-9'))))
    stack.sql("update person_hold set until_on = '2020-01-01' where id = %s", made.hold_id)
    assert list(good(client.ask(proto.GetPersonStanding(person=about(contact)))).holds) == []
    again = good(client.ask(proto.PlaceHold(person=about(contact),
                                            hold=proto.Hold(kind='case', subject='TS-9'))))
    assert again.hold_id == made.hold_id
    assert good(client.ask(proto.ErasePerson(person=about(contact),
                                             reason='request'))).state == 'erasing'

"""A person whose words are looked for: who he is, who works on his cases, what is asked of him.

    him = new_person(client, source)
    staff = hire(stack, client, source)     # staff['officer'].code
    erase(client, customer_ref=him)
"""
from tests.support import proto
from tests.support.consumed import catches_up
from tests.support.staff import People

NAME, PHONE = '欧阳念慈', '13877776666'
WORDS = '我在茶马古道店买的灯漏电'
VALUES = (NAME, PHONE, '+86' + PHONE, WORDS)
SAID = f'{NAME}说:{WORDS},回电{PHONE}'


def good(reply):
    assert reply.status == 'OK', reply
    return reply.payload


def new_person(client, source):
    """A customer who is a person: his number."""
    return good(client.ask(proto.RegisterCustomer(nature=2, refs=[f'{source}:P1'], facts=[
        proto.Fact(field='name', value=NAME), proto.Fact(field='phone', value=PHONE)]))).number


def erase(client, **person):
    return good(client.ask(proto.ErasePerson(person=proto.PersonRef(**person), reason='request')))


def standing(client, **person):
    return good(client.ask(proto.GetPersonStanding(person=proto.PersonRef(**person))))


def hire(stack, client, source):
    """Two handlers, a manager, a privacy officer; complaints knows them."""
    people = People(stack, client, source)
    made = {'wang': people.add('wang', 'complaint_handler'),
            'chen': people.add('chen', 'complaint_handler'),
            'boss': people.add('boss', 'manager'),
            'officer': people.add('officer', 'privacy_officer')}
    catches_up(stack)
    return made

"""Contacts for tests: saving, reading, linking; days in business time."""
import datetime

from tests.support import proto


def today(days=0):
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    return (now + datetime.timedelta(days=days)).date().isoformat()


def done(client, message, **envelope):
    reply = client.ask(message, **envelope)
    assert reply.status == 'OK', reply
    return reply.payload


def link(ref, **more):
    return proto.ContactLink(customer_ref=ref, **more)


def channel(kind, value, **more):
    return proto.ContactChannel(kind=kind, value=value, **more)


def save(client, ref, name='李娜', **more):
    links = more.pop('links', [link(ref, role=more.pop('role', 'purchasing'))])
    return done(client, proto.SaveContact(name=name, links=links, **more))


def get(client, contact_id, **more):
    return done(client, proto.GetContact(contact_id=contact_id, **more))

"""Publishing: what becomes of an event said once, twice, differently, late, or among bad ones."""
import uuid

from tests.support import books, proto
from tests.support.client import (Client, amended, cancelled, delivered, event, paid, placed,
                                  returned)
from tests.support.stack import until

WEEK = 7 * 86400


def test_an_order_is_accepted_and_stands_in_the_file(client, source):
    got = client.publish(placed('A-1', source, lines=[('tea', 2, '128.50')]))
    assert got.outcomes == ['accepted']
    file = client.customer(f'{source}:C1', recent_orders=10)
    assert [o.number for o in file.recent_orders] == ['A-1']
    assert books.net_of(client, f'{source}:C1') == 257


def test_the_same_event_under_another_request_is_a_duplicate(client, source):
    once = placed('A-1', source)
    assert client.publish(once).outcomes == ['accepted']
    again = client.publish(once)
    assert again.outcomes == ['duplicate']
    assert (again.accepted, again.duplicates, again.rejected) == (0, 1, 0)
    assert books.net_of(client, f'{source}:C1') == 10


def test_the_same_request_again_gets_the_same_answer(client, source):
    batch = proto.Publish(events=[placed('A-1', source), placed('A-2', source, at=2 * WEEK),
                                  placed('', source)])
    body = client.request(batch)
    answers = []
    for _ in range(3):
        client.send(body)
        answers.append(client.receive().raw)
    assert answers[0] == answers[1] == answers[2]
    items = proto.Published.FromString(proto.Reply.FromString(answers[0]).payload).items
    assert [proto.outcome_name(i.outcome) for i in items] == ['accepted', 'accepted', 'rejected']
    assert books.net_of(client, f'{source}:C1') == 20


def test_the_same_request_sent_twice_at_once_has_one_effect(client, source):
    body = client.request(proto.Publish(events=[placed('A-1', source)]))
    for _ in range(5):
        client.send(body)
    assert len({client.receive().raw for _ in range(5)}) == 1
    assert books.net_of(client, f'{source}:C1') == 10


def row_22_same_source_and_id_with_another_payload_is_quarantined_and_alarmed(
        stack, client, source):
    """BEHAVIOUR §6 row 22."""
    name = 'kehu_customers_events_conflict_total'
    before = stack.metrics()[name]
    assert client.publish(placed('A-1', source, id='one')).outcomes == ['accepted']

    other = client.publish(placed('A-1', source, id='one', lines=[('tea', 5, '10')]))
    assert other.outcomes == ['rejected']
    field, why = other.refusal()
    assert field == 'id' and 'another payload' in why

    assert books.net_of(client, f'{source}:C1') == 10  # what was said first holds
    assert stack.sql('select event_id, key_name, field from quarantine where source = %s', source) \
        == [('one', 'admin', 'id')]
    assert stack.metrics()[name] == before + 1  # what an alarm watches
    until(lambda: [line for line in stack.log().splitlines()
                   if 'conflict' in line and f'source={source} ' in line and 'id=one' in line])

    # The refusal is no effect: the event as it was is still the one known.
    assert client.publish(placed('A-2', source)).outcomes == ['accepted']


def test_another_subject_or_type_under_the_same_id_is_a_conflict_too(client, source):
    message = proto.OrderCancelled(number='A-1')
    message.cancelled_at.GetCurrentTime()
    assert client.publish(event(message, source, id='one', subject='a')).outcomes == ['accepted']
    assert client.publish(event(message, source, id='one', subject='b')).outcomes == ['rejected']
    same_bytes = proto.OrderDelivered(number='A-1', delivered_at=message.cancelled_at)
    assert same_bytes.SerializeToString() == message.SerializeToString()
    assert client.publish(event(same_bytes, source, id='one', subject='a')).outcomes == ['rejected']


def test_the_same_id_from_another_source_is_another_event(client, source):
    got = client.publish(placed('A-1', source, id='one'), placed('A-1', source + 'b', id='one'))
    assert got.outcomes == ['accepted', 'accepted']


def test_one_bad_item_harms_only_itself(stack, client, source):
    got = client.publish(placed('A-1', source), placed('A-2', source, currency='XYZ', id='bad'),
                         placed('A-3', source))
    assert got.outcomes == ['accepted', 'rejected', 'accepted']
    assert got.refusal(1)[0] == 'data.content.currency'
    assert books.net_of(client, f'{source}:C1') == 20
    assert stack.sql('select event_id, field from quarantine where source = %s', source) \
        == [('bad', 'data.content.currency')]


def test_a_rejected_event_may_be_sent_again_corrected_under_the_same_id(client, source):
    assert client.publish(placed('A-1', source, id='x', currency='')).outcomes == ['rejected']
    assert client.publish(placed('A-1', source, id='x')).outcomes == ['accepted']


def test_the_quarantine_holds_no_readable_text(stack, client, source):
    secret = 'Zhang-Xiaoming-13800138000'
    client.publish(placed('A-1', source, name=secret, currency='ZZZ'))
    content = bytes(stack.value('select content from quarantine where source = %s', source))
    assert len(content) > 40 and secret.encode() not in content


def test_the_same_event_twice_within_a_batch_counts_once(client, source):
    once = placed('A-1', source)
    got = client.publish(once, once, placed('A-2', source))
    assert got.outcomes == ['accepted', 'duplicate', 'accepted']
    assert books.net_of(client, f'{source}:C1') == 20


def test_two_payloads_under_one_id_within_a_batch_reject_the_second(client, source):
    got = client.publish(placed('A-1', source, id='x'), placed('A-2', source, id='x'))
    assert got.outcomes == ['accepted', 'rejected']
    assert books.net_of(client, f'{source}:C1') == 10


def test_history_is_marked_and_counted_apart(client, source):
    got = client.publish(placed('A-1', source, at=WEEK + 60), placed('A-2', source, at=WEEK - 60),
                         placed('A-3', source, at='2009-12-01T07:45:00Z'))
    assert got.outcomes == ['accepted'] * 3
    assert got.historic == [True, False, True] and got.published.historic == 2


def test_history_is_silent_but_counts(client, source):
    after = client.end()
    client.publish(placed('A-1', source, at='2010-01-04T10:00:00Z'))
    events, _ = client.fetch_all(after)
    mine = [e for e in events if f'{source}' in str(e) or e.type.endswith('OrderRecorded')]
    decoded = [proto.contract[e.type].FromString(e.proto_data.value) for e in mine]
    assert decoded and all(d.historic for d in decoded)  # what consumers stay silent by
    assert books.net_of(client, f'{source}:C1') == 10


def test_all_six_kinds_of_event_are_taken(client, source):
    got = client.publish(
        placed('A-1', source, lines=[('tea', 3, '10')]),
        amended('A-1', 1, source, lines=[('tea', 2, '10')]),
        paid('A-1', '20', source),
        delivered('A-1', source),
        returned('R-1', source, order_number='A-1', lines=[('tea', -1, '10')]),
        placed('A-2', source), cancelled('A-2', source))
    assert got.outcomes == ['accepted'] * 7
    file = client.customer(f'{source}:C1', recent_orders=10)
    orders = {o.number: o for o in file.recent_orders}
    assert orders['A-1'].net_micros == 20_000_000 and orders['A-1'].paid_micros == 20_000_000
    assert orders['A-1'].HasField('delivered_at') and not orders['A-1'].cancelled
    assert orders['A-2'].cancelled
    assert orders['R-1'].kind == proto.enum_number('kehu.customers.v1.DocumentKind',
                                                   'DOCUMENT_KIND_RETURN')
    assert books.net_of(client, f'{source}:C1') == 10


def test_data_may_come_as_binary_data_too(client, source):
    wrapped = placed('A-1', source)
    packed = wrapped.proto_data.value
    wrapped.binary_data = packed
    assert client.publish(wrapped).outcomes == ['accepted']


def test_a_batch_of_two_thousand_is_taken_and_one_more_is_not(client, source):
    events = [placed(f'A-{n}', source, customer=f'C{n % 50}') for n in range(2001)]
    reply = client.ask(proto.Publish(events=events))
    assert reply.status == 'INVALID_ARGUMENT' and '2001' in reply.fields['events']
    assert client.publish(*events[:2000]).accepted == 2000


def test_two_clients_with_one_request_id_each_get_their_own_answer(stack, client, source):
    same = str(uuid.uuid4())
    with Client(stack, source=source) as other:
        client.send(client.request(proto.GetCustomer(ref=f'{source}:nobody'), id=same))
        other.send(other.request(proto.Ping(), id=same))
        assert client.receive().status == 'NOT_FOUND'
        assert other.receive().status == 'OK'

"""Complaints as other systems publish them: in batches, answered item by item, in any order."""
import random
import uuid

import pytest

from tests.support import proto
from tests.support.client import Client, placed
from tests.support.consumed import catches_up
from tests.support.desk import Desk, enum, event, message, submitted

CLOSED, INVESTIGATING, RECEIVED = 9, 3, 1


@pytest.fixture
def desk(stack, source):
    with Desk(stack, source) as it:
        yield it


def cases_of(desk, source):
    return desk.stack.value('select count(*) from complaints.cases where external_source = %s',
                            source)


def number_of(desk, ref):
    source, external_id = ref.split(':', 1)
    return desk.stack.value('select number from complaints.cases where external_source = %s'
                            ' and external_id = %s', source, external_id)


def test_a_batch_is_answered_item_by_item(desk, source):
    good = submitted(source, '好的', id='1', external_ref=f'{source}:1')
    broken = submitted(source, '', id='2')
    unknown = proto.CloudEvent(id='3', source=source, spec_version='1.0', type='nothing.we.Know')
    outcome = desk.publish(good, broken, unknown)
    assert outcome.outcomes == ['accepted', 'rejected', 'rejected']
    assert outcome.refusal(1)[0] == 'data.complaint.content'
    assert outcome.refusal(2)[0] == 'type'
    assert cases_of(desk, source) == 1


def test_what_is_known_is_a_duplicate_and_another_payload_is_quarantined(desk, source):
    first = submitted(source, '一次', id='1', external_ref=f'{source}:1')
    assert desk.publish(first).outcomes == ['accepted']
    assert desk.publish(first, first).outcomes == ['duplicate', 'duplicate']
    other = submitted(source, '改了', id='1', external_ref=f'{source}:1')
    outcome = desk.publish(other)
    assert outcome.outcomes == ['rejected'] and 'another payload' in outcome.refusal()[1]
    assert desk.stack.value("select count(*) from complaints.quarantine where source = %s"
                            " and event_id = '1'", source) == 1
    assert cases_of(desk, source) == 1


def test_the_same_request_again_is_accepted_again_and_has_one_effect(desk, source):
    body = desk.request(proto.Publish(events=[submitted(source, '一次', id='1',
                                                        external_ref=f'{source}:1')]))
    for _ in range(2):
        desk.send(body)
        assert desk.answer_to(body).payload.accepted == 1
    assert cases_of(desk, source) == 1


def test_one_reference_elsewhere_is_one_case(desk, source):
    outcome = desk.publish(*(submitted(source, f'第{n}次', id=str(n), external_ref=f'{source}:1')
                             for n in range(3)))
    assert outcome.outcomes == ['accepted', 'rejected', 'rejected']
    later = desk.publish(submitted(source, '再来', id='9', external_ref=f'{source}:1'))
    assert later.refusal()[0] == 'data.complaint.external_ref'
    assert number_of(desk, f'{source}:1') in later.refusal()[1]


def test_history_is_silent(desk, source):
    week = 8 * 86400
    outcome = desk.publish(
        submitted(source, '旧的', id='1', external_ref=f'{source}:1', at=week, event_at=week,
                  severity=message('SeverityFacts', safety=enum('SEVERITY_CRITICAL'))),
        submitted(source, '结了', id='2', external_ref=f'{source}:2', at=3600,
                  recorded=dict(closed=True, response='Closed with explanation',
                                disputed=True)),
        submitted(source, '还没', id='3', external_ref=f'{source}:3', at=3600,
                  recorded=dict(closed=False, response='In progress')),
        submitted(source, '新的', id='4', external_ref=f'{source}:4', at=3600))
    assert outcome.outcomes == ['accepted'] * 4
    assert outcome.historic == [True, True, True, False]
    rows = desk.stack.sql('select external_id, state, is_historic, recorded_response,'
                          ' (select count(*) from complaints.clock k where k.case_id = c.id)'
                          ' from complaints.cases c where external_source = %s order by 1', source)
    assert rows == [('1', RECEIVED, True, '', 0),
                    ('2', CLOSED, True, 'Closed with explanation', 0),
                    ('3', INVESTIGATING, True, 'In progress', 0),
                    ('4', RECEIVED, False, '', 2)]
    one = desk.ask(proto.GetCase(ref=number_of(desk, f'{source}:2'))).payload
    assert one.recorded_disputed and not one.recorded_timely
    types = desk.stack.sql('select distinct l.type from complaints.log l join complaints.cases c'
                           ' on c.id = l.subject where c.external_source = %s and c.is_historic',
                           source)
    assert {name.rsplit('.', 1)[1] for name, in types} == {'ComplaintOpened', 'CaseMoved'}


def test_a_number_is_of_the_day_that_history_was(desk, source):
    desk.publish(submitted(source, '旧的', id='1', external_ref=f'{source}:1',
                           at='2019-05-04T10:00:00Z', event_at='2019-05-04T10:00:00Z'))
    assert number_of(desk, f'{source}:1').startswith('TS-20190504-')


def statements(desk):
    """Questions and statements that the service has sent to PostgreSQL so far."""
    stats = desk.ask(proto.GetStats()).payload
    return sum(c.value for c in stats.counters
               if c.name.endswith(('pg_asks_total', 'pg_statements_total')))


def test_five_hundred_are_as_many_statements_as_three(desk, source):
    def publish(count, first):
        before = statements(desk)
        outcome = desk.publish(*(
            submitted(source, f'第{n}件', id=f'{first + n}', external_ref=f'{source}:{first + n}',
                      customer_ref=f'{source}:c{n}', order=f'O-{first + n}')
            for n in range(count)))
        assert outcome.accepted == count
        return statements(desk) - before

    # The least of several, since jobs ask beside.
    few = min(publish(3, 10 * n) for n in range(3))
    many = []
    while len(many) < 10 and min(many, default=500) > few + 10:
        many.append(publish(500, 1000 * (1 + len(many))))
    assert 5 <= few <= 40 and min(many) <= few + 10, (few, many)


def test_doubled_and_shuffled_events_end_alike(desk, source):
    events = [submitted(source, f'第{n}件', id=f'{n}', external_ref=f'{source}:{n}')
              for n in range(40)]
    told = events * 3
    random.Random(5).shuffle(told)
    for start in range(0, len(told), 17):
        desk.publish(*told[start:start + 17])
    assert cases_of(desk, source) == 40
    assert desk.stack.value('select count(distinct number) from complaints.cases'
                            ' where external_source = %s', source) == 40


def test_complaints_of_one_order_in_one_batch_are_one_case(stack, desk, source):
    with Client(stack, source=source) as client:
        client.publish(placed('O-1', source, customer='C1'))
    catches_up(stack)
    given = dict(customer_ref=f'{source}:C1', order='O-1')
    outcome = desk.publish(*(submitted(source, f'第{n}次', id=str(n), **given) for n in range(3)))
    assert outcome.accepted == 3
    assert stack.value("select count(*) from complaints.cases where customer_source = %s",
                       source) == 1
    # Once more, now that it is stored.
    assert desk.publish(submitted(source, '又来', id='9', **given)).accepted == 1
    texts = stack.sql('select text from complaints.case_message m join complaints.cases c'
                      ' on c.id = m.case_id where c.customer_source = %s and is_from_complainant'
                      ' order by m.id', source)
    assert texts == [('第1次',), ('第2次',), ('又来',)]


def replied(source, ref, text, id=None, at=None):
    return event(message('ComplainantReplied', case_ref=ref, text=text,
                         channel=enum('CHANNEL_WECHAT')), source, id, at)


def test_a_reply_joins_its_case_also_within_the_batch(desk, source):
    outcome = desk.publish(
        submitted(source, '灯坏了', id='1', external_ref=f'{source}:1'),
        replied(source, f'{source}:1', '还有插座'),
        replied(source, f'{source}:2', '没有这个'))
    assert outcome.outcomes == ['accepted', 'accepted', 'rejected']
    assert outcome.refusal(2)[0] == 'data.case_ref'
    number = number_of(desk, f'{source}:1')
    assert desk.publish(replied(source, number, '还有开关')).accepted == 1
    texts = desk.stack.sql('select text from complaints.case_message m join complaints.cases c'
                           ' on c.id = m.case_id where c.number = %s order by m.id', number)
    assert texts == [('还有插座',), ('还有开关',)]


def test_deliveries_are_told_of_messages_that_are_there(stack, desk, source):
    with Client(stack, source=source) as client:
        client.publish(placed('O-1', source, customer='C1'))
    catches_up(stack)
    case = desk.open(customer_ref=f'{source}:C1', channel='WECHAT')
    wanted, = desk.told(case.case_id, 'CaseMessageWanted')
    assert desk.clocks(case.number)[1] == (1, 0)
    report = message('DeliveryReported', case_ref=case.number, message_id=wanted.message_id,
                     outcome='accepted')
    nobody = message('DeliveryReported', case_ref=case.number, message_id=str(uuid.uuid4()),
                     outcome='accepted')
    outcome = desk.publish(event(report, source), event(nobody, source))
    assert outcome.outcomes == ['accepted', 'rejected']
    assert outcome.refusal(1)[0] == 'data.message_id'
    assert desk.clocks(case.number)[1] == (3, 1)  # acknowledged automatically, in time


def test_a_key_for_one_source_publishes_from_no_other(desk, stack, source):
    stack.new_key(source, publish=source)
    with Desk(stack, key=source) as shop:
        assert shop.publish(submitted(source, '自己的', id='1')).accepted == 1
        reply = shop.ask(proto.Publish(events=[submitted('other', '别人的', id='1')]))
        assert reply.status == 'PERMISSION_DENIED' and 'events[0].source' in reply.fields


def test_emoji_chinese_and_lines_arrive_as_they_were(desk, source):
    text = '第一行\n\t第二行 😀 𠮷 ‏'
    desk.publish(submitted(source, text, id='1', external_ref=f'{source}:1'))
    assert desk.stack.value('select content from complaints.cases where external_source = %s',
                            source) == text.strip()


def test_large_texts_are_rejected_alone(desk, source):
    outcome = desk.publish(submitted(source, '大' * (1 << 18), id='1'),
                           submitted(source, '小', id='2', external_ref=f'{source}:2'))
    assert outcome.outcomes == ['rejected', 'accepted']
    assert outcome.refusal()[0] == 'data.complaint.content'

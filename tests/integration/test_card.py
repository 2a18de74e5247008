"""Cards: figures from Redis or calculated, always the same; nothing personal in Redis."""
import os
import signal

import pytest
import redis

from tests.support import proto
from tests.support.client import Client, amended, cancelled, micros, placed
from tests.support.stack import until

PERSONAL = ['昆明翠湖商贸有限公司', '翠湖', '13900000001', 'cuihu@example.com', '翠湖路']


@pytest.fixture(scope='module')
def company(tmp_path_factory):
    """A stack of its own, whose Redis is emptied, stopped and filled with rubbish."""
    from tests.support.stack import Stack
    stack = Stack(tmp_path_factory.mktemp('cards'), only='customers', KEHU_INSTALLATION='test')
    try:
        yield stack.up()
    finally:
        stack.down()


@pytest.fixture
def client(company, source):
    with Client(company, source=source) as it:
        yield it


def kv(stack):
    password = (stack.var / 'secrets/redis.password').read_text().strip()
    return redis.Redis(port=stack.base_port + 1, password=password)


def cards(client, *refs, **more):
    reply = client.ask(proto.GetCards(refs=refs, **more))
    assert reply.status == 'OK', reply
    return reply.payload


def card(client, ref):
    return cards(client, ref).cards[0]


def counts(stack):
    metrics = stack.metrics()
    return tuple(metrics[f'kehu_customers_card_{what}_total'] for what in ('hits', 'misses'))


def read(stack, client, ref):
    """The card, and whether it came from Redis."""
    hits, _ = counts(stack)
    found = card(client, ref)
    return found, counts(stack)[0] > hits


def cached(stack, id):
    return [key for key in kv(stack).keys() if id.encode() in key]


def is_cached(stack, id):
    """Redis is told without waiting for it."""
    until(lambda: cached(stack, id))


def comes_from_redis(stack, client, ref, card):
    """Sooner or later: a busy Redis may miss its deadline."""
    until(lambda: read(stack, client, ref) == (card, True))


def days_ago(days):
    import datetime
    return f'{datetime.date.today() - datetime.timedelta(days=days)}T04:00:00Z'


def register(client, source, name='昆明翠湖商贸有限公司', external='C1'):
    facts = [('name', name), ('mobile' if len(name) < 4 else 'phone', '13900000001'),
             ('email', 'cuihu@example.com'), ('address', '云南省昆明市翠湖路1号')]
    reply = client.ask(proto.RegisterCustomer(refs=[f'{source}:{external}'], facts=[
        proto.Fact(field=f, value=v) for f, v in facts]))
    assert reply.status == 'OK', reply
    return reply.payload


def test_a_card_tells_figures_per_currency_and_of_the_last_12_months(client, source):
    made = register(client, source)
    client.publish(
        placed('1', source, at=days_ago(500), lines=[('t', 1, '100')], region='云南'),
        placed('2', source, at=days_ago(30), lines=[('t', 2, '7.5')], region='云南'),
        placed('3', source, at=days_ago(20), lines=[('t', 1, '3')], region='四川'),
        placed('4', source, at=days_ago(10), lines=[('t', 1, '9')], currency='USD'))
    for _ in range(2):
        found = card(client, f'{source}:C1')
        assert (found.id, found.number, found.name) == (made.id, made.number,
                                                        '昆明翠湖商贸有限公司')
        assert found.ref == f'{source}:C1' and found.party_type == 1 and found.nature == 1
        assert {s.currency: (s.orders, s.net_micros, s.orders_12_months, s.net_12_months_micros)
                for s in found.sales} == {
            'CNY': (3, micros('118'), 2, micros('18')), 'USD': (1, micros('9'), 1, micros('9'))}
        assert found.orders_12_months == 3 and found.region == '云南' and found.grade == ''
        assert found.first_order_on == days_ago(500)[:10]
        assert found.last_order_on == days_ago(10)[:10] and found.expected_next_on
        assert found.missing == 1 and 0 < found.completeness < 1 and found.review_due
        file = client.ask(proto.GetCustomerFile(ref=made.number)).payload
        assert (file.purchases.expected_next_on, file.version, file.completeness,
                len(file.missing)) == (found.expected_next_on, found.version, found.completeness,
                                       found.missing)


def test_the_second_reading_comes_from_redis_and_is_the_same(company, client, source):
    client.publish(placed('1', source, name='李娜'))
    first, was_cached = read(company, client, f'{source}:C1')
    assert not was_cached
    is_cached(company, first.id)
    comes_from_redis(company, client, f'{source}:C1', first)
    ttl = kv(company).ttl(cached(company, first.id)[0])
    assert 0 < ttl <= 86400


def test_cards_come_in_the_order_asked_for_and_name_what_is_unknown(client, source):
    client.publish(*[placed(f'{n}', source, customer=f'C{n}') for n in range(50)])
    refs = [f'{source}:C{n}' for n in range(49, -1, -1)]
    number = card(client, refs[0]).number
    reply = cards(client, *refs, 'KH99999999', number, f'{source}:C49')
    assert [c.ref for c in reply.cards] == [*refs, number, f'{source}:C49']
    assert list(reply.unknown) == ['KH99999999']
    assert reply.cards[-1].id == reply.cards[0].id


@pytest.mark.parametrize('refs, field', [([], 'refs'), (['a:1'] * 101, 'refs'),
                                         (['a:1', 'nothing'], 'refs[1]')])
def test_a_wrong_question_is_refused_with_its_field(client, refs, field):
    reply = client.ask(proto.GetCards(refs=refs))
    assert reply.status == 'INVALID_ARGUMENT' and list(reply.fields) == [field]


def test_every_change_is_on_the_next_card(company, client, source):
    """Whatever changes a card: its orders, its file, its grade, regions, the day."""
    register(client, source)
    ref = f'{source}:C1'

    def change(what):
        before = card(client, ref)
        is_cached(company, before.id)
        comes_from_redis(company, client, ref, before)
        what()
        return before, card(client, ref)

    def publish(*events):
        return lambda: client.publish(*events)

    def net(found):
        return {s.currency: s.net_micros for s in found.sales}

    before, after = change(publish(placed('1', source, lines=[('t', 1, '5')], region='甲')))
    assert net(after) == {'CNY': micros('5')} and after.version > before.version
    _, after = change(publish(amended('1', 1, source, lines=[('t', 1, '6')], region='甲')))
    assert net(after) == {'CNY': micros('6')}
    # A document that moves to another customer leaves a figure behind that must fall.
    _, after = change(publish(amended('1', 2, source, customer='C2', lines=[('t', 1, '6')])))
    assert net(after) == {} and net(card(client, f'{source}:C2')) == {'CNY': micros('6')}
    _, after = change(publish(amended('1', 3, source, lines=[('t', 1, '6')], region='甲')))
    assert net(after) == {'CNY': micros('6')} and net(card(client, f'{source}:C2')) == {}
    _, after = change(publish(cancelled('1', source)))
    assert net(after) == {} and after.orders_12_months == 0
    change(publish(placed('2', source, lines=[('t', 1, '8')], region='甲')))

    def file(**said):
        return lambda: client.ask(proto.UpdateCustomer(ref=ref, **said))

    _, after = change(file(party_type=2))
    assert after.party_type == 2
    before, after = change(file(facts=[proto.Fact(field='legal_representative', value='王芳')]))
    assert after.missing == before.missing - 1 and after.completeness > before.completeness

    def map_region():
        for ask in (proto.SaveRegion(region=proto.Region(code='x1', name='甲')),
                    proto.MapRegion(source=source, name='甲', region_code='x1')):
            assert client.ask(ask).status == 'OK'

    before, after = change(map_region)
    assert (before.region, after.region) == ('甲', 'x1')

    def grade():
        import datetime
        run = client.ask(proto.RunGrades(
            as_of=str(datetime.date.today() + datetime.timedelta(days=2)))).payload
        until(lambda: client.ask(proto.GetGradeRun(run_id=run.run_id)).payload.state == 2)

    before, after = change(grade)
    assert before.grade == '' and after.grade in 'ABC'


def test_a_name_told_by_an_order_is_on_the_next_card(company, client, source):
    client.publish(placed('1', source))
    before = card(client, f'{source}:C1')
    is_cached(company, before.id)
    client.publish(placed('2', source, name='李娜'))
    after = card(client, f'{source}:C1')
    assert (before.name, after.name) == ('', '李娜') and after.missing == before.missing - 1


def rubbish(stack, id, value):
    (key,) = cached(stack, id)
    kv(stack).delete(key)
    if isinstance(value, list):
        kv(stack).rpush(key, *value)
    else:
        kv(stack).set(key, value)


@pytest.mark.parametrize('value', [b'\x00', b'\xff' * 200, b'{"version": 1}', b'x' * 5_000_000,
                                   ['a', 'list'], b'\x12\x02hi', b''])
def test_rubbish_in_redis_is_a_card_that_is_not_there(company, client, source, value):
    client.publish(placed('1', source, name='李娜'))
    first = card(client, f'{source}:C1')
    is_cached(company, first.id)
    rubbish(company, first.id, value)
    assert read(company, client, f'{source}:C1') == (first, False)
    until(lambda: read(company, client, f'{source}:C1') == (first, True))


def test_a_card_of_another_version_customer_or_day_does_not_count(company, client, source):
    client.publish(placed('1', source), placed('2', source, customer='C2'))
    first, second = card(client, f'{source}:C1'), card(client, f'{source}:C2')
    is_cached(company, first.id)
    is_cached(company, second.id)
    key = cached(company, first.id)[0]
    good = proto.Card.FromString(kv(company).get(key))
    for wrong in (dict(version=good.version + 1), dict(version=0), dict(id=second.id),
                  dict(as_of='2020-01-01'), dict(as_of='2020-02-31'), dict(id='')):
        bad = proto.Card()
        bad.CopyFrom(good)
        bad.sales[0].net_micros = 1
        for field, value in wrong.items():
            setattr(bad, field, value)
        kv(company).set(key, bad.SerializeToString())
        assert read(company, client, f'{source}:C1') == (first, False)
        until(lambda: kv(company).get(key) == good.SerializeToString())


def test_redis_emptied_stopped_or_hanging_gives_the_same_cards(company, client, source):
    client.publish(placed('1', source, name='李娜'))
    first = card(client, f'{source}:C1')
    is_cached(company, first.id)
    company.flush_redis()
    assert read(company, client, f'{source}:C1') == (first, False)
    is_cached(company, first.id)
    os.kill(company.pid('redis'), signal.SIGSTOP)
    try:
        assert read(company, client, f'{source}:C1') == (first, False)  # past its deadline
        assert read(company, client, f'{source}:C1') == (first, False)
    finally:
        os.kill(company.pid('redis'), signal.SIGCONT)
    company.stop_redis()
    assert read(company, client, f'{source}:C1') == (first, False)
    company.start_redis()
    until(lambda: read(company, client, f'{source}:C1') == (first, True))


def test_nothing_personal_is_in_redis(company, client, source):
    register(client, source)
    client.publish(placed('1', source, name='不同的名字'),
                   placed('2', source, customer='C2', name='李娜'))
    found = cards(client, f'{source}:C1', f'{source}:C2').cards
    for one in found:
        is_cached(company, one.id)
    for key in kv(company).keys():
        kept = key + b'\0' + (kv(company).get(key) or b'')
        for value in [*PERSONAL, '不同的名字', '李娜', f'{source}:C1', found[0].number]:
            assert value.encode() not in kept


def test_names_leave_a_trace_in_the_audit_and_cards_without_names_none(company, client, source):
    client.publish(placed('1', source, name='李娜'))
    number = card(client, f'{source}:C1').number

    def traces():
        return company.value("select count(*) from customers.audit where act = 'read cards'"
                             " and detail like %s", f'%{number}%')

    assert traces() == 1
    assert cards(client, f'{source}:C1', without_names=True).cards[0].name == ''
    assert traces() == 1


def test_kehuctl_shows_cards(company, client, source):
    client.publish(placed('1', source, name='李娜'))
    shown = company.kehuctl('customer', 'card', f'{source}:C1')
    assert shown.returncode == 0 and '李娜' in shown.stdout
    told = company.kehuctl_json('customer', 'card', f'{source}:C1')
    assert told['cards'][0]['name'] == '李娜' and told['cards'][0]['sales'][0]['net'] == '10'
    gone = company.kehuctl('customer', 'card', f'{source}:C1', 'KH99999999')
    assert gone.returncode == 1 and 'KH99999999' in gone.stderr


def test_a_card_of_yesterday_does_not_count(company, client, source):
    """The last test: the clock goes only forward."""
    client.publish(placed('1', source, lines=[('t', 1, '8')]))
    before = card(client, f'{source}:C1')
    is_cached(company, before.id)
    client.advance(400 * 86400)
    after, was_cached = read(company, client, f'{source}:C1')
    assert before.as_of < after.as_of and not was_cached
    assert (before.orders_12_months, after.orders_12_months) == (1, 0)
    assert after.sales[0].net_12_months_micros == 0 and after.sales[0].net_micros == micros('8')

"""Search: one box for names, pinyin, initials, telephones, numbers and references."""
import datetime

import pytest

from tests.support import proto
from tests.support.client import Client, placed


@pytest.fixture(scope='module')
def stack(tmp_path_factory):
    """A stack of its own: what is found depends on who is there."""
    from tests.support.stack import Stack
    it = Stack(tmp_path_factory.mktemp('search'), only='customers')
    try:
        yield it.up()
    finally:
        it.down()


def register(client, name, phone='', ref='', person=False):
    facts = [proto.Fact(field='name', value=name)]
    if phone:
        facts.append(proto.Fact(field='phone', value=phone))
    reply = client.ask(proto.RegisterCustomer(
        nature='PARTY_NATURE_PERSON' if person else 'PARTY_NATURE_ORGANISATION', facts=facts,
        refs=[ref] if ref else []))
    assert reply.status == 'OK', reply
    return reply.payload


@pytest.fixture(scope='module')
def people(stack):
    with Client(stack, source='search') as client:
        yield {
            'cuihu': register(client, '昆明翠湖商贸有限公司', '0871-65180001', 'erp:K-77'),
            'hotel': register(client, '翠湖宾馆', '13900000002'),
            'shan': register(client, '单田芳', '13900000003', person=True),
            'blue': register(client, 'Blue Sky Trading (Kunming) Ltd.'),
        }


def found(client, query, **more):
    reply = client.ask(proto.SearchCustomers(query=query, **more))
    assert reply.status == 'OK', reply
    return [(c.name, c.matched) for c in reply.payload.customers]


CUIHU = '昆明翠湖商贸有限公司'


@pytest.mark.parametrize('query, matched', [
    ('cuihu', 'pinyin'), ('Cui Hu', 'pinyin'), ('chsm', 'initials'), ('kmchsm', 'initials'),
    ('0001', 'phone'), ('0871 6518 0001', 'phone'), ('65180001', 'phone'),
    ('翠湖 0001', 'name, phone'), ('翠湖商贸', 'name'), ('昆明　有限', 'name'), ('erp:K-77', 'reference'),
    ('昆明翠湖（商贸）有限公司', 'name')])
def test_a_company_is_found_by_whatever_is_known_of_it(client, people, query, matched):
    assert (CUIHU, matched) in found(client, query)


def test_the_best_comes_first(client, people):
    assert found(client, '翠湖') == [('翠湖宾馆', 'name'), (CUIHU, 'name')]
    number = people['cuihu'].number
    assert found(client, number.lower()) == [(CUIHU, 'number')]
    assert found(client, people['cuihu'].id) == [(CUIHU, 'id')]
    assert found(client, '翠湖 0002') == [('翠湖宾馆', 'name, phone')]
    assert found(client, 'blue trading') == [('Blue Sky Trading (Kunming) Ltd.', 'name')]


def test_a_surname_is_read_as_one(client, people):
    assert found(client, 'shantianfang') == [('单田芳', 'pinyin')]
    assert found(client, 'stf') == [('单田芳', 'initials')]
    assert found(client, '单') == [('单田芳', 'name')]


def test_pages_follow_each_other_without_gaps(client, source):
    for i in range(7):
        register(client, f'碧鸡关{source}{"甲乙丙丁戊己庚"[i]}店')
    names, token = [], ''
    while True:
        page = client.ask(proto.SearchCustomers(query='碧鸡关', page_size=3, page_token=token)).payload
        names += [c.name for c in page.customers]
        token = page.next_page_token
        if not token:
            break
    assert len(names) == len(set(names)) == 7
    assert names == [name for name, _ in found(client, '碧鸡关')]


def test_a_name_told_by_an_order_is_found_and_an_older_one_changes_nothing(client, source):
    def tell(number, name, day):
        at = datetime.datetime(2026, 1, day, tzinfo=datetime.timezone.utc)
        client.publish(placed(number, source=source, customer='C1', name=name, at=at,
                              lines=[('tea', 1, '10')]))

    tell('N-2', '滇池之滨茶行', 2)
    assert found(client, '滇池之滨') == [('滇池之滨茶行', 'name')]
    tell('N-1', '抚仙湖茶行', 1)
    assert found(client, '抚仙湖') == []
    assert found(client, 'dianchi') == [('滇池之滨茶行', 'pinyin')]
    tell('N-3', '抚仙湖茶行', 3)
    assert found(client, '抚仙湖') == [('抚仙湖茶行', 'name')]
    assert found(client, '滇池之滨') == []


def test_a_changed_file_is_found_by_what_it_says_now(client):
    made = register(client, '玉龙雪山客栈', '13900004444')
    change = proto.UpdateCustomer(ref=made.number, facts=[
        proto.Fact(field='name', value='虎跳峡客栈'), proto.Fact(field='phone', value='13900005555')])
    assert client.ask(change).status == 'OK'
    assert found(client, '玉龙') == []
    assert found(client, '4444') == []
    assert found(client, 'hutiaoxia') == [('虎跳峡客栈', 'pinyin')]
    assert found(client, '5555') == [('虎跳峡客栈', 'phone')]


@pytest.mark.parametrize('question, field', [
    ({'query': ''}, 'query'), ({'query': ' —? '}, 'query'), ({'query': '湖' * 101}, 'query'),
    ({'query': 'a\x07b'}, 'query'), ({'query': '翠湖', 'page_size': 101}, 'page_size'),
    ({'query': '翠湖', 'page_token': '9.x'}, 'page_token')])
def test_bad_questions_are_refused_with_the_field(client, question, field):
    reply = client.ask(proto.SearchCustomers(**question))
    assert reply.status == 'INVALID_ARGUMENT'
    assert list(reply.fields) == [field]


def test_signs_of_sql_patterns_mean_nothing(client, people):
    assert found(client, '翠%馆') == []
    assert found(client, '翠_宾馆') == []
    assert client.ask(proto.SearchCustomers(query='%')).status == 'INVALID_ARGUMENT'


def test_a_search_is_audited_without_what_was_searched_for(stack, client, people):
    found(client, '翠湖宾')
    row = stack.sql("select detail, subject from audit where act = 'search customers'"
                    ' order by at desc limit 1')[0]
    assert row == ('3 characters, 1 shown', '')


def test_names_that_were_there_before_the_index_are_indexed_by_themselves(stack, client, people):
    from tests.support.stack import until
    stack.sql('with gone as (delete from customer_search where customer_id = %s returning 1)'
              ' insert into customer_search_waiting select %s::uuid from gone',
              people['cuihu'].id, people['cuihu'].id)
    until(lambda: (CUIHU, 'initials') in found(client, 'chsm'))
    assert stack.value('select count(*) from customer_search_waiting') == 0


def test_a_person_searches_with_kehuctl(stack, people):
    for query in ('翠湖', 'cuihu', 'chsm', '0001'):
        assert CUIHU in [c['name'] for c in stack.kehuctl_json('customer', 'search', query)]
    assert CUIHU in stack.kehuctl('customer', 'search', '翠湖', '0001').stdout
    assert len(stack.kehuctl_json('customer', 'search', '翠湖', '--top', 1)) == 1


def test_another_nature_alone_reads_the_name_anew(client):
    made = register(client, '单于飞')
    assert found(client, '单于飞') == [('单于飞', 'name')]
    assert found(client, 'chan yu fei') == [], 'of a company 单于 is no surname'
    change = proto.UpdateCustomer(ref=made.number, nature='PARTY_NATURE_PERSON')
    assert client.ask(change).status == 'OK'
    assert found(client, 'chan yu fei') == [('单于飞', 'pinyin')]

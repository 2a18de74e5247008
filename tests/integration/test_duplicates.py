"""Pairs that may be one customer: what says so, what does not, and who said that they are two."""
import pytest

from tests.support import proto
from tests.support.client import Client, placed
from tests.support.stack import Stack


@pytest.fixture(scope='module')
def company(tmp_path_factory):
    """A stack of its own: the list is of everybody."""
    stack = Stack(tmp_path_factory.mktemp('duplicates'), only='customers', KEHU_INSTALLATION='test')
    try:
        yield stack.up()
    finally:
        stack.down()


@pytest.fixture
def client(company, source):
    with Client(company, source=source) as it:
        yield it


def ok(client, message, **more):
    reply = client.ask(message, **more)
    assert reply.status == 'OK', reply
    return reply.payload


def register(client, name, nature=0, parent_ref='', **facts):
    known = [proto.Fact(field=k, value=v) for k, v in facts.items()]
    return ok(client, proto.RegisterCustomer(
        nature=nature, parent_ref=parent_ref,
        facts=[proto.Fact(field='name', value=name), *known])).number


def of(client, ref, **more):
    """{number of the other: reasons}"""
    made = {}
    for pair in ok(client, proto.ListDuplicates(ref=ref, **more)).pairs:
        assert pair.a.number < pair.b.number and ref in (pair.a.number, pair.b.number)
        made[pair.b.number if pair.a.number == ref else pair.a.number] = list(pair.reasons)
    return made


def everything(client, page_size=500, **more):
    pairs, token = [], ''
    while True:
        page = ok(client, proto.ListDuplicates(page_size=page_size, page_token=token, **more))
        assert len(page.pairs) <= page_size
        pairs += [(p.a.number, p.b.number, tuple(p.reasons)) for p in page.pairs]
        token = page.next_page_token
        if not token:
            return pairs


def test_names_of_companies_in_other_spellings_are_suggested(client):
    a = register(client, '昆明(翠湖)茶业有限公司')
    b = register(client, '昆明（翠湖） 茶业有限责任公司')
    c = register(client, '昆明翠湖茶业')
    assert of(client, a) == {b: ['name'], c: ['name']}
    assert of(client, b) == {a: ['name'], c: ['name']}


def test_persons_of_one_name_are_two(client):
    a = register(client, '王建国', nature=2)
    register(client, '王建国', nature=2)
    assert of(client, a) == {}


def test_a_branch_or_another_city_is_no_duplicate_of_its_head_office(client):
    phone = '13911110001'
    head = register(client, '昆明滇池商贸有限公司', phone=phone)
    branch = register(client, '昆明滇池商贸有限公司大理分公司', phone=phone)
    shop = register(client, '昆明滇池商贸第二店', phone=phone)
    assert of(client, head) == {} and of(client, branch) == {} and of(client, shop) == {}
    phone = '13911110002'
    here = register(client, '昆明金马贸易有限公司', phone=phone)
    there = register(client, '曲靖金马贸易有限公司', phone=phone)
    other = register(client, '碧鸡文化', phone=phone)
    assert of(client, here) == {other: ['phone']} and of(client, there) == {other: ['phone']}


def test_organisations_above_and_below_each_other_are_two(client):
    top = register(client, '世博集团', phone='13911110003')
    register(client, '世博园艺', parent_ref=top, phone='13911110003')
    assert of(client, top) == {}


def test_the_same_credit_code_is_suggested(client):
    a = register(client, '石林旅游', credit_code='91350100M000100Y43')
    b = register(client, '阿诗玛文化', credit_code='91350100M000100Y43')
    assert of(client, a) == {b: ['credit_code']}


def test_telephones_and_addresses_that_few_have_are_suggested(client):
    a = register(client, '抚仙湖酒店', phone='13911110004', email='Boss@example.com')
    b = register(client, '澄江民宿', phone='139 1111 0004', email='boss@example.com')
    assert of(client, a) == {b: ['phone', 'email']}
    assert of(client, a, reason='email') == {b: ['email']}
    numbers = [register(client, f'四家{n}号', phone='13911110005') for n in '甲乙丙丁']
    assert of(client, numbers[0]) == {}
    for phone in ('400-810-0001', '95588', '0871-63100000 转 801'):
        a, b = (register(client, f'{name}{phone[-3:]}', phone=phone) for name in ('红', '蓝'))
        assert of(client, a) == {}, phone


def test_a_telephone_of_a_contact_counts_like_one_of_the_file(client):
    a = register(client, '普者黑', phone='13911110006')
    b = register(client, '坝美')
    ok(client, proto.SaveContact(
        name='李总', links=[proto.ContactLink(customer_ref=b, role='owner')],
        channels=[proto.ContactChannel(kind='mobile', value='13911110006')]))
    assert of(client, a) == {b: ['phone']}


def test_whom_somebody_called_two_are_never_suggested_again(client):
    a, b, c = (register(client, '轿子雪山旅游') for _ in range(3))
    said = ok(client, proto.DismissDuplicate(a=b, b=a, reason='母子公司'))
    assert (said.a, said.b) == (a, b)
    assert of(client, a) == {c: ['name']} and of(client, c) == {a: ['name'], b: ['name']}
    assert (a, b, ('name',)) not in everything(client)
    ok(client, proto.DismissDuplicate(a=a, b=b))
    same = client.ask(proto.DismissDuplicate(a=a, b=a))
    assert same.status == 'FAILED_PRECONDITION' and set(same.fields) == {'b'}
    assert client.ask(proto.DismissDuplicate(a=a, b='KH999999')).status == 'NOT_FOUND'


def test_the_merged_are_suggested_no_more_and_nothing_merges_by_itself(company, client):
    a, b, c = (register(client, '元阳梯田米业', phone='13911110007') for _ in range(3))
    assert company.value('select count(*) from customer_alias') == 0
    ok(client, proto.MergeCustomers(survivor=a, merged=b, reason='同'))
    assert of(client, a) == {c: ['phone', 'name']} and of(client, c) == {a: ['phone', 'name']}
    merged = client.ask(proto.DismissDuplicate(a=a, b=b))
    assert merged.status == 'FAILED_PRECONDITION' and 'UndoMerge' in merged.fields['b']
    ok(client, proto.UndoMerge(merged=b))
    assert set(of(client, a)) == {b, c}


def test_pages_hold_every_pair_once(client, source):
    client.publish(*[placed(f'{n}', source, customer=f'{n}', name=f'分页{n // 4}商贸')
                     for n in range(40)])
    whole = everything(client)
    assert len(whole) == len(set(whole)) and len([p for p in whole if p[2] == ('name',)]) >= 60
    assert whole == sorted(whole)
    assert everything(client, page_size=7) == whole
    assert everything(client, page_size=7, reason='name') == [
        (a, b, ('name',)) for a, b, reasons in whole if 'name' in reasons]
    for bad, field in ((dict(page_size=501), 'page_size'), (dict(page_token='x'), 'page_token'),
                       (dict(reason='face'), 'reason'), (dict(ref='?'), 'ref')):
        reply = client.ask(proto.ListDuplicates(**bad))
        assert reply.status == 'INVALID_ARGUMENT' and set(reply.fields) == {field}, reply


def test_kehuctl_merges_undoes_lists_and_dismisses(company, client):
    a, b = (register(client, '建水陶业', phone='13911110008') for _ in range(2))
    pairs = company.kehuctl_json('duplicate', 'list', '--of', a)
    assert [(p['a']['number'], p['b']['number'], p['reasons']) for p in pairs] == [
        (a, b, ['phone', 'name'])]
    made = company.kehuctl_json('merge', 'make', b, '--into', a, '--reason', '同一家')
    assert (made['survivor'], made['merged']) == (a, b)
    again = company.kehuctl('merge', 'make', b, '--into', a, '--reason', '同一家')
    assert again.returncode == 1 and a in again.stderr
    shown = company.kehuctl('customer', 'show', b)
    assert shown.returncode == 0 and f'{b}, merged into this one' in shown.stdout
    told = company.kehuctl_json('timeline', a, '--kind', 'merged')
    assert [e['kind'] for e in told] == ['merged']
    listed = company.kehuctl_json('merge', 'list', '--of', a, '--standing')
    assert [m['merged'] for m in listed] == [b]
    text = company.kehuctl('merge', 'undo', b, '--reason', '两家')
    assert text.returncode == 0 and b in text.stdout
    shown = company.kehuctl('merge', 'show', b)
    assert shown.returncode == 0 and '两家' in shown.stdout and 'Changed hands' in shown.stdout
    said = company.kehuctl('duplicate', 'dismiss', a, b)
    assert said.returncode == 0 and 'two customers' in said.stdout
    assert company.kehuctl_json('duplicate', 'list', '--of', a) == []
    assert company.kehuctl('merge', 'make', b, '--reason', 'x').returncode == 2
    assert company.kehuctl('timeline', a).returncode == 0

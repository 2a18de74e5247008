"""The region tree, and what the sources' names for regions mean."""
import pytest

from tests.support import proto
from tests.support.client import Client, placed


@pytest.fixture(scope='module')
def stack(tmp_path_factory):
    """A stack of its own: the tree is the whole company's."""
    from tests.support.stack import Stack
    it = Stack(tmp_path_factory.mktemp('regions'), only='customers')
    try:
        yield it.up()
    finally:
        it.down()


def save(client, code, name='区', parent='', grading=False):
    return client.ask(proto.SaveRegion(region=proto.Region(
        code=code, name=name, parent_code=parent, is_grading=grading)))


def test_a_tree_grows_and_is_listed(client):
    assert save(client, 'sw', '西南大区').status == 'OK'
    assert save(client, 'yn', '云南', 'sw', True).payload.is_grading
    assert save(client, 'yn-km', '昆明片区', 'yn').status == 'OK'
    reply = client.ask(proto.ListRegions())
    assert reply.status == 'OK', reply
    listed = reply.payload.regions
    assert [(r.code, r.name, r.parent_code, r.is_grading) for r in listed] == [
        ('sw', '西南大区', '', False), ('yn', '云南', 'sw', True), ('yn-km', '昆明片区', 'yn', False)]


def test_a_repeat_gets_the_same_answer(client):
    body = client.request(proto.SaveRegion(region=proto.Region(code='again', name='又')))
    client.send(body)
    first = client.answer_to(body)
    client.send(body)
    assert first.status == 'OK'
    assert client.answer_to(body).raw == first.raw


def grow(client):
    save(client, 'sw', '西南大区')
    save(client, 'yn', '云南', 'sw', True)
    save(client, 'yn-km', '昆明片区', 'yn')


@pytest.mark.parametrize('region, field', [
    ({'code': 'yn', 'name': '云南', 'parent_code': 'yn-km'}, 'region.parent_code'),
    ({'code': 'x', 'name': '无', 'parent_code': 'nowhere'}, 'region.parent_code'),
    ({'code': 'sw', 'name': '西南大区', 'is_grading': True}, 'region.is_grading'),
    ({'code': 'yn-km', 'name': '昆明片区', 'parent_code': 'yn', 'is_grading': True},
     'region.is_grading')])
def test_what_would_be_no_tree_with_one_grading_level_is_refused(client, region, field):
    grow(client)
    reply = client.ask(proto.SaveRegion(region=proto.Region(**region)))
    assert reply.status == 'FAILED_PRECONDITION'
    assert list(reply.fields) == [field]


def test_the_grading_region_in_the_way_is_named(client):
    grow(client)
    named = client.ask(proto.SaveRegion(region=proto.Region(code='sw', name='西南', is_grading=True)))
    assert '云南 (yn)' in named.fields['region.is_grading']


def test_a_seventh_level_is_refused(client):
    for n in range(1, 7):
        assert save(client, f'deep{n}', parent=f'deep{n - 1}' if n > 1 else '').status == 'OK'
    assert '6 levels' in save(client, 'deep7', parent='deep6').fields['region.parent_code']


def test_bad_input_is_refused_with_every_field(client):
    reply = save(client, 'YN', '', '云南')
    assert reply.status == 'INVALID_ARGUMENT'
    assert set(reply.fields) == {'region.code', 'region.name', 'region.parent_code'}
    assert client.ask(proto.SaveRegion()).fields.keys() == {'region'}
    assert save(client, 'long', '区' * 61).fields.keys() == {'region.name'}


def test_order_regions_are_mapped_listed_with_their_net_and_hold_their_region(client, source):
    save(client, 'mapped')
    client.publish(placed('M-1', source=source, region='云南省', lines=[('tea', 2, '128.50')]))
    mapping = proto.MapRegion(source=source, name='云南省', region_code='mapped')
    assert client.ask(mapping).status == 'OK'
    one = [o for o in client.ask(proto.ListRegions()).payload.order_regions if o.source == source]
    assert [(o.name, o.region_code, o.net_micros) for o in one] == [('云南省', 'mapped', 257000000)]
    held = client.ask(proto.RemoveRegion(code='mapped'))
    assert held.status == 'FAILED_PRECONDITION' and 'unmap' in held.message
    assert client.ask(proto.MapRegion(source=source, name='云南省')).status == 'OK'
    assert client.ask(proto.RemoveRegion(code='mapped')).status == 'OK'
    assert client.ask(proto.RemoveRegion(code='mapped')).status == 'NOT_FOUND'


def test_what_is_not_there_cannot_be_mapped(client, source):
    client.publish(placed('M-2', source=source, region='云南省', lines=[('tea', 1, '1')]))
    assert client.ask(proto.MapRegion(source=source, name='川')).status == 'NOT_FOUND'
    missing = client.ask(proto.MapRegion(source=source, name='云南省', region_code='nowhere'))
    assert missing.status == 'FAILED_PRECONDITION' and list(missing.fields) == ['region_code']


def test_a_region_on_a_file_or_with_others_below_stays(client):
    save(client, 'held')
    save(client, 'held-below', parent='held')
    assert 'below' in client.ask(proto.RemoveRegion(code='held')).message
    made = client.ask(proto.RegisterCustomer(
        region='held-below', facts=[proto.Fact(field='name', value='某公司')]))
    assert made.status == 'OK', made
    assert '1 customers' in client.ask(proto.RemoveRegion(code='held-below')).message


def test_of_changes_at_once_none_breaks_the_tree(stack, client):
    save(client, 'left')
    save(client, 'right')
    with Client(stack, source='other') as other:
        for _ in range(10):
            one = client.request(proto.SaveRegion(region=proto.Region(
                code='left', name='左', parent_code='right')))
            two = other.request(proto.SaveRegion(region=proto.Region(
                code='right', name='右', parent_code='left')))
            client.send(one)
            other.send(two)
            assert sorted([client.answer_to(one).status, other.answer_to(two).status]) == [
                'FAILED_PRECONDITION', 'OK']
            save(client, 'left')
            save(client, 'right')
            save(client, 'left')


def test_a_person_keeps_the_tree_with_kehuctl(stack, client, source):
    client.publish(placed('M-3', source=source, region='贵州省', lines=[('tea', 1, '9')]))
    assert stack.kehuctl('region', 'save', 'gz', '--name', '贵州', '--grading').returncode == 0
    assert stack.kehuctl('region', 'map', source, '贵州省', 'gz').returncode == 0
    shown = stack.kehuctl('region', 'list').stdout
    assert '贵州 (gz)' in shown and 'grading' in shown
    assert stack.kehuctl('region', 'remove', 'gz').returncode == 1
    assert stack.kehuctl('region', 'unmap', source, '贵州省').returncode == 0
    assert stack.kehuctl('region', 'remove', 'gz').returncode == 0

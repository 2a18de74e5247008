"""Each message that names a customer is asked by somebody outside of whose scope he is.

Made from the table of messages and their fields: whatever is called ref, refs or …_ref leads to a
customer. The person has every role but those that see everybody, so that only the scope refuses.
"""
import pytest

from tests.support import proto
from tests.support.client import Client, day, placed
from tests.support.handlers import served
from tests.support.staff import People

# These answer, of who is outside, only that he exists and whose he is; test_scope.py says how.
ANSWER_OTHERWISE = {'GetCards'}
# Not REFs of customers, though they are called so.
OTHER_REFS = {('RegisterCustomer', 'refs'), ('UpdateCustomer', 'add_refs'),
              # of a handover the asker takes part in, and which decides
              ('AcknowledgeHandover', 'refs'), ('ObjectHandover', 'refs'),
              ('DecideHandover', 'refs'),
              # whose rows are those within the scope, whatever they are below
              ('StartExport', 'parent_ref'),
              # who picks from the public pool sees the customer from then on only
              # and who gives back to it is refused while it is off
              ('PickFromPool', 'ref'), ('ReleaseToPool', 'ref')}
# Not called so, but REFs of customers.
MORE_REFS = {('MergeCustomers', 'survivor'), ('MergeCustomers', 'merged')}
# What a message needs beside its REF so that it is looked at.
WHY = {'reason': '外人'}
CONTACT = 'a contact of his own'  # whose id the scene puts there
ID = '01a20084-ef50-7e87-a944-26f03b1aed1b'
SAMPLES = {
    'RegisterCustomer': {'facts': [{'field': 'name', 'value': '外人'}]},
    'OverrideGrade': {'grade': 'B', 'until': day(70), **WHY},
    'RemoveGradeOverride': WHY,
    'AssignOwner': {'staff': 'doors.outsider'},
    'EndOwnership': WHY,
    'SetTeam': {'staff': ['doors.outsider']},
    'MakeHandover': {'from': 'doors.owner', 'to': 'doors.outsider'},
    'MergeCustomers': WHY,
    'SaveContact': {'name': '外人'},
    'LinkContact': {'link': {'role': 'owner'}, 'contact_id': CONTACT},
    'UnlinkContact': {'contact_id': CONTACT},
    'SaveDecisionEntry': {'entry': {'contact_id': CONTACT, 'role': 'decider'}},
    'RemoveDecisionEntry': {'contact_id': CONTACT},
    'SaveNeed': {'need': {'kind': 'explicit', 'description': '外人'}},
    'SaveEntitlement': {'entitlement': {'kind': 'care'}},
    'UseEntitlement': {'entitlement_id': ID},
    'AddDealerMemo': {'memo': {'memo': '外人'}},
    'SaveChannelManager': {'manager': {'name': '外人', 'from_on': '2026-01-01'}},
    'ScoreDealer': {'score': {name: 3 for name in (
        'enthusiasm_attitude', 'enthusiasm_action', 'flexibility', 'downstream_count', 'coverage',
        'downstream_relation', 'capital')}},
    'ProposeGiveUp': {'reason': 'no_results', 'explanation': '外人'},
    'DecideGiveUp': {'decision': 'approved'},
}


def doors():
    """(message name, path of the REF field)."""
    for handler in served():
        name = handler.message.DESCRIPTOR.name
        for field in handler.message.DESCRIPTOR.fields:
            is_ref = (field.name in ('ref', 'refs') or field.name.endswith('_ref')
                      or (name, field.name) in MORE_REFS)
            if field.type == field.TYPE_STRING and is_ref and (name, field.name) not in OTHER_REFS:
                yield name, field.name
            elif field.type == field.TYPE_MESSAGE:
                for inner in field.message_type.fields:
                    if inner.type == inner.TYPE_STRING and inner.name.endswith('_ref'):
                        yield name, f'{field.name}.{inner.name}'


@pytest.fixture(scope='module')
def scene(stack):
    """(somebody with many roles, somebody else's customer, who was merged into that, his own)"""
    with Client(stack, source='doors') as client:
        people = People(stack, client, 'doors')
        owner = people.add('owner', 'salesperson')
        outsider = people.add('outsider', 'salesperson', 'account_manager', 'manager',
                              'complaint_handler', 'marketing', 'directory')
        made = []
        for number, person in enumerate((owner, outsider)):
            client.publish(placed(f'D-{number}', 'doors', customer=f'C{number}', name='门外茶庄'))
            made.append(client.customer(f'doors:C{number}'))
            people.gives(person, made[-1].id)
        client.publish(placed('D-2', 'doors', customer='C2', name='门外旧茶庄'))
        merged = client.customer('doors:C2')
        assert client.ask(proto.MergeCustomers(survivor=made[0].number, merged=merged.number,
                                               reason='同一家')).status == 'OK'
        contact = outsider.ask(proto.SaveContact(name='赵敏', links=[
            {'customer_ref': made[1].number, 'role': 'owner'}]))
        assert contact.status == 'OK', contact
        outsider.contact = contact.payload.contact_id
        yield outsider, made[0], merged, made[1]


def sample(outsider, name):
    """The message with what it needs beside its REF."""
    def filled(value):
        if isinstance(value, dict):
            return {key: filled(one) for key, one in value.items()}
        return outsider.contact if value is CONTACT else value
    return getattr(proto, name)(**filled(SAMPLES.get(name, {})))


def put(message, path, ref):
    first, _, rest = path.partition('.')
    repeated = message.DESCRIPTOR.fields_by_name[first].label == 3
    if rest:
        inner = getattr(message, first)
        more = {'role': 'owner'} if first == 'links' else {}
        put(inner.add(**more) if repeated else inner, rest, ref)
    elif repeated:
        getattr(message, first).append(ref)
    else:
        setattr(message, first, ref)


@pytest.mark.parametrize('name, path', sorted(doors()))
def test_a_customer_outside_is_refused_at_every_door(scene, name, path):
    outsider, outside, merged, own = scene
    reply = None
    for ref in (outside.number, outside.id, 'doors:C0', merged.number, 'doors:C2'):
        message = sample(outsider, name)
        for which, other in doors():
            if which == name and other != path and not other.startswith('parent'):
                put(message, other, own.number)
        put(message, path, ref)
        reply = outsider.ask(message)
        if name in ANSWER_OTHERWISE:
            assert reply.status == 'OK'
            assert outside.number not in str(reply.payload).replace(ref, '')
            continue
        assert reply.status == 'PERMISSION_DENIED', \
            f'{name}.{path} = {ref}: {reply}; SAMPLES may need what else it takes'
        for hidden in {outside.number, outside.id, '门外茶庄'} - {ref}:
            assert hidden not in reply.message + str(reply.fields)


def test_the_exceptions_are_messages_of_the_service():
    names = {name for name, _ in doors()}
    assert ANSWER_OTHERWISE | {name for name, _ in MORE_REFS} <= names
    assert {name for name, _ in OTHER_REFS} | set(SAMPLES) <= {
        handler.message.DESCRIPTOR.name for handler in served()}


def test_who_may_not_see_the_survivor_is_told_nothing_of_his_merge(scene):
    outsider, outside, merged, own = scene
    for message in (proto.UndoMerge(merged=merged.number),
                    proto.DismissDuplicate(a=merged.number, b=outside.number)):
        reply = outsider.ask(message)
        assert reply.status == 'PERMISSION_DENIED', reply
        assert 'merge' not in reply.message + str(reply.fields)


def test_the_log_names_nobody_who_is_told_to_the_asker(stack, scene):
    outsider, outside, *_ = scene
    reply = outsider.ask(proto.GetCustomerFile(ref=outside.number))
    assert '员工owner' in reply.message
    assert 'outside of what the actor may see' in stack.log() and '员工owner' not in stack.log()
    reply = outsider.client.ask(proto.ListCustomers(), actor='张三丰')
    assert reply.status == 'PERMISSION_DENIED' and '张三丰' not in stack.log()

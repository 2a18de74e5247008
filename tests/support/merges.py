"""What the tests of merging share: making, merging, and the schema's tables as texts."""
import json
import uuid

from tests.support import proto
from tests.support.client import placed

# What a merge and its undo may leave behind: their own records, and who said what when.
NOT_COMPARED = {'receipt', 'log', 'audit', 'subject_version', 'merge', 'merge_change', 'timer',
                # what jobs do meanwhile
                'owner_alert', 'seal_ring', 'seal_walk', 'number_mark', 'number_told', 'consumer'}


def ok(client, message, **more):
    reply = client.ask(message, **more)
    assert reply.status == 'OK', reply
    return reply.payload


def fact(field, value, **more):
    return proto.Fact(field=field, value=value, **more)


def register(client, name, *facts, **more):
    return ok(client, proto.RegisterCustomer(facts=[fact('name', name), *facts], **more))


def merge(client, survivor, merged, reason='同一家'):
    return ok(client, proto.MergeCustomers(survivor=survivor, merged=merged, reason=reason))


def undo(client, merged, reason='弄错了'):
    return ok(client, proto.UndoMerge(merged=merged, reason=reason))


def file_of(client, ref):
    return ok(client, proto.GetCustomerFile(ref=ref, unmask=True))


def settled(stack):
    """As when the owner rules had looked at everybody who came, so that nothing moves by itself."""
    stack.sql("update customer set owner_state = 'unassigned' where owner_state = 'waiting'")


def tables(stack):
    """{table: rows as texts} of the whole schema, without versions."""
    settled(stack)
    names = [name for name, in stack.sql("""
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'customers' and c.relkind in ('r', 'p') and not c.relispartition""")]
    made = {name: [] for name in sorted(set(names) - NOT_COMPARED)}
    for name, row in stack.sql(' union all '.join(
            f"select '{name}', to_jsonb(t) from \"{name}\" t" for name in made)):
        made[name].append(json.dumps({k: v for k, v in row.items() if 'version' not in k},
                                     sort_keys=True))
    return {name: sorted(rows) for name, rows in made.items()}


def staff(stack, code):
    made = str(uuid.uuid4())
    stack.sql("""insert into staff (id, code, name, roles, joined_on)
                 values (%s, %s, %s, '{manager}', '2020-01-01')""", made, code, code)
    return made


def owned_by(stack, customer, person, role='owner'):
    stack.sql("""insert into ownership (customer_id, id, staff_id, role, from_at, made_by, reason)
                 values (%s, gen_random_uuid(), %s, %s, '2026-01-01', 'test', 'manual')""",
              customer, person, role)
    if role == 'owner':
        stack.sql("update customer set owner_state = 'owned' where id = %s", customer)


def owners(stack, customer):
    return stack.sql("""select s.code, o.role from ownership o join staff s on s.id = o.staff_id
                        where o.customer_id = %s and o.to_at is null order by 2, 1""", customer)


def contact(stack, name, *customers):
    made = str(uuid.uuid4())
    stack.sql("insert into contact (id, name, added_at, added_by) values (%s, %s, now(), 'test')",
              made, name)
    for customer in customers:
        stack.sql("""insert into contact_link (customer_id, contact_id, role, linked_at, linked_by)
                     values (%s, %s, 'purchasing', '2026-02-01', 'test')""", customer, made)
    return made


def need(stack, customer, by):
    stack.sql("""insert into customer_need (customer_id, id, contact_id, kind, description, told_on,
                 state, added_at, added_by) values (%s, gen_random_uuid(), %s, 'explicit',
                 '红茶', '2026-03-01', 'open', '2026-03-01', 'test')""", customer, by)


def entitlement(stack, customer):
    made = str(uuid.uuid4())
    stack.sql("""insert into entitlement (customer_id, id, kind, from_on, added_at, added_by)
                 values (%s, %s, 'care', '2026-01-01', '2026-01-01', 'test')""", customer, made)
    stack.sql("""insert into entitlement_use (customer_id, entitlement_id, id, used_on, quantity,
                 recorded_at, recorded_by) values (%s, %s, gen_random_uuid(), '2026-04-01', 2,
                 '2026-04-01', 'test')""", customer, made)


def decides(stack, customer, person, reports_to=None):
    stack.sql('insert into decision_chain values (%s, 1) on conflict do nothing', customer)
    stack.sql("""insert into decision_entry (customer_id, contact_id, role, reports_to, changed_at,
                 changed_by) values (%s, %s, 'decider', %s, '2026-03-01', 'test')""",
              customer, person, reports_to)


def two(client, source):
    """Two customers of orders, with names and 300 and 200 of net sales."""
    client.publish(placed('A-1', source, customer='A', name='昆明翠湖茶业有限公司', at=3600,
                          lines=[('tea', 3, 100)]),
                   placed('B-1', source, customer='B', name='大观商贸有限公司', at=7200,
                          lines=[('tea', 2, 100)]))
    return client.customer(f'{source}:A'), client.customer(f'{source}:B')


def furnish(stack, client, source):
    """A pair where everything that can change hands does."""
    a, b = two(client, source)
    ok(client, proto.UpdateCustomer(ref=b.number, facts=[
        fact('phone', '13900000001'), fact('industry', '茶叶'), fact('address', '翠湖路1号')],
        major_changes=[proto.MajorChange(kind='relocation', description='搬家')]))
    ok(client, proto.UpdateCustomer(ref=a.number, facts=[fact('industry', '贸易')]))
    register(client, '门店', parent_ref=b.number)
    settled(stack)
    for person, role in (('wang', 'owner'), ('zhao', 'team')):
        owned_by(stack, b.id, staff(stack, f'{person}.{source}'), role)
    both, only = contact(stack, '李总', a.id, b.id), contact(stack, '欧阳经理', b.id)
    need(stack, b.id, only)
    entitlement(stack, b.id)
    decides(stack, b.id, both)
    decides(stack, b.id, only, both)
    return a, b, both, only

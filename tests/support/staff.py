"""People of the staff directory for tests, and who looks after whom.

    people = People(stack, client, source)
    li = people.add('li', 'salesperson')            # code 's7.li'; .code, .id, .ask(message)
    people.gives(li, customer_id)                   # li owns the customer from now on
"""
import datetime

from tests.support import proto


class Person:
    def __init__(self, client, entry):
        self.client, self.entry = client, entry
        self.code, self.id = entry.code, entry.id

    def ask(self, message, **envelope):
        """As this person, named as the actor."""
        return self.client.ask(message, actor=self.code, **envelope)


class People:
    def __init__(self, stack, client, source):
        self.stack, self.client, self.source = stack, client, source

    def code(self, name):
        return f'{self.source}.{name}'

    def save(self, who, /, *roles, **entry):
        """The answer to SaveStaff; `manager` and `deputy` may be Persons."""
        for field in ('manager', 'deputy'):
            if isinstance(entry.get(field), Person):
                entry[field] = entry[field].code
        return self.client.ask(proto.SaveStaff(
            code=self.code(who), roles=roles,
            **{'name': f'员工{who}'[:60], **entry}))

    def add(self, who, /, *roles, **entry):
        reply = self.save(who, *roles, **entry)
        assert reply.status == 'OK', reply
        return Person(self.client, reply.payload)

    def add_unit(self, name, parent=''):
        code = self.code(name)
        reply = self.client.ask(proto.SaveUnit(unit=proto.Unit(
            code=code, name=f'部门{name}', parent=parent and self.code(parent))))
        assert reply.status == 'OK', reply
        return code

    def away(self, person, deputy, days=(-1, 1)):
        """Away from so many days after today to so many, in business time."""
        today = self.stack.value("select (now() at time zone 'Asia/Shanghai')::date")
        first, last = (str(today + datetime.timedelta(days=n)) for n in days)
        reply = self.client.ask(proto.SetAbsence(staff=person.code, to=last, deputy=deputy.code,
                                                 **{'from': first}))
        assert reply.status == 'OK', reply

    def gives(self, person, customer_id, role='owner'):
        """He owns the customer, since 2026-03-01."""
        self.stack.sql(
            'insert into ownership (customer_id, id, staff_id, role, from_at, made_by, reason)'
            " values (%s, gen_random_uuid(), %s, %s, '2026-03-01T12:00+08', 'test', 'manual')",
            customer_id, person.id, role)
        self.stack.sql("update customer set owner_state = 'owned' where id = %s", customer_id)

    def takes(self, customer_id):
        """Nobody owns the customer any more."""
        self.stack.sql('delete from ownership where customer_id = %s', customer_id)
        self.stack.sql("update customer set owner_state = 'none' where id = %s", customer_id)

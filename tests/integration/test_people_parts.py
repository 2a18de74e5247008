"""Consent, sensitive values, decision chains, needs and entitlements; from the wire."""
import pytest

from tests.support import proto
from tests.support.contacts import channel, done, get, link, save, today


@pytest.fixture
def customer(client):
    """customer(): a registered organisation; → CustomerFileReply"""
    count = iter(range(1000))

    def make(name='昆明翠湖商贸有限公司', **more):
        facts = [proto.Fact(field='name', value=f'{name}{next(count)}')]
        facts += [proto.Fact(field=f, value=v) for f, v in more.pop('facts', {}).items()]
        reply = client.ask(proto.RegisterCustomer(facts=facts, **more))
        assert reply.status == 'OK', reply
        return reply.payload
    return make


# --- consent ---

def consent(purpose, channel_, state, **more):
    return proto.Consent(purpose=purpose, channel=channel_, state=state, **more)


def may(client, contact, purpose, by):
    answer = done(client, proto.CheckConsent(contact_id=contact, purpose=purpose, channel=by))
    return (answer.allowed, answer.reason)


def test_consent_is_by_purpose_and_channel_and_never_forgotten(client, customer):
    mobile = channel('mobile', '13800000001')
    contact = save(client, customer().number, channels=[mobile]).contact_id
    assert may(client, contact, 'service', 'sms') == (True, 'service')
    assert may(client, contact, 'care', 'sms') == (False, 'unknown')
    done(client, proto.RecordConsent(contact_id=contact, consent=consent(
        'care', 'any', 'granted', evidence='表单', expires_on=today(30))))
    assert may(client, contact, 'care', 'sms') == (True, 'granted')
    assert may(client, contact, 'marketing', 'sms') == (False, 'unknown')
    done(client, proto.RecordConsent(contact_id=contact, consent=consent('care', 'sms', 'refused')))
    assert may(client, contact, 'care', 'sms') == (False, 'refused')
    assert may(client, contact, 'care', 'email') == (True, 'granted')
    done(client, proto.RecordConsent(contact_id=contact, consent=consent('care', 'any',
                                                                         'withdrawn')))
    assert may(client, contact, 'care', 'email') == (False, 'withdrawn')
    first = done(client, proto.ListConsents(contact_id=contact, page_size=2))
    rest = done(client, proto.ListConsents(contact_id=contact, page_token=first.next_page_token))
    states = [c.state for c in [*first.consents, *rest.consents]]
    assert states == ['withdrawn', 'refused', 'granted'] and not rest.next_page_token
    assert {(c.channel, c.state) for c in get(client, contact).consents} == {
        ('any', 'withdrawn'), ('sms', 'refused')}


def test_opted_out_channels_and_people_who_left_are_not_addressed(client, customer):
    mobile = channel('mobile', '13800000001', opted_out=1)
    saved = save(client, customer().number, channels=[mobile])
    assert may(client, saved.contact_id, 'service', 'sms') == (False, 'opted_out')
    assert may(client, saved.contact_id, 'service', 'email') == (True, 'service')
    done(client, proto.SaveContact(contact_id=saved.contact_id, state='left'))
    assert may(client, saved.contact_id, 'service', 'email') == (False, 'left')


def test_sensitive_values_need_policy_and_consent(client, customer):
    contact = save(client, customer().number).contact_id

    def keep(value):
        return client.ask(proto.SaveSensitive(contact_id=contact, value=proto.SensitiveValue(
            field='hobbies', value=value)))
    off = keep('羽毛球')
    assert off.status == 'FAILED_PRECONDITION' and 'value.field' in off.fields
    version = done(client, proto.GetPolicy(kind='people')).version
    done(client, proto.ApplyPolicy(expected_version=version, policy=proto.Policy(
        kind='people', reason='测试', people=proto.PeoplePolicy(sensitive_fields=['hobbies']))))
    assert 'agreed' in keep('羽毛球').message
    done(client, proto.RecordConsent(contact_id=contact, consent=consent(
        'profile', 'any', 'granted', evidence='表单')))
    assert keep('羽毛球').status == 'OK'
    assert not get(client, contact).sensitive
    shown = get(client, contact, with_sensitive=True)
    assert [(s.field, s.value) for s in shown.sensitive] == [('hobbies', '羽毛球')]
    done(client, proto.RecordConsent(contact_id=contact, consent=consent('profile', 'any',
                                                                         'withdrawn')))
    assert not get(client, contact, with_sensitive=True).sensitive
    done(client, proto.RecordConsent(contact_id=contact, consent=consent(
        'profile', 'any', 'granted', evidence='再次')))
    assert not get(client, contact, with_sensitive=True).sensitive
    done(client, proto.ApplyPolicy(expected_version=version + 1, policy=proto.Policy(
        kind='people', reason='测试完', people=proto.PeoplePolicy())))


# --- decision chain ---

def put(client, ref, contact, role, **more):
    return client.ask(proto.SaveDecisionEntry(customer_ref=ref, entry=proto.DecisionEntry(
        contact_id=contact, role=role, **more)))


def test_a_circle_through_somebody_restricted_is_refused_too(client, customer):
    ref = customer().number
    na, wei, min_ = (save(client, ref, name=n).contact_id for n in ('李娜', '王伟', '赵敏'))
    for contact, superior in ((na, ''), (wei, na), (min_, wei)):
        assert put(client, ref, contact, 'influencer', reports_to=superior).status == 'OK'
    hidden = proto.PersonRef(contact_id=wei)
    done(client, proto.RestrictPerson(person=hidden, reason='disputes it'))
    chain = done(client, proto.GetDecisionChain(customer_ref=ref))
    assert sorted(e.name for e in chain.entries) == ['李娜', '赵敏']
    circle = put(client, ref, na, 'influencer', reports_to=min_)
    assert circle.status == 'FAILED_PRECONDITION'
    assert '李娜 → 赵敏 → … → 李娜' in circle.fields['entry.reports_to']
    assert 'entry.reports_to' in put(client, ref, na, 'influencer', reports_to=wei).fields
    done(client, proto.LiftRestriction(person=hidden, reason='settled'))
    chain = done(client, proto.GetDecisionChain(customer_ref=ref))
    assert {e.name: e.reports_to for e in chain.entries} == {'李娜': '', '王伟': na, '赵敏': wei}


def test_deciders_come_first_and_a_circle_is_named(client, customer):
    ref = customer().number
    na, wei, min_ = (save(client, ref, name=n).contact_id for n in ('李娜', '王伟', '赵敏'))
    assert put(client, ref, na, 'influencer', duty='采购', approach='先谈交期').status == 'OK'
    assert put(client, ref, wei, 'opponent', reports_to=na).status == 'OK'
    assert put(client, ref, min_, 'decider').status == 'OK'
    chain = done(client, proto.GetDecisionChain(customer_ref=ref))
    assert [e.name for e in chain.entries] == ['赵敏', '李娜', '王伟'] and chain.version == 3
    circle = put(client, ref, na, 'influencer', reports_to=wei)
    assert circle.status == 'FAILED_PRECONDITION'
    assert '李娜 → 王伟 → 李娜' in circle.fields['entry.reports_to']
    assert put(client, ref, na, 'supporter', reports_to=na).status == 'FAILED_PRECONDITION'
    stranger = save(client, customer().number).contact_id
    assert 'entry.contact_id' in put(client, ref, stranger, 'decider').fields
    assert put(client, ref, na, 'boss').fields['entry.role'].startswith('must be one of')
    links = {o.decision_role for o in get(client, min_).links}
    assert links == {'decider'}
    other = customer().number
    done(client, proto.LinkContact(contact_id=na, link=link(other)))
    done(client, proto.UnlinkContact(contact_id=na, customer_ref=ref))
    chain = done(client, proto.GetDecisionChain(customer_ref=ref))
    assert [(e.name, e.reports_to) for e in chain.entries] == [('赵敏', ''), ('王伟', '')]
    assert chain.version == 4


def test_a_large_customer_without_a_decider_is_a_warning(client, customer):
    ref = customer(facts={'staff_count': '300'}).number
    small = customer(facts={'staff_count': '299'}).number
    chain = done(client, proto.GetPeople(customer_ref=ref)).decision_chain
    assert list(chain.warnings) == ['no_decider'] and list(chain.reasons) == ['large']
    assert not done(client, proto.GetDecisionChain(customer_ref=small)).warnings

    def lacking(**more):
        found, token = {}, ''
        while True:
            page = done(client, proto.ListWithoutDecider(page_size=1, page_token=token, **more))
            found |= {c.number: list(c.reasons) for c in page.customers}
            token = page.next_page_token
            if not token:
                return found
    assert lacking()[ref] == ['large'] and small not in lacking() and ref not in lacking(
        reason='grade_a')
    contact = save(client, ref).contact_id
    assert put(client, ref, contact, 'decider').status == 'OK'
    assert ref not in lacking()
    assert not done(client, proto.GetDecisionChain(customer_ref=ref)).warnings
    done(client, proto.RemoveDecisionEntry(customer_ref=ref, contact_id=contact))
    assert ref in lacking()


# --- needs and entitlements ---

def test_needs_are_kept_with_budget_and_listed(client, customer, source):
    ref = customer().number
    kept = done(client, proto.SaveNeed(customer_ref=ref, need=proto.Need(
        kind='explicit', description='叉车两台', budget='120000.50', wanted_on='2027-03-31')))
    done(client, proto.SaveNeed(customer_ref=ref, need=proto.Need(kind='latent', description='培训')))
    found = done(client, proto.ListNeeds(customer_ref=ref, sort='-budget')).needs
    assert [(n.description, n.budget, n.currency, n.state) for n in found] == [
        ('叉车两台', '120000.5', 'CNY', 'open'), ('培训', '', 'CNY', 'open')]
    done(client, proto.SaveNeed(customer_ref=ref, expected_version=1, need=proto.Need(
        need_id=kept.id, kind='explicit', description='叉车两台', state='met')))
    assert [n.ended_on for n in done(client, proto.ListNeeds(customer_ref=ref,
                                                             state='met')).needs] == [today()]
    stale = client.ask(proto.SaveNeed(customer_ref=ref, expected_version=1, need=proto.Need(
        need_id=kept.id, kind='explicit', description='x')))
    assert stale.status == 'FAILED_PRECONDITION'
    wrong = client.ask(proto.SaveNeed(customer_ref=ref, need=proto.Need(
        kind='hidden', budget='-1', told_on='2999-01-01', state='maybe', currency='XXX1')))
    assert set(wrong.fields) == {'need.kind', 'need.budget', 'need.told_on', 'need.state',
                                 'need.description', 'need.currency'}
    everyone = done(client, proto.ListNeeds(state='open', sort='-told', page_size=200)).needs
    assert ref in {n.customer_number for n in everyone}


def test_an_entitlement_is_used_up(client, customer):
    ref = customer().number
    given = done(client, proto.SaveEntitlement(customer_ref=ref, entitlement=proto.Entitlement(
        kind='tech_support', allowance=3, to_on=today(10))))

    def use(**more):
        return client.ask(proto.UseEntitlement(customer_ref=ref, entitlement_id=given.id,
                                               use=proto.EntitlementUse(**more)))
    assert use(note='上门').status == 'OK' and use(quantity=2).status == 'OK'
    assert 'not so many' in use().message
    (shown,) = done(client, proto.ListEntitlements(customer_ref=ref)).entitlements
    assert (shown.used, shown.allowance, shown.version) == (3, 3, 3)
    assert [u.quantity for u in shown.uses] == [2, 1]
    less = client.ask(proto.SaveEntitlement(customer_ref=ref, entitlement=proto.Entitlement(
        entitlement_id=given.id, kind='tech_support', allowance=2)))
    assert less.status == 'FAILED_PRECONDITION'
    done(client, proto.SaveEntitlement(customer_ref=ref, entitlement=proto.Entitlement(
        entitlement_id=given.id, kind='tech_support', state='ended')))
    assert 'has ended' in use().message


def test_a_reference_to_nobody_is_refused_everywhere(client):
    for message in (proto.GetPeople(customer_ref='KH999999'),
                    proto.SaveNeed(customer_ref='KH999999', need=proto.Need(kind='latent',
                                                                            description='x')),
                    proto.GetDecisionChain(customer_ref='nobody:1')):
        reply = client.ask(message)
        assert reply.status == 'NOT_FOUND' and 'customer_ref' in reply.fields, message
    assert client.ask(proto.GetPeople(customer_ref='?')).status == 'INVALID_ARGUMENT'

"""Agents and dealers: profile, scorecard, false enthusiasm, and giving one up."""
import datetime

import pytest

from tests.support import proto
from tests.support.staff import People

GOOD = dict(enthusiasm_attitude=4, enthusiasm_action=4, flexibility=4, downstream_count=4,
            coverage=4, downstream_relation=4, capital=4)


@pytest.fixture
def dealer(client):
    """dealer(): a registered channel party; → its number"""
    def make(name='云南经销', party=2):
        reply = client.ask(proto.RegisterCustomer(
            party_type=party, facts=[proto.Fact(field='name', value=name)]))
        assert reply.status == 'OK', reply
        return reply.payload.number
    return make


def done(client, message, **envelope):
    reply = client.ask(message, **envelope)
    assert reply.status == 'OK', reply
    return reply.payload


def score(client, ref, **points):
    return done(client, proto.ScoreDealer(customer_ref=ref, score=proto.DealerScore(
        **(GOOD | points))))


def day(days=0):
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    return (now + datetime.timedelta(days=days)).date().isoformat()


def test_a_dealers_profile_managers_and_memos_are_kept(client, dealer):
    ref = dealer()
    profile = proto.DealerProfile(shareholders='赵家', staff_count='45', annual_sales='12000000.5')
    assert done(client, proto.SaveDealer(customer_ref=ref, profile=profile)).version == 1
    done(client, proto.SaveDealer(customer_ref=ref, clear=['staff_count'],
                                  profile=proto.DealerProfile(standing='第二')))
    added = done(client, proto.SaveChannelManager(customer_ref=ref, manager=proto.ChannelManager(
        name='赵敏', from_on='2019-03-01')))
    done(client, proto.SaveChannelManager(customer_ref=ref, manager=proto.ChannelManager(
        manager_id=added.part_id, name='赵敏', from_on='2019-03-01', to_on='2023-06-30')))
    done(client, proto.AddDealerMemo(customer_ref=ref, memo=proto.DealerMemo(memo='窜货一次')))
    shown = done(client, proto.GetDealer(customer_ref=ref))
    assert (shown.profile.shareholders, shown.profile.standing) == ('赵家', '第二')
    assert (shown.profile.staff_count, shown.profile.annual_sales) == ('', '12000000.5')
    assert [(m.name, m.to_on) for m in shown.managers] == [('赵敏', '2023-06-30')]
    assert [m.memo for m in shown.memos] == ['窜货一次'] and shown.version == 2
    stale = client.ask(proto.SaveDealer(customer_ref=ref, expected_version=1))
    assert stale.status == 'FAILED_PRECONDITION'


def test_only_channel_parties_are_dealers(client, dealer):
    reply = client.ask(proto.GetDealer(customer_ref=dealer(party=1)))
    assert reply.status == 'FAILED_PRECONDITION' and 'channel' in reply.fields['customer_ref']


def test_much_attitude_and_little_action_is_flagged(client, dealer):
    good, false = dealer('好'), dealer('假')
    score(client, good)
    score(client, false, enthusiasm_attitude=5, enthusiasm_action=1)
    shown = done(client, proto.GetDealer(customer_ref=good)).scores[0]
    assert (shown.total_micros, shown.false_enthusiasm) == (4_000_000, False)
    shown = done(client, proto.GetDealer(customer_ref=false)).scores[0]
    # 5 × 20 + 1 × 30 + 4 × 50, of 100
    assert (shown.total_micros, shown.false_enthusiasm) == (3_300_000, True)
    flagged = done(client, proto.ListDealers(only_false_enthusiasm=True, page_size=200)).dealers
    assert false in [d.number for d in flagged] and good not in [d.number for d in flagged]
    score(client, false, enthusiasm_attitude=5, enthusiasm_action=3)
    flagged = done(client, proto.ListDealers(only_false_enthusiasm=True, page_size=200)).dealers
    assert false not in [d.number for d in flagged]
    wrong = client.ask(proto.ScoreDealer(customer_ref=good, score=proto.DealerScore(
        **(GOOD | {'capital': 6, 'coverage': 0}))))
    assert set(wrong.fields) == {'score.capital', 'score.coverage'}


def test_dealers_are_listed_best_first_and_those_never_judged(client, dealer):
    refs = [dealer(), dealer(), dealer()]
    score(client, refs[0], capital=1)
    score(client, refs[1], capital=5)
    # What is told late about an earlier day is history only.
    done(client, proto.ScoreDealer(customer_ref=refs[0], score=proto.DealerScore(
        **GOOD, scored_on=day(-30))))
    found, token = [], ''
    while True:
        page = done(client, proto.ListDealers(page_size=1, page_token=token))
        found += [(d.number, d.total_micros) for d in page.dealers]
        token = page.next_page_token
        if not token:
            break
    totals = [total for _, total in found]
    assert totals == sorted(totals, reverse=True)
    assert dict(found)[refs[0]] == 3_700_000 and dict(found)[refs[1]] == 4_100_000
    never = done(client, proto.ListDealers(without_score=True, page_size=200)).dealers
    assert refs[2] in [d.number for d in never] and refs[0] not in [d.number for d in never]


def test_another_person_decides_that_a_dealer_is_given_up(stack, client, source, dealer):
    people = People(stack, client, source)
    who, other = people.add('owner', 'salesperson'), people.add('other', 'salesperson')
    ref, successor = dealer('旧'), dealer('新')
    people.gives(who, client.customer(ref).id)
    people.gives(who, client.customer(successor).id)
    propose = proto.ProposeGiveUp(customer_ref=ref, reason='no_payment', explanation='拖欠',
                                  successor_ref=successor)
    done(who, propose)
    again = who.ask(propose)
    assert again.status == 'ALREADY_EXISTS'
    own = who.ask(proto.DecideGiveUp(customer_ref=ref, decision='approved'))
    assert own.status == 'FAILED_PRECONDITION' and 'another person' in own.fields['decision']
    silent = client.ask(proto.DecideGiveUp(customer_ref=ref, decision='rejected'))
    assert silent.status == 'FAILED_PRECONDITION' and 'note' in silent.fields['decision']
    foreign = client.ask(proto.DecideGiveUp(customer_ref=ref, decision='withdrawn'))
    assert foreign.status == 'FAILED_PRECONDITION'
    waiting = done(client, proto.ListGiveUps(state='proposed', page_size=200)).give_ups
    (mine,) = [g for g in waiting if g.customer_number == ref]
    assert (mine.reason, mine.successor_number) == ('no_payment', successor)
    done(client, proto.DecideGiveUp(customer_ref=ref, decision='approved'))
    shown = done(client, proto.GetDealer(customer_ref=ref))
    assert (shown.state, shown.given_up_on, shown.give_up.state) == ('given_up', day(), 'approved')
    assert shown.give_up.decided_by != shown.give_up.proposed_by
    assert who.ask(propose).status == 'FAILED_PRECONDITION'
    late = client.ask(proto.DecideGiveUp(customer_ref=ref, decision='approved'))
    assert late.status == 'FAILED_PRECONDITION'
    assert other.ask(proto.GetDealer(customer_ref=ref)).status == 'PERMISSION_DENIED'


def test_a_salesperson_does_not_approve(stack, client, source, dealer):
    people = People(stack, client, source)
    sales = people.add('approver', 'salesperson')
    ref = dealer()
    people.gives(sales, client.customer(ref).id)
    done(client, proto.ProposeGiveUp(customer_ref=ref, reason='other', explanation='试'))
    reply = sales.ask(proto.DecideGiveUp(customer_ref=ref, decision='approved'))
    assert reply.status == 'PERMISSION_DENIED'
    done(client, proto.DecideGiveUp(customer_ref=ref, decision='withdrawn'))


def test_kept_dealers_are_counted(client, dealer):
    ref = dealer()
    done(client, proto.ProposeGiveUp(customer_ref=ref, reason='breach', explanation='违约'))
    done(client, proto.DecideGiveUp(customer_ref=ref, decision='withdrawn'))
    report = done(client, proto.ReportDealerStability(**{'from': '2000-01-01'}))
    assert (report.at_begin, report.given_up, report.kept_micros) == (0, 0, 0)
    wrong = client.ask(proto.ReportDealerStability(**{'from': '2026-02-01', 'to': '2026-01-01'}))
    assert 'to' in wrong.fields


def test_kehuctl_judges_and_gives_up_dealers(stack, dealer):
    ref = dealer('经销')
    assert stack.kehuctl('dealer', 'save', ref, '--staff-count', '45').returncode == 0
    assert stack.kehuctl('dealer', 'score', ref, '--enthusiasm-attitude', '5',
                         '--enthusiasm-action', '1', '--flexibility', '3', '--downstream-count',
                         '3', '--coverage', '2', '--downstream-relation', '3', '--capital',
                         '2').returncode == 0
    assert stack.kehuctl('dealer', 'memo', ref, '窜货').returncode == 0
    assert stack.kehuctl('dealer', 'manager', ref, '赵敏', '--from-on', '2019-03-01').returncode == 0
    shown = stack.kehuctl('dealer', 'show', ref).stdout
    assert '45' in shown and 'yes' in shown and '窜货' in shown and '赵敏' in shown
    assert ref in stack.kehuctl('dealer', 'list', '--only-false-enthusiasm').stdout
    assert stack.kehuctl('dealer', 'give-up', ref, '--reason', 'false_enthusiasm', '--explanation',
                         '假积极').returncode == 0
    assert ref in stack.kehuctl('dealer', 'give-ups', '--state', 'proposed').stdout
    own = stack.kehuctl('dealer', 'decide', ref, 'approved')
    assert own.returncode == 1 and 'another person' in own.stderr
    assert stack.kehuctl('dealer', 'decide', ref, 'withdrawn').returncode == 0
    assert 'dealers at the begin' in stack.kehuctl('dealer', 'stability', '--from',
                                                   '2026-01-01').stdout

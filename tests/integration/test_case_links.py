"""Whose case it is, what it is about, how grave it is, and cases that are the same."""
import random
import threading

import pytest

from tests.support import proto
from tests.support.cases import Case, Desk, propose
from tests.support.stack import until

FIRST_RESPONSE, RESOLUTION = 3, 5
RUNNING, SUPERSEDED = 1, 4
ORDINARY, SERIOUS, CRITICAL = 2, 3, 4


@pytest.fixture
def li(desk):
    return desk.person('li', 'complaint_handler')


def read(case):
    return case.ok(proto.GetCase(with_history=True))


def test_a_case_is_linked_to_order_product_and_batch(desk, li):
    case = desk.case(handler=li)
    case.ok(proto.LinkCase(links=proto.Links(order_number='shop:4711', product='lamp')), by=li)
    case.ok(proto.LinkCase(links=proto.Links(batch='B-7')), by=li)
    links = read(case).links
    assert (links.order_number, links.product, links.batch) == ('shop:4711', 'lamp', 'B-7')
    assert 'links' in case.refused(proto.LinkCase(), by=li, status='INVALID_ARGUMENT').fields


def test_the_customer_it_is_linked_to_decides_the_priority(desk, li):
    case = desk.case(handler=li)
    assert case.row('priority') == 2
    gold = desk.customer(grade='A')
    case.ok(proto.LinkCase(customer_ref=gold), by=li)
    assert (case.row('priority'), read(case).customer_id) == (3, gold)
    assert case.clock(RESOLUTION) == [(SUPERSEDED, 0), (RUNNING, 0)]
    changed = case.told('CasePriorityChanged')[-1]
    assert (getattr(changed, 'from'), changed.to, changed.cause) == (2, 3, 'link')
    assert 'customer_ref' in case.refused(
        proto.LinkCase(customer_ref='KH999999999'), by=li).fields


def test_who_is_not_known_yet_is_kept_as_he_was_named(desk, li):
    case = desk.case(handler=li)
    case.ok(proto.LinkCase(customer_ref=f'{desk.source}:new'), by=li)
    seen = read(case)
    assert (seen.customer_id, seen.customer_ref) == ('', f'{desk.source}:new')


def test_nobody_becomes_the_complainant_of_an_anonymous_case(desk, li):
    case = desk.case(anonymous=True, handler=li)
    case.refused(proto.LinkCase(customer_ref=desk.customer()), by=li)


def test_severity_raises_the_priority_and_its_clocks_and_is_reported(desk, li):
    case = desk.case(handler=li)
    asked = proto.SetSeverity(severity=proto.SeverityFacts(safety=SERIOUS), reason='有人受伤')
    assert 'reason' in case.refused(proto.SetSeverity(severity=asked.severity), by=li,
                                    status='INVALID_ARGUMENT').fields
    case.ok(asked, by=li)
    assert (case.row('severity'), case.row('priority')) == (SERIOUS, 3)
    assert case.clock(RESOLUTION) == [(SUPERSEDED, 0), (RUNNING, 0)]
    assert len(case.told('SeriousCaseReported')) == 1
    case.ok(proto.SetSeverity(severity=proto.SeverityFacts(safety=CRITICAL), reason='住院'), by=li)
    assert len(case.told('SeriousCaseReported')) == 1
    assert read(case).history[0].detail == 'serious to critical'
    case.ok(proto.SetSeverity(severity=proto.SeverityFacts(safety=SERIOUS), reason='复核'), by=li)
    assert (case.row('severity'), case.row('priority')) == (SERIOUS, 3)


def test_below_serious_a_manager_lowers_a_complaint_who_is_not_its_handler(desk, li):
    wang = desk.person('wang', 'complaint_handler')
    zhao, qian = desk.person('zhao', 'manager'), desk.person('qian', 'manager')
    case = desk.case(handler=li)
    case.ok(proto.SetSeverity(severity=proto.SeverityFacts(safety=CRITICAL), reason='住院'), by=li)
    less = proto.SetSeverity(severity=proto.SeverityFacts(safety=ORDINARY), reason='误报')
    for who in (li, wang):  # its handler, and one who is no manager
        refused = case.refused(less, by=who)
        assert 'severity' in refused.fields
        assert f'another than its handler {li.code}, who has one of: manager' in refused.message
    case.ok(proto.AssignCase(handler=zhao.code, reason='接手'), by=zhao)
    case.refused(less, by=zhao)  # a manager, and its handler
    case.ok(less, by=qian)
    assert (case.row('severity'), case.row('priority')) == (ORDINARY, 2)


def test_who_was_its_handler_lowers_a_serious_complaint_no_more_than_who_is(desk):
    zhao, qian = desk.person('zhao', 'manager'), desk.person('qian', 'manager')
    case = desk.case(handler=zhao)
    case.ok(proto.SetSeverity(severity=proto.SeverityFacts(safety=SERIOUS), reason='受伤'), by=zhao)
    case.ok(propose(kind='apology'), by=zhao)
    case.ok(proto.AssignCase(handler=qian.code, reason='换人'), by=zhao)
    case.refused(proto.SetSeverity(severity=proto.SeverityFacts(), reason='误报'), by=zhao)


def test_links_and_a_cause_do_not_make_a_complaint_less_serious_for_its_handler(desk, li):
    batch = proto.Links(product=f'{desk.source}.rice', batch='B-1')
    cases = [desk.case(handler=li) for _ in range(3)]
    for case in cases:
        case.ok(proto.LinkCase(links=batch), by=li)
    third, other = cases[2], proto.Links(product=f'{desk.source}.rice', batch='B-2')
    assert third.row('severity') == SERIOUS
    third.ok(proto.LinkCase(links=other), by=li)
    assert (third.row('batch'), third.row('severity')) == ('B-2', SERIOUS)
    third.ok(proto.SetCause(handling=proto.CaseHandling(cause=desk.cause, fault=2)), by=li)
    assert third.row('severity') == SERIOUS
    zhao = desk.person('zhao', 'manager')
    third.ok(proto.LinkCase(links=other), by=zhao)
    assert third.row('severity') == ORDINARY


def test_a_high_amount_in_dispute_is_serious(desk, li):
    case = desk.case(handler=li)
    case.ok(proto.SetSeverity(severity=proto.SeverityFacts(
        amount_micros=10_000_000_000, currency='CNY'), reason='合同金额'), by=li)
    assert case.row('severity') == SERIOUS
    assert 'severity.currency' in case.refused(proto.SetSeverity(severity=proto.SeverityFacts(
        amount_micros=1, currency='XYZ'), reason='x'), by=li, status='INVALID_ARGUMENT').fields


def test_the_third_of_a_batch_is_serious(desk, li):
    batch = proto.Links(product=f'{desk.source}.tea', batch='B-9')
    cases = [desk.case(handler=li) for _ in range(3)]
    for case in cases:
        case.ok(proto.LinkCase(links=batch), by=li)
    assert [case.row('severity') for case in cases] == [ORDINARY, ORDINARY, SERIOUS]


# --- who leaves ---

def test_what_a_leaver_handled_goes_to_his_deputy_his_manager_or_nobody(desk):
    zhao = desk.person('zhao', 'manager')
    wang = desk.person('wang', 'complaint_handler')
    leaver = desk.person('leaver', 'complaint_handler', manager=zhao)
    mine, recused, closed = (desk.case(handler=leaver) for _ in range(3))
    closed.ok(proto.WithdrawCase(reason='撤回'), by=leaver)
    desk.stack.sql('insert into complaints.case_recusal (case_id, staff_id, hides_complainant, at)'
                   ' values (%s, %s, false, now())', recused.id, wang.id)
    desk.stack.sql('update complaints.staff_seen set is_active = false, deputy_id = %s'
                   ' where staff_id = %s', wang.id, leaver.id)
    until(lambda: (read(recused).handler, read(mine).handler) == (zhao.code, wang.code))
    assert read(closed).handler == leaver.code
    told = mine.told('CaseAssigned')[-1]
    assert (told.handler_id, told.from_handler_id) == (wang.id, leaver.id)
    entry = read(mine).history[0]
    assert (entry.act, entry.by, entry.detail) == ('assign', 'kehu', 'the handler has left')
    for who in (wang, zhao):
        desk.stack.sql('update complaints.staff_seen set is_active = false where staff_id = %s',
                       who.id)
    until(lambda: read(mine).handler == '' and read(recused).handler == '')


# --- the same ---

def test_a_case_is_merged_into_another_and_its_replies_go_there(desk, li):
    whose = desk.customer()
    one, other = desk.case(customer=whose, handler=li), desk.case(customer=whose, handler=li)
    one.ok(proto.MergeCases(into=other.number, reason='同一件事'), by=li)
    assert one.state == 'duplicate'
    assert read(one).duplicate_of == other.number
    assert read(one).history[0].detail == other.number
    assert other.acts()[-1] == 'take_in'
    assert {state for state, in desk.stack.sql(
        'select state from complaints.clock where case_id = %s and kind < 7', one.id)} == {3}
    reply = one.ok(proto.RecordReply(text='还有吗'))
    assert reply.number == other.number
    assert read(other).messages[0].text == '还有吗'


def test_what_a_case_is_not_merged_into(desk, li):
    one, stranger, gone = desk.case(handler=li), desk.case(handler=li), desk.case(handler=li)
    gone.ok(proto.WithdrawCase(reason='撤回'), by=li)
    for into, why in ((one.number, 'itself'), (stranger.number, "another customer's"),
                      (gone.number, 'ended'), ('TS-20200101-0001', 'no case')):
        refusal = one.refused(proto.MergeCases(into=into, reason='x'), by=li)
        assert why in refusal.fields['into'], refusal
    assert 'reason' in one.refused(proto.MergeCases(into=stranger.number), by=li,
                                   status='INVALID_ARGUMENT').fields


def test_cases_of_customers_who_were_merged_are_one_customers(desk, li):
    twin, survivor = desk.customer(), desk.customer()
    one, other = desk.case(customer=twin, handler=li), desk.case(customer=survivor, handler=li)
    merge = proto.MergeCases(into=other.number, reason='同一件事')
    assert "another customer's" in one.refused(merge, by=li).fields['into']
    desk.stack.sql('update complaints.customer_seen set survivor_id = %s, counts_as = %s'
                   ' where customer_id = %s', survivor, survivor, twin)
    one.ok(merge, by=li)
    assert one.state == 'duplicate'


def together(*asks):
    """All at once; their replies in the order given."""
    replies = [None] * len(asks)

    def run(i):
        replies[i] = asks[i]()
    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(asks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return replies


def test_two_merged_into_each_other_at_once_end_as_one(desk, house, li):
    whose = desk.customer()
    for _ in range(5):
        one = desk.case(customer=whose, anonymous=False, handler=li)
        other = desk.case(customer=whose, handler=li)
        with Desk_(house, desk.source) as a, Desk_(house, desk.source) as b:
            replies = together(
                lambda: Case(a, one.number, one.id).ask(
                    proto.MergeCases(into=other.number, reason='x'), by=li),
                lambda: Case(b, other.number, other.id).ask(
                    proto.MergeCases(into=one.number, reason='x'), by=li))
        assert sorted(r.status for r in replies) == ['FAILED_PRECONDITION', 'OK'], replies
        assert sorted((one.state, other.state)) == ['duplicate', 'investigating']


def test_two_who_take_a_case_at_once_both_have_taken_it_in_turn(desk, house, li):
    wang = desk.person('wang', 'complaint_handler')
    case = desk.case()
    with Desk_(house, desk.source) as a, Desk_(house, desk.source) as b:
        replies = together(
            lambda: Case(a, case.number, case.id).ask(proto.TakeCase(), by=li),
            lambda: Case(b, case.number, case.id).ask(proto.TakeCase(), by=wang))
    assert [r.status for r in replies] == ['OK', 'OK']
    assert sorted(r.payload.version for r in replies) == [2, 3]
    assert case.acts() == ['open', 'take', 'take']
    with Desk_(house, desk.source) as a, Desk_(house, desk.source) as b:
        replies = together(
            lambda: Case(a, case.number, case.id).ask(
                proto.TakeCase(expected_version=3), by=li),
            lambda: Case(b, case.number, case.id).ask(
                proto.TakeCase(expected_version=3), by=wang))
    assert sorted(r.status for r in replies) == ['FAILED_PRECONDITION', 'OK']


def again(ask):
    """As clients do with what lost against others too often."""
    while (reply := ask()).status == 'ABORTED':
        pass
    return reply


ACTS = (
    lambda who: proto.TakeCase(handler=who.code),
    lambda who: proto.AssignCase(handler=who.code, reason='换人'),
    lambda who: proto.StartInvestigation(),
    lambda who: proto.AddNote(text='备注'),
    lambda who: proto.LogCall(outcome='reached', text='说明', substantive=True),
    lambda who: proto.RecordReply(text='2'),
    lambda who: proto.SetSeverity(severity=proto.SeverityFacts(safety=random.choice((0, 2, 3, 4))),
                                  reason='核实'),
    lambda who: proto.AnswerCase(text='已核实', spoken=True),
    lambda who: proto.ConfirmCase(satisfied=random.random() < 0.5, note='电话'),
    lambda who: proto.SendCaseMessage(text='进展'),
)
BESIDE_THE_ROW = ('note',)


def test_whatever_many_do_at_once_the_history_is_one_chain(desk, house, li):
    people = [li, desk.person('wang', 'complaint_handler'), desk.person('qian', 'manager')]
    cases = [desk.case(fault=2) for _ in range(3)]
    done = {case.number: 0 for case in cases}
    refused = set()
    lock = threading.Lock()

    def work(seed):
        with Desk_(house, desk.source) as mine:
            for _ in range(40):
                case, who = random.choice(cases), random.choice(people)
                ask = random.choice(ACTS)(who)
                reply = again(lambda: Case(mine, case.number, case.id).ask(ask, by=who))
                refused.update({reply.status} - {'OK', 'FAILED_PRECONDITION'})
                if reply.status == 'OK' and not isinstance(ask, proto.AddNote):
                    with lock:
                        done[case.number] += 1
    together(*(lambda n=n: work(n) for n in range(5)))
    assert not refused
    for case in cases:
        entries = desk.stack.sql(
            'select act, from_state, to_state from complaints.case_entry where case_id = %s'
            ' order by id', case.id)
        state = 0
        for act, was, becomes in entries:
            assert was == state or act in BESIDE_THE_ROW, entries
            state = becomes if act not in BESIDE_THE_ROW else state
        assert state == case.row('state')
        assert case.row('version') == 1 + done[case.number]
        running = [kind for kind, in desk.stack.sql(
            'select kind from complaints.clock where case_id = %s and state = 1', case.id)]
        assert len(running) == len(set(running)), running
        moves = [(getattr(e, 'from'), e.to) for e in case.told('CaseMoved')]
        assert moves == [(was, becomes) for _, was, becomes in entries[1:] if was != becomes]


class Desk_(Desk):
    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

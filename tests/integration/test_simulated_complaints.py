"""The complaints of the simulated company: every step of the story is taken."""
from tests.support.cases import state_name


def test_the_story_is_told_to_its_end_and_leaves_cases_of_every_kind(new_stack):
    stack = new_stack(KEHU_INSTALLATION='demo')
    stack.kehuctl('simulate', '--customers', '20', '--orders', '60', '--seed', '1')
    told = stack.script('complaints.sh')
    assert told.returncode == 0, told.stdout
    assert 'kehuctl:' not in told.stdout, told.stdout

    graded = stack.sql('select grade from customers.grade_current')
    assert len(graded) > 0
    owners = stack.sql("select s.code from customers.ownership o join customers.staff s"
                       " on s.id = o.staff_id where o.to_at is null and o.role = 'owner'")
    assert len(owners) == len(graded) and {code for code, in owners} == {'he.yu', 'sun.li'}
    assert stack.kehuctl_json('owner', 'unassigned') == []
    best = stack.kehuctl_json('grade', 'list', '--top', 1)[0]['number']
    waits = stack.kehuctl_json('complaint', 'list', '--state', 'proposed')
    assert [case['customer_id'] for case in waits] == [
        stack.kehuctl_json('customer', 'show', best)['id']]

    states = [(state_name(state), kind) for state, kind in
              stack.sql('select state, kind from complaints.cases')]
    assert {kind for _, kind in states} == {1, 2, 3, 4, 5}
    assert {'received', 'acknowledged', 'investigating', 'proposed', 'confirmation_due',
            'closed'} <= {state for state, _ in states}
    assert stack.value('select count(*) from complaints.case_lesson') >= 2
    assert stack.value("select count(*) from complaints.case_entry where act = 'dispute'") == 1
    assert stack.value("select count(*) from complaints.case_entry where act like '%approve%'") == 1
    assert stack.value('select count(*) from complaints.cases where is_supervised') == 1
    assert stack.value('select count(*) from complaints.clock where kind = 1 and outcome = 2') == 0
    breached = stack.value('select count(*) from complaints.clock where outcome = 2')
    assert breached == stack.value("select count(*) from complaints.log"
                                   " where type = 'kehu.complaints.v1.ClockBreached'")

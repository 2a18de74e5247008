"""The virtual clock of test installations (DESIGN.md §7)."""
import psycopg2
import pytest

from tests.support import client, proto
from tests.support.stack import until

DAY_US = 86400 * 1_000_000


def ping_now(asker):
    return asker.insist(proto.Ping()).payload.now.ToDatetime(tzinfo=client.datetime.timezone.utc)


def test_a_moved_clock_holds_after_a_restart(new_stack):
    stack = new_stack()
    stack.sql("update installation set kind = 'test', clock_offset_us = %s", 100 * DAY_US,
              role='owner')
    before = stack.kill()
    until(lambda: stack.is_ready() and stack.pid() != before)
    with client.Client(stack) as asker:
        ahead = until(lambda: (ping_now(asker) - client.now()).total_seconds() > 99 * 86400 or None)
        assert ahead
        # Ninety days from now is the past here, and old news at that.
        at = client.now() + client.datetime.timedelta(days=90)
        outcome = asker.publish(client.placed('F-1', 'shop', at=client.timestamp(at)))
        assert outcome.outcomes == ['accepted'] and outcome.historic == [True]


def test_a_live_installation_has_no_other_clock(stack):
    with pytest.raises(psycopg2.errors.CheckViolation):
        stack.sql('update installation set clock_offset_us = 1', role='owner')
    with pytest.raises(psycopg2.errors.CheckViolation):
        stack.sql("update installation set kind = 'dream'", role='owner')


def test_the_service_itself_may_not_turn_a_live_installation_into_another(stack):
    for change in ("kind = 'test'", 'log_epoch = 2'):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            stack.sql(f'update installation set {change}', role='run')

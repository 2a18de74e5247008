"""A company of a few customers, for tests that sell, grade and move its clock as people would."""
import datetime
import zoneinfo

from tests.support import proto
from tests.support.client import placed
from tests.support.stack import until

RUNNING, FINISHED, FAILED = 1, 2, 3


def finished_run(client, run_id):
    """The run when it has ended, else None."""
    run = client.insist(proto.GetGradeRun(run_id=run_id)).payload
    return run if run.state != RUNNING else None


class Company:
    """A test installation with a few customers, spoken to as people would."""

    def __init__(self, stack, client):
        self.stack, self.client, self.number = stack, client, 0

    def order(self, customer, net, at, region='云南', **more):
        self.number += 1
        return placed(f'N{self.number}', self.client.source, customer=customer, region=region,
                      lines=[('tea', 1, net)], at=f'{at}T04:00:00Z' if isinstance(at, str) else at,
                      **more)

    def buys(self, customer, net, at, region='云南', **more):
        event = self.order(customer, net, at, region, **more)
        assert self.client.publish(event).outcomes == ['accepted']

    def sells(self, orders, at='2018-01-10'):
        """[(customer, net, region), …] in one batch."""
        events = [self.order(customer, net, at, region) for customer, net, region in orders]
        assert self.client.publish(*events).accepted == len(events)

    def grows(self, *regions):
        """(code, parent, is a grading region), …: the tree."""
        for code, parent, is_grading in regions:
            answer = self.client.ask(proto.SaveRegion(region=proto.Region(
                code=code, name=code, parent_code=parent, is_grading=is_grading)))
            assert answer.status == 'OK', answer

    def maps(self, **codes):
        """What the source's names for regions mean."""
        for name, code in codes.items():
            answer = self.client.ask(proto.MapRegion(
                source=self.client.source, name=name, region_code=code))
            assert answer.status == 'OK', answer

    def applies(self, kind, **document):
        """Another version of a policy."""
        present = self.client.ask(proto.GetPolicy(kind=kind)).payload.version
        made = proto.GradePolicy if kind == 'grade' else proto.ReviewPolicy
        answer = self.client.ask(proto.ApplyPolicy(expected_version=present, policy=proto.Policy(
            reason='test', **{kind: made(**document)})))
        assert answer.status == 'OK', answer

    def run(self, as_of, expect='OK', **asked):
        reply = self.client.ask(proto.RunGrades(as_of=as_of, **asked))
        assert reply.status == expect, reply
        if expect != 'OK':
            return reply
        return until(lambda: finished_run(self.client, reply.payload.run_id))

    def listed(self):
        """{customer: how lists show him}."""
        listed = self.client.ask(proto.ListGrades(page_size=1000)).payload.customers
        return {e.ref.split(':')[1]: e for e in listed}

    def grades(self):
        return {customer: e.grade for customer, e in self.listed().items()}

    def flags(self, customer):
        return set(self.listed()[customer].flags)

    def ref(self, customer):
        return f'{self.client.source}:{customer}'

    def why(self, customer, language='en'):
        reply = self.client.ask(proto.ExplainGrade(ref=self.ref(customer), language=language))
        assert reply.status == 'OK', reply
        return reply.payload

    def reasons(self, customer):
        """Latest first: (grade, reason)."""
        return [(h.grade, h.reason) for h in self.why(customer).history]

    def held(self):
        return {d.ref.split(':')[1]: (getattr(d, 'from'), d.to, d.decide_by)
                for d in self.client.ask(proto.ListHeldDemotions()).payload.demotions}

    def changes(self):
        """(customer id, from, to, reason) of every GradeChanged."""
        found = []
        for event in self.client.fetch_all(types=['kehu.customers.v1.GradeChanged'])[0]:
            change = proto.GradeChanged.FromString(event.proto_data.value)
            found.append((getattr(change, 'from'), change.to, change.reason))
        return found

    def today(self):
        now = self.client.ask(proto.Ping()).payload.now.ToDatetime(tzinfo=datetime.timezone.utc)
        return now.astimezone(zoneinfo.ZoneInfo('Asia/Shanghai')).date()

    def advance(self, days):
        self.client.advance(days * 86400)

    def has_no_monthly_runs(self):
        until(lambda: self.stack.sql("select 1 from timer where key = 'grade_run:monthly'"))
        self.stack.sql("update timer set due_at = '2099-01-01' where key = 'grade_run:monthly'")

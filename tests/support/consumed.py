"""What a service has consumed of another's log: the strict checker, and how far it is.

    trace = Trace(stack)           # before there is anything to read
    ...
    trace.check()                  # every version of every subject, once, in order, none left out
"""
from tests.support.stack import until


def _versions(stack, query):
    return dict(stack.sql(query))


def catches_up(stack, reader='complaints', log='customers', seconds=60):
    """Waits until all that the log says is applied, and nothing is parked."""
    until(lambda: is_level(stack, reader, log), seconds, 0.1)


def is_level(stack, reader, log):
    there = _versions(stack, f'select subject::text, version from {log}.subject_version')
    here = _versions(stack, 'select subject::text, version from '
                            f"{reader}.consumer_subject where log = '{log}'")
    return there == here and not stack.sql(f'select 1 from {reader}.consumer_parked')


class Trace:
    """Every step of every subject's version, noted by a trigger in the step's transaction."""

    def __init__(self, stack, reader='complaints', log='customers'):
        self.stack, self.reader, self.log = stack, reader, log
        stack.sql(f'''
            create table {reader}.consumed_trace (
                n bigserial, subject uuid, before bigint, after bigint);
            create function {reader}.trace_consumed() returns trigger language plpgsql
            security definer as $$ begin
                insert into {reader}.consumed_trace (subject, before, after) values
                    (new.subject, case when tg_op = 'INSERT' then 0 else old.version end,
                     new.version);
                return null;
            end $$;
            create trigger trace_consumed after insert or update on {reader}.consumer_subject
                for each row execute function {reader}.trace_consumed()''')

    def check(self):
        stands = {}
        for subject, before, after in self.stack.sql(
                'select subject::text, before, after from '
                f'{self.reader}.consumed_trace order by n'):
            assert before == stands.get(subject, 0), f'{subject}: from {before}, stood elsewhere'
            assert after > before, f'{subject}: from {before} to {after}'
            stands[subject] = after
        assert stands == _versions(
            self.stack, f'select subject::text, version from {self.log}.subject_version')
        return stands

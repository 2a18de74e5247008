"""What a service has consumed of another's log: the strict checker, and how far it is.

    trace = Trace(stack)           # before there is anything to read
    ...
    trace.check()                  # every version of every subject, once, in order, none left out

Where both services tell each other things, `both_level` waits until neither has anything to say.
"""
import time

# Rows that wait for a job, which may say something to the other service.
_MARKS = ('complaints.case_link_mark', 'complaints.customer_standing_mark',
          'complaints.case_weigh_mark', 'customers.number_mark')
_DIFFERENT = """from {log}.subject_version v full join (select subject, version
    from {reader}.consumer_subject where log = '{log}') c using (subject)
    where v.version is distinct from c.version"""
_BEHIND = "(exists (select " + _DIFFERENT + ") or exists (select from {reader}.consumer_parked))"
# What says why: some of the subjects, of what is parked, and who reads.
_WHY = {'subject, told, applied': 'select subject, v.version, c.version ' + _DIFFERENT + ' limit 3',
        'parked, why, tries, try at': 'select type, why, tries, try_at::text from'
                                      ' {reader}.consumer_parked order by try_at limit 3',
        'position, leased until, level at, now': 'select position, leased_until::text,'
                                                 ' caught_up_at::text, now()::text'
                                                 ' from {reader}.consumer',
        'oldest writer': 'select now() - min(xact_start) from pg_stat_activity'
                         ' where backend_xid is not null'}


def _behind(reader, log):
    return _BEHIND.format(reader=reader, log=log)


def _why_behind(stack, reader, log):
    return {name: stack.sql(sql.format(reader=reader, log=log)) for name, sql in _WHY.items()}


def _versions(stack, query):
    return dict(stack.sql(query))


def catches_up(stack, reader='complaints', log='customers', seconds=60):
    """Waits until all that the log says is applied, and nothing is parked."""
    end = time.monotonic() + seconds
    while not is_level(stack, reader, log):
        assert time.monotonic() < end, (f'{reader} behind {log}', _why_behind(stack, reader, log))
        time.sleep(0.05)


def is_level(stack, reader, log):
    return not stack.value(f'select {_behind(reader, log)}')


def both_level(stack, seconds=90):
    """Waits until each service has heard what the other said, and no job of either has more to
    say: all in one snapshot, since what one does may be news to the other."""
    pairs = (('complaints', 'customers'), ('customers', 'complaints'))
    waits = {**{f'{reader} behind {log}': _behind(reader, log) for reader, log in pairs},
             **{mark: f'exists (select from {mark})' for mark in _MARKS}}
    question = 'select ' + ', '.join(waits.values())
    end = time.monotonic() + seconds
    while any(waiting := stack.sql(question)[0]):
        assert time.monotonic() < end, (
            [name for name, is_so in zip(waits, waiting) if is_so],
            [_why_behind(stack, *pair) for pair, is_so in zip(pairs, waiting) if is_so])
        time.sleep(0.05)


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

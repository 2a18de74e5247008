/*
 * The consumer's tables: leases and positions, versions of subjects, parked events.
 */
#include <string.h>

#include "common/consume_internal.h"

enum {
    LEASE,
    RELEASE,
    FIND,
    SAVE,
    SUBJECTS,
    DUE,
    VERSION,
    PARK,
    PARK_AGAIN,
    UNPARK,
    WAKE,
    RESTART,
    KNOW,
};

const struct pg_statement consume_statements[] = {
    [LEASE] = {.name = "consume_lease",
               .sql = "insert into consumer as c (log, lease, leased_until, epoch)"
                      " values ($1, $2, now() + interval '10 s', 1) on conflict (log) do update"
                      " set lease = excluded.lease, leased_until = excluded.leased_until,"
                      " epoch = c.epoch + case when c.lease = excluded.lease then 0 else 1 end"
                      " where c.lease = excluded.lease or c.leased_until < now()",
               .params = {PG_TEXT, PG_TEXT},
               .write = true,
               .rank = 1},
    [RELEASE] = {.name = "consume_release",
                 .sql = "update consumer set lease = '', leased_until = '-infinity'"
                        " where lease = $1",
                 .params = {PG_TEXT},
                 .write = true,
                 .rank = 1},
    [FIND] = {.name = "consume_find",
              .sql = "select lease = $2 and leased_until > now(), epoch, position,"
                     " (select count(*) from (select from consumer_parked where log = $1"
                     " limit 10000) p),"
                     " (select min(parked_at) from consumer_parked where log = $1)"
                     " from consumer where log = $1",
              .params = {PG_TEXT, PG_TEXT}},
    /* Before all else of the unit: whoever has lost the lease shall not do its work first. */
    [SAVE] = {.name = "consume_save",
              .sql = "with held as (update consumer set position = $5,"
                     " leased_until = now() + interval '10 s',"
                     " caught_up_at = case when $6 then now() else caught_up_at end"
                     " where log = $1 and lease = $2 and epoch = $3 and position = $4 returning 1)"
                     " select stale_unless(exists(select from held))",
              .params = {PG_TEXT, PG_TEXT, PG_INT8, PG_TEXT, PG_TEXT, PG_BOOL},
              .write = true,
              .rank = 2},
    [SUBJECTS] = {.name = "consume_subjects",
                  .sql = "select q.subject, coalesce(s.version, 0), exists(select from"
                         " consumer_parked p where p.log = $1 and p.subject = q.subject"
                         " and p.version = coalesce(s.version, 0) + 1)"
                         " from (select distinct unnest($2) as subject) q"
                         " left join consumer_subject s on s.log = $1 and s.subject = q.subject",
                  .params = {PG_TEXT, PG_IDS}},
    /* By the index over try_at, in which those that wait for an earlier one stand at infinity; each
     * with a few of its followers. */
    [DUE] = {.name = "consume_due",
             .sql = "select * from (select p.* from (select h.subject from (select h.subject,"
                    " h.try_at from consumer_parked h left join consumer_subject s"
                    " on s.log = h.log and s.subject = h.subject where h.log = $1"
                    " and h.try_at <= $2 and h.version <= coalesce(s.version, 0) + 1"
                    " order by h.try_at limit $3) h group by h.subject order by min(h.try_at)) due"
                    " cross join lateral (select q.subject, q.version, q.id, q.type, q.at,"
                    " q.correlation_id, q.traceparent, q.data, q.tries from consumer_parked q"
                    " where q.log = $1 and q.subject = due.subject order by q.version limit 50) p"
                    " limit $3) t order by subject, version",
             .params = {PG_TEXT, PG_TIME, PG_INT8}},
    [VERSION] = {.name = "consume_version",
                 .sql = "with q as (select * from unnest($1, $2, $3, $4)"
                        " as t(log, subject, before, after)),"
                        " changed as (update consumer_subject s set version = q.after from q"
                        " where s.log = q.log and s.subject = q.subject and s.version = q.before"
                        " and q.before > 0 returning 1),"
                        " added as (insert into consumer_subject (log, subject, version)"
                        " select log, subject, after from q where before = 0 returning 1)"
                        " select stale_unless((select count(*) from changed) +"
                        " (select count(*) from added) = cardinality($1))",
                 .params = {PG_TEXTS, PG_IDS, PG_INT8S, PG_INT8S},
                 .write = true,
                 .merge = true,
                 .rank = 195},
    [PARK] = {.name = "consume_park",
              .sql =
                  "insert into consumer_parked (log, subject, version, id, type, at,"
                  " correlation_id, traceparent, data, parked_at, try_at, why)"
                  " select log, subject, version, id, type, at, correlation_id, traceparent, data,"
                  " parked_at, coalesce(try_at, 'infinity'), why from unnest($1, $2, $3, $4, $5,"
                  " $6, $7, $8, $9, $10, $11, $12) as q(log, subject, version, id, type, at,"
                  " correlation_id, traceparent, data, parked_at, try_at, why)"
                  " on conflict (log, subject, version) do nothing",
              .params = {PG_TEXTS, PG_IDS, PG_INT8S, PG_TEXTS, PG_TEXTS, PG_TIMES, PG_TEXTS,
                         PG_TEXTS, PG_BYTESES, PG_TIMES, PG_TIMES, PG_TEXTS},
              .write = true,
              .merge = true,
              .rank = 196},
    [PARK_AGAIN] = {.name = "consume_park_again",
                    .sql = "update consumer_parked p set tries = p.tries + 1, try_at = q.try_at,"
                           " why = q.why from unnest($1, $2, $3, $4, $5)"
                           " as q(log, subject, version, try_at, why)"
                           " where p.log = q.log and p.subject = q.subject"
                           " and p.version = q.version",
                    .params = {PG_TEXTS, PG_IDS, PG_INT8S, PG_TIMES, PG_TEXTS},
                    .write = true,
                    .merge = true,
                    .rank = 197},
    [UNPARK] = {.name = "consume_unpark",
                .sql = "delete from consumer_parked p using unnest($1, $2, $3)"
                       " as q(log, subject, version) where p.log = q.log"
                       " and p.subject = q.subject and p.version = q.version",
                .params = {PG_TEXTS, PG_IDS, PG_INT8S},
                .write = true,
                .merge = true,
                .rank = 198},
    /* After the version: what follows it in its subject waits for nothing any more. */
    [WAKE] = {.name = "consume_wake",
              .sql = "update consumer_parked p set try_at = q.try_at from unnest($1, $2, $3, $4)"
                     " as q(log, subject, version, try_at) where p.log = q.log"
                     " and p.subject = q.subject and p.version <= q.version + 1"
                     " and p.try_at = 'infinity'",
              .params = {PG_TEXTS, PG_IDS, PG_INT8S, PG_TIMES},
              .write = true,
              .merge = true,
              .rank = 199},
    [RESTART] = {.name = "consume_restart",
                 .sql = "with gone as (delete from consumer_parked where log = $1),"
                        " forgotten as (delete from consumer_subject where log = $1)"
                        " update consumer set position = $2 where log = $1",
                 .params = {PG_TEXT, PG_TEXT},
                 .write = true,
                 .rank = 3},
    [KNOW] = {.name = "consume_know",
              .sql = "insert into consumer_subject (log, subject, version)"
                     " select distinct on (log, subject) log, subject, version"
                     " from unnest($1, $2, $3) as q(log, subject, version)"
                     " order by log, subject, version desc"
                     " on conflict (log, subject) do update set version = excluded.version",
              .params = {PG_TEXTS, PG_IDS, PG_INT8S},
              .write = true,
              .merge = true,
              .rank = 195},
};
const size_t consume_statement_count = COUNT_OF(consume_statements);

void consume_lease(struct request *req, const char *log, const char *token)
{
    struct pg_args *args = flow_write(req, &consume_statements[LEASE]);

    pg_put_text(args, 0, log);
    pg_put_text(args, 1, token);
}

void consume_release(struct request *req, const char *token)
{
    pg_put_text(flow_write(req, &consume_statements[RELEASE]), 0, token);
}

static void fill_standing(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct consume_standing *standing = out;

    if (pg_row_count(rows) == 0)
        return;
    standing->is_ours = pg_get_bool(rows, 0, 0);
    standing->epoch = pg_get_int8(rows, 0, 1);
    standing->position = pg_copy_text(rows, 0, 2, arena);
    standing->parked = pg_get_int8(rows, 0, 3);
    standing->oldest_parked_us = pg_is_null(rows, 0, 4) ? 0 : pg_get_time(rows, 0, 4);
    standing->found = standing->position != NULL;
}

void consume_find(struct request *req, const char *log, const char *token,
                  struct consume_standing *out)
{
    struct pg_args *args = pg_args_new(req->arena, &consume_statements[FIND]);

    pg_put_text(args, 0, log);
    pg_put_text(args, 1, token);
    flow_ask(req, &consume_statements[FIND], args, fill_standing, out);
}

void consume_save(struct request *req, const struct consume_move *move)
{
    struct pg_args *args = flow_write(req, &consume_statements[SAVE]);

    pg_put_text(args, 0, move->log);
    pg_put_text(args, 1, move->token);
    pg_put_int8(args, 2, move->epoch);
    pg_put_text(args, 3, move->from);
    pg_put_text(args, 4, move->to);
    pg_put_bool(args, 5, move->is_caught_up);
}

struct pg_args *consume_ask_subjects(struct request *req, const char *log)
{
    struct pg_args *args = pg_args_new(req->arena, &consume_statements[SUBJECTS]);

    pg_put_text(args, 0, log);
    return args;
}

static void fill_subjects(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct consume_subjects *subjects = out;
    size_t count = (size_t)pg_row_count(rows);

    subjects->list = arena_take_array(arena, count, sizeof(*subjects->list));
    if (!subjects->list)
        return;
    for (size_t i = 0; i < count; i++)
        subjects->list[i] =
            (struct consume_subject){.subject = pg_get_id(rows, (int)i, 0),
                                     .version = pg_get_int8(rows, (int)i, 1),
                                     .has_parked_next = pg_get_bool(rows, (int)i, 2)};
    subjects->count = count;
}

void consume_find_subjects(struct request *req, struct pg_args *args, struct consume_subjects *out)
{
    flow_ask(req, &consume_statements[SUBJECTS], args, fill_subjects, out);
}

static void fill_due(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct consumed_set *set = out;
    size_t count = (size_t)pg_row_count(rows);

    set->is_parked = true;
    set->list = arena_take_array(arena, count, sizeof(*set->list));
    if (!set->list)
        return;
    for (size_t i = 0; i < count; i++) {
        int row = (int)i;
        struct text data = pg_keep_text(rows, row, 7, arena);

        set->list[i] = (struct consumed){.subject = pg_get_id(rows, row, 0),
                                         .version = pg_get_int8(rows, row, 1),
                                         .id = pg_copy_text(rows, row, 2, arena),
                                         .type = pg_copy_text(rows, row, 3, arena),
                                         .at_us = pg_get_time(rows, row, 4),
                                         .correlation_id = pg_copy_text(rows, row, 5, arena),
                                         .traceparent = pg_copy_text(rows, row, 6, arena),
                                         .data = (const uint8_t *)data.at,
                                         .data_bytes = data.bytes,
                                         .tries = (unsigned)pg_get_int4(rows, row, 8) + 1};
    }
    set->count = arena_is_full(arena) ? 0 : count;
}

void consume_list_due(struct request *req, const char *log, int64_t real_us, size_t max,
                      struct consumed_set *out)
{
    struct pg_args *args = pg_args_new(req->arena, &consume_statements[DUE]);

    pg_put_text(args, 0, log);
    pg_put_time(args, 1, real_us);
    pg_put_int8(args, 2, (int64_t)max);
    flow_ask(req, &consume_statements[DUE], args, fill_due, out);
}

void consume_save_version(struct request *req, const char *log, const struct id *subject,
                          int64_t from, int64_t to, int64_t real_us)
{
    struct pg_args *args = flow_write(req, &consume_statements[VERSION]);
    struct pg_args *woken = flow_write(req, &consume_statements[WAKE]);

    pg_put_text(args, 0, log);
    pg_put_id(args, 1, subject);
    pg_put_int8(args, 2, from);
    pg_put_int8(args, 3, to);
    pg_put_text(woken, 0, log);
    pg_put_id(woken, 1, subject);
    pg_put_int8(woken, 2, to);
    pg_put_time(woken, 3, real_us);
}

void consume_park(struct request *req, const char *log, const struct consumed *event,
                  int64_t real_us, int64_t try_at_us, const char *why)
{
    struct pg_args *args = flow_write(req, &consume_statements[PARK]);

    pg_put_text(args, 0, log);
    pg_put_id(args, 1, &event->subject);
    pg_put_int8(args, 2, event->version);
    pg_put_text(args, 3, event->id);
    pg_put_text(args, 4, event->type);
    pg_put_time(args, 5, event->at_us);
    pg_put_text(args, 6, event->correlation_id);
    pg_put_text(args, 7, event->traceparent);
    pg_put_bytes(args, 8, event->data, event->data_bytes);
    pg_put_time(args, 9, real_us);
    pg_put_time_or_null(args, 10, try_at_us);
    pg_put_text(args, 11, why);
}

void consume_park_again(struct request *req, const char *log, const struct consumed *event,
                        int64_t try_at_us, const char *why)
{
    struct pg_args *args = flow_write(req, &consume_statements[PARK_AGAIN]);

    pg_put_text(args, 0, log);
    pg_put_id(args, 1, &event->subject);
    pg_put_int8(args, 2, event->version);
    pg_put_time(args, 3, try_at_us);
    pg_put_text(args, 4, why);
}

void consume_unpark(struct request *req, const char *log, const struct consumed *event)
{
    struct pg_args *args = flow_write(req, &consume_statements[UNPARK]);

    pg_put_text(args, 0, log);
    pg_put_id(args, 1, &event->subject);
    pg_put_int8(args, 2, event->version);
}

void consume_restart(struct request *req, const char *log, const char *position)
{
    struct pg_args *args = flow_write(req, &consume_statements[RESTART]);

    pg_put_text(args, 0, log);
    pg_put_text(args, 1, position);
}

void consume_know(struct request *req, const char *log, const struct id *subject, int64_t version)
{
    struct pg_args *args = flow_write(req, &consume_statements[KNOW]);

    pg_put_text(args, 0, log);
    pg_put_id(args, 1, subject);
    pg_put_int8(args, 2, version);
}

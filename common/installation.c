#include "common/installation.h"

#include <string.h>

#include "common/logfmt.h"
#include "common/sweep.h"
#include "common/timers.h"

enum {
    FIND,
    SAVE,
    TELL,
};

const struct pg_statement installation_statements[] = {
    [FIND] = {.name = "installation_find", .sql = "select kind, clock_offset_us from installation"},
    [SAVE] = {.name = "installation_save_clock",
              .sql = "with moved as (update installation set clock_offset_us = $2"
                     " where clock_offset_us = $1 returning 1)"
                     " select stale_unless(exists (select from moved))",
              .params = {PG_INT8, PG_INT8},
              .write = true,
              .rank = 240},
    [TELL] = {.name = "installation_tell",
              .sql = "select pg_notify(current_schema() || '_clock', '')",
              .write = true,
              .merge = true,
              .rank = 241},
};
const size_t installation_statement_count = COUNT_OF(installation_statements);

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct installation *installation = out;
    struct text kind;

    (void)arena;
    if (pg_row_count(rows) == 0)
        return;
    kind = pg_get_text(rows, 0, 0);
    memcpy(installation->kind, kind.at, kind.bytes < 7 ? kind.bytes : 7);
    installation->clock_offset_us = pg_get_int8(rows, 0, 1);
}

void installation_find(struct request *req, struct installation *out)
{
    *out = (struct installation){0};
    flow_ask(req, &installation_statements[FIND], NULL, fill, out);
}

void installation_save_clock(struct request *req, const struct installation *before,
                             int64_t clock_offset_us)
{
    struct pg_args *args = flow_write(req, &installation_statements[SAVE]);

    pg_put_int8(args, 0, before->clock_offset_us);
    pg_put_int8(args, 1, clock_offset_us);
    flow_write(req, &installation_statements[TELL]);
}

void installation_set_clock(struct service *service, const struct installation *installation)
{
    int64_t ahead_us = loop_now_us(service->loop) - loop_real_us(service->loop);

    if (installation->clock_offset_us <= ahead_us)
        return;
    if (ahead_us == 0)
        logfmt_warning("virtual-clock", "installation", installation->kind, NULL);
    loop_set_clock_offset(service->loop, installation->clock_offset_us);
    timers_look(service->timers);
    sweeps_look(service->sweeps);
}

static enum flow set_clock(struct request *req)
{
    installation_set_clock(req->service, req->state);
    return flow_end(req);
}

enum flow installation_read(struct request *req)
{
    installation_find(req, request_state(req, sizeof(struct installation)));
    return flow_wait(req, set_clock);
}

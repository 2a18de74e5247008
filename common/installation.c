#include "common/installation.h"

#include <string.h>

#include "common/logfmt.h"
#include "common/service.h"

const struct pg_statement installation_statements[] = {
    {.name = "installation_find", .sql = "select kind, clock_offset_us from installation"},
};
const size_t installation_statement_count = COUNT_OF(installation_statements);

struct installation {
    char kind[8];
    int64_t clock_offset_us;
};

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

static enum flow set_clock(struct request *req)
{
    const struct installation *installation = req->state;

    loop_set_clock_offset(req->service->loop, installation->clock_offset_us);
    if (installation->clock_offset_us != 0)
        logfmt_warning("virtual-clock", "installation", installation->kind, NULL);
    return flow_end(req);
}

enum flow installation_read(struct request *req)
{
    struct installation *installation = request_state(req, sizeof(*installation));

    flow_ask(req, &installation_statements[0], NULL, fill, installation);
    return flow_wait(req, set_clock);
}

/*
 * kehu.customers.v1.ImportRows: some hundred rows, each answered for itself, one commit.
 *
 *   decode  → the receipt and the import
 *   look    → its lines that are written already, and those whom the rows are about
 *   relate  → what is known of them, whether the asker may see them, numbers for new ones
 *   load    → of people also how they are reached
 *   decide  → each row taken whole or rejected; all writes in one unit with the answer
 */
#include "services/customers/handlers/import_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/audit.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/imports.h"

static enum flow look(struct request *req);
static enum flow relate(struct request *req);
static enum flow load(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_import_rows(struct request *req)
{
    struct importing *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status =
        codec_get_import_rows(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return imports_refuse(req, status, &faults);
    if (r->ask.is_dry) {
        r->record.settings = r->ask.settings;
        return flow_go(req, look);
    }
    command_find(req, &r->seen);
    import_find(req, r->ask.number, &r->record);
    return flow_wait(req, look);
}

bool import_rows_is_open(const struct importing *r, size_t i)
{
    return r->rows[i].outcome == IMPORT_OUTCOME_OPEN;
}

static enum flow refuse_closed(struct request *req)
{
    return flow_refuse(req, FAILED_PRECONDITION,
                       "this import is finished: start another one for further rows");
}

static enum flow look(struct request *req)
{
    struct importing *r = req->state;
    struct codec_file_faults faults = {.count = 0};
    struct codec_file_asker asker = file_change_asker(req);
    enum flow end;

    if (!r->ask.is_dry && command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!r->ask.is_dry && !imports_admit(req, &r->record, &end))
        return end;
    if (!r->ask.is_dry && r->record.state != IMPORT_STATE_OPEN)
        return refuse_closed(req);
    enum status status =
        codec_read_import_rows(&r->ask, &r->record.settings, &asker, req->arena, &r->rows, &faults);

    if (status)
        return imports_refuse(req, status, &faults);
    r->matches = arena_take_array(req->arena, r->ask.count, sizeof(*r->matches));
    if (!r->matches)
        return flow_refuse_large(req);
    if (!r->ask.is_dry)
        import_list_written(req, r->ask.number, r->ask.lines, r->ask.count, &r->written);
    if (r->record.settings.kind == IMPORT_KIND_CUSTOMERS)
        import_customers_ask(req, r);
    else
        import_contacts_ask(req, r);
    return flow_wait(req, relate);
}

static int by_line(const void *a, const void *b)
{
    const struct import_row *one = a, *other = b;

    return (one->line > other->line) - (one->line < other->line);
}

/* What an earlier request said of a line stands, unless it was no. */
static void take_written(struct importing *r)
{
    for (size_t i = 0; i < r->written.count; i++) {
        const struct import_line *line = &r->written.list[i];
        struct import_row key = {.line = line->line};
        struct import_row *row = bsearch(&key, r->rows, r->ask.count, sizeof(key), by_line);

        if (!row)
            continue;
        struct import_match *match = &r->matches[row - r->rows];

        match->was_rejected = line->outcome == IMPORT_OUTCOME_REJECTED;
        match->is_written = !match->was_rejected;
        if (!match->is_written)
            continue;
        row->outcome = line->outcome;
        row->fault_count = 0;
        row->number = line->customer_number;
    }
}

static enum flow relate(struct request *req)
{
    struct importing *r = req->state;

    if (arena_is_full(req->arena))
        return flow_refuse_large(req);
    take_written(r);
    if (r->record.settings.kind == IMPORT_KIND_CUSTOMERS) {
        import_customers_relate(req, r);
        return flow_wait(req, decide);
    }
    import_contacts_relate(req, r);
    return flow_wait(req, load);
}

/* People are found by what hangs on them, which is one trip more. */
static enum flow load(struct request *req)
{
    if (arena_is_full(req->arena))
        return flow_refuse_large(req);
    import_contacts_load(req, req->state);
    return flow_wait(req, decide);
}

static struct import_figures count_rows(const struct importing *r)
{
    struct import_figures figures = {0};

    for (size_t i = 0; i < r->ask.count; i++) {
        enum import_outcome outcome = r->rows[i].outcome;

        if (r->matches[i].is_written)
            continue;
        figures.accepted += outcome == IMPORT_OUTCOME_ACCEPTED;
        figures.updated += outcome == IMPORT_OUTCOME_UPDATED;
        figures.unchanged += outcome == IMPORT_OUTCOME_UNCHANGED;
        figures.rejected += outcome == IMPORT_OUTCOME_REJECTED;
        figures.rejected -= r->matches[i].was_rejected;
    }
    return figures;
}

static void put_rejected(struct request *req, const struct importing *r)
{
    for (size_t i = 0; i < r->ask.count; i++) {
        const struct import_line line = {.line = r->rows[i].line,
                                         .outcome = IMPORT_OUTCOME_REJECTED};

        if (r->matches[i].was_rejected)
            import_drop_rejected(req, r->ask.number, line.line);
        if (r->rows[i].outcome == IMPORT_OUTCOME_REJECTED)
            import_add_line(req, r->ask.number, &line);
    }
}

static enum flow decide(struct request *req)
{
    struct importing *r = req->state;
    char number[IMPORT_NUMBER_BYTES], detail[120];

    if (arena_is_full(req->arena))
        return flow_refuse_large(req);
    if (r->record.settings.kind == IMPORT_KIND_CUSTOMERS)
        import_customers_decide(req, r);
    else
        import_contacts_decide(req, r);
    const ProtobufCMessage *answer = codec_rows_imported(r->rows, r->ask.count, req->arena);

    if (r->ask.is_dry || !answer)
        return flow_reply(req, answer);
    struct import_figures figures = count_rows(r);

    put_rejected(req, r);
    import_count(req, r->ask.number, &figures);
    import_number_print(CODEC_IMPORT_PREFIX, r->ask.number, number);
    snprintf(detail, sizeof(detail), "%" PRId64 " new, %" PRId64 " changed, %" PRId64 " rejected",
             figures.accepted, figures.updated, figures.rejected);
    audit_add(req,
              r->record.settings.kind == IMPORT_KIND_CUSTOMERS ? "import customers"
                                                               : "import contacts",
              number, detail);
    return command_commit(req, answer);
}

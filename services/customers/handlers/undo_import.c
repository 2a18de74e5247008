/*
 * kehu.customers.v1.UndoImport: an import taken back, some hundred rows at a time, from its last
 * line to its first.
 *
 *   decode  → the receipt and the import
 *   choose  → the next rows
 *   look    → how those stand whom they are about, and what was there before
 *   decide  → each goes, becomes what it was, or is kept with a reason; one commit
 */
#include "services/customers/handlers/undo_import.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/audit.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/imports.h"

static enum flow choose(struct request *req);
static enum flow look(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_undo_import(struct request *req)
{
    struct undoing *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_undo_import(req->payload, req->payload_bytes, req->arena,
                                               &r->number, &r->reason, &faults);

    if (status)
        return imports_refuse(req, status, &faults);
    command_find(req, &r->seen);
    import_find(req, r->number, &r->record);
    return flow_wait(req, choose);
}

static enum flow choose(struct request *req)
{
    struct undoing *r = req->state;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!imports_admit(req, &r->record, &end))
        return end;
    bool is_late = r->record.started_at_us < req->now_us - IMPORT_UNDO_DAYS * DAY_US;

    if (r->record.state != IMPORT_STATE_UNDONE && (r->record.is_forgotten || is_late))
        return flow_refuse(req, FAILED_PRECONDITION,
                           "an import can be undone for %d days after its start; what was there "
                           "before this one is forgotten",
                           IMPORT_UNDO_DAYS);
    import_undo_list(req, r->number, IMPORT_MAX_ROWS, &r->lines);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct undoing *r = req->state;
    int64_t *lines = arena_take_array(req->arena, r->lines.count, sizeof(*lines));

    r->restored = arena_take_array(req->arena, r->lines.count, sizeof(*r->restored));
    if (!lines || !r->restored)
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->lines.count; i++)
        lines[i] = r->lines.list[i].line;
    if (r->lines.count == 0)
        return flow_go(req, decide);
    import_undo_list_restored(req, &r->lines, r->restored);
    import_undo_list_before(req, r->number, lines, r->lines.count, &r->befores);
    if (r->record.settings.kind == IMPORT_KIND_CUSTOMERS)
        undo_import_ask_customers(req, r);
    else
        undo_import_ask_contacts(req, r);
    return flow_wait(req, decide);
}

void undo_import_mark(struct request *req, struct undoing *r, const struct import_line *line,
                      const char *undo, const char *kept_because)
{
    r->undone.removed += strcmp(undo, "removed") == 0;
    r->undone.restored += strcmp(undo, "restored") == 0;
    r->undone.kept += strcmp(undo, "kept") == 0;
    import_undo_mark(req, r->number, line->line, undo, kept_because);
}

static const ProtobufCMessage *answer(struct request *req, const struct undoing *r)
{
    const struct import_record *record = &r->record;
    int64_t removed = record->removed + r->undone.removed;
    int64_t restored = record->restored + r->undone.restored;
    int64_t kept = record->kept + r->undone.kept;
    int64_t remaining = record->accepted + record->updated - removed - restored - kept;

    if (record->state != IMPORT_STATE_UNDONE && !r->undone.is_last && remaining <= 0)
        remaining = 1; /* a batch that was on its way may have come in between */
    return codec_import_undone(r->number, remaining, removed, restored, kept, req->arena);
}

static enum flow decide(struct request *req)
{
    struct undoing *r = req->state;
    char number[IMPORT_NUMBER_BYTES], detail[120];

    if (arena_is_full(req->arena))
        return flow_refuse_large(req);
    if (r->record.state == IMPORT_STATE_UNDONE)
        return command_commit(req, answer(req, r));
    if (r->record.settings.kind == IMPORT_KIND_CONTACTS && r->lines.count > 0)
        contact_settle(&r->contacts);
    for (size_t i = 0; i < r->lines.count; i++) {
        r->lines.list[i].version += 2 * r->restored[i];
        if (r->record.settings.kind == IMPORT_KIND_CUSTOMERS)
            undo_import_customer(req, r, &r->lines.list[i]);
        else
            undo_import_contact(req, r, &r->lines.list[i]);
    }
    /* From this commit on an open one takes no rows any more; only then can the last be known. */
    r->undone.is_last = r->lines.count < IMPORT_MAX_ROWS && r->record.state != IMPORT_STATE_OPEN;
    import_undo_count(req, r->number, &r->undone, file_change_by(req), r->reason);
    import_number_print(CODEC_IMPORT_PREFIX, r->number, number);
    snprintf(detail, sizeof(detail), "%" PRId64 " removed, %" PRId64 " as before, %" PRId64 " kept",
             r->undone.removed, r->undone.restored, r->undone.kept);
    audit_add(req, "undo import", number, detail);
    return command_commit(req, answer(req, r));
}

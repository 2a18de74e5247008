/*
 * kehu.customers.v1.DescribeImport, StartImport, FinishImport, GetImport, ListImports and
 * ListImportRows: an import but for its rows.
 */
#include "services/customers/handlers/imports.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/service.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/import.h"

enum flow imports_refuse(struct request *req, enum status status,
                         const struct codec_file_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        flow_violation(req, faults->list[i].field, "%s", faults->list[i].why);
    if (status == RESOURCE_EXHAUSTED)
        return flow_refuse_large(req);
    return flow_refuse(req, status, "the question is not right");
}

bool imports_admit(struct request *req, const struct import_record *record, enum flow *end)
{
    const char *by = file_change_by(req);

    if (!record->found) {
        *end = flow_refuse(req, NOT_FOUND, "there is no import of this number");
        return false;
    }
    if (!scope_of(req)->is_staff ||
        (record->by.bytes == strlen(by) && memcmp(record->by.at, by, record->by.bytes) == 0))
        return true;
    *end = flow_refuse(req, PERMISSION_DENIED,
                       "this import is %.*s's: he, or a key as itself, goes on with it, reads its "
                       "rows and takes it back",
                       (int)record->by.bytes, record->by.at);
    return false;
}

enum flow handle_describe_import(struct request *req)
{
    struct codec_file_faults faults = {.count = 0};
    enum import_kind kind;
    struct text *names;
    size_t count;
    enum status status = codec_get_describe_import(req->payload, req->payload_bytes, req->arena,
                                                   &kind, &names, &count, &faults);

    if (status)
        return imports_refuse(req, status, &faults);
    return flow_reply(req, codec_import_description(kind, names, count,
                                                    file_change_asker(req).today, req->arena));
}

/* --- start --- */

struct starting {
    struct import_record asked, open;
    struct command_receipt seen;
    int64_t number;
};

static enum flow start(struct request *req);

enum flow handle_start_import(struct request *req)
{
    struct starting *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status =
        codec_get_start_import(req->payload, req->payload_bytes, req->arena, &r->asked, &faults);

    if (status)
        return imports_refuse(req, status, &faults);
    command_find(req, &r->seen);
    import_find_open(req, &r->asked.settings, r->asked.file_hash, file_change_by(req), &r->open);
    import_take_number(req, &r->number);
    return flow_wait(req, start);
}

static enum flow start(struct request *req)
{
    struct starting *r = req->state;
    char number[IMPORT_NUMBER_BYTES];

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (r->open.found)
        return command_commit(req, codec_import_started(r->open.number, true,
                                                        r->open.accepted + r->open.updated +
                                                            r->open.unchanged + r->open.rejected,
                                                        req->arena));
    r->asked.number = r->number;
    import_add(req, &r->asked, file_change_by(req));
    import_number_print(CODEC_IMPORT_PREFIX, r->number, number);
    audit_add(req, "start import", number, import_kind_name(r->asked.settings.kind));
    return command_commit(req, codec_import_started(r->number, false, 0, req->arena));
}

/* --- finish --- */

struct finishing {
    struct codec_import_finish ask;
    struct command_receipt seen;
    struct import_record record;
};

static enum flow finish(struct request *req);

enum flow handle_finish_import(struct request *req)
{
    struct finishing *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status =
        codec_get_finish_import(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return imports_refuse(req, status, &faults);
    command_find(req, &r->seen);
    import_find(req, r->ask.number, &r->record);
    return flow_wait(req, finish);
}

static enum flow finish(struct request *req)
{
    struct finishing *r = req->state;
    const struct zone *zone = &req->service->zone;
    char number[IMPORT_NUMBER_BYTES];
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!imports_admit(req, &r->record, &end))
        return end;
    if (r->record.state == IMPORT_STATE_OPEN) {
        import_finish(req, r->ask.number, r->ask.lines, r->ask.broken_lines);
        import_number_print(CODEC_IMPORT_PREFIX, r->ask.number, number);
        audit_add(req, "finish import", number, "");
        r->record.state = IMPORT_STATE_FINISHED;
        r->record.finished_at_us = req->now_us;
        r->record.lines = r->ask.lines;
        r->record.broken_lines = r->ask.broken_lines;
    }
    struct import_record kept = r->record;

    kept.file_name = TEXT_OF(""); /* it may be a person's */
    return command_commit_private(req, codec_import(&r->record, zone, req->arena),
                                  codec_import(&kept, zone, req->arena));
}

/* --- questions --- */

struct asking {
    int64_t number;
    struct import_record record;
    struct codec_import_list list;
    struct import_records found;
    struct codec_import_line_list lines;
    struct import_lines rows;
};

static enum flow answer_import(struct request *req)
{
    const struct asking *r = req->state;

    if (!r->record.found)
        return flow_refuse(req, NOT_FOUND, "there is no import of this number");
    return flow_reply(req, codec_import(&r->record, &req->service->zone, req->arena));
}

enum flow handle_get_import(struct request *req)
{
    struct asking *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status =
        codec_get_get_import(req->payload, req->payload_bytes, req->arena, &r->number, &faults);

    if (status)
        return imports_refuse(req, status, &faults);
    import_find(req, r->number, &r->record);
    return flow_wait(req, answer_import);
}

static enum flow answer_imports(struct request *req)
{
    struct asking *r = req->state;
    char next[IMPORT_NUMBER_BYTES] = "";

    if (r->found.count > r->list.page_size) {
        r->found.count = r->list.page_size;
        import_number_print(CODEC_IMPORT_PREFIX, r->found.list[r->found.count - 1].number, next);
    }
    return flow_reply(req, codec_import_list(r->found.list, r->found.count, next,
                                             &req->service->zone, req->arena));
}

enum flow handle_list_imports(struct request *req)
{
    struct asking *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status =
        codec_get_list_imports(req->payload, req->payload_bytes, req->arena, &r->list, &faults);

    if (status)
        return imports_refuse(req, status, &faults);
    import_list(req, r->list.kind, r->list.before, r->list.page_size + 1, &r->found);
    return flow_wait(req, answer_imports);
}

static enum flow answer_rows(struct request *req)
{
    struct asking *r = req->state;
    char next[24] = "";
    enum flow end;

    if (!imports_admit(req, &r->record, &end))
        return end;
    if (r->rows.count > r->lines.page_size) {
        r->rows.count = r->lines.page_size;
        snprintf(next, sizeof(next), "%" PRId64, r->rows.list[r->rows.count - 1].line);
    }
    return flow_reply(req, codec_import_row_list(r->rows.list, r->rows.count, next, req->arena));
}

enum flow handle_list_import_rows(struct request *req)
{
    struct asking *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_list_import_rows(req->payload, req->payload_bytes, req->arena,
                                                    &r->lines, &faults);

    if (status)
        return imports_refuse(req, status, &faults);
    import_find(req, r->lines.number, &r->record);
    import_list_lines(req, r->lines.number, r->lines.outcomes, r->lines.only_kept, r->lines.after,
                      r->lines.page_size + 1, &r->rows);
    return flow_wait(req, answer_rows);
}

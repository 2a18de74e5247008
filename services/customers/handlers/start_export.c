/*
 * kehu.customers.v1.StartExport: how many rows there are, and whether the asker's day has room for
 * them. They are taken from his day before the first one leaves.
 *
 *   decode → whoever starts several at once waits for his own
 *   ask    → the receipt, the parent, the policy, what the day has seen
 *   count  → rows, at most one more than are left
 *   decide → refused and audited; or the export, its rows of the day and the audit, one commit
 */
#include <inttypes.h>
#include <stdio.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/pure/day.h"
#include "common/service.h"
#include "services/customers/codec/codec_ask.h"
#include "services/customers/codec/codec_export.h"
#include "services/customers/codec/codec_policy.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/imports.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/export.h"
#include "services/customers/store/file.h"

struct starting {
    struct codec_export_start ask;
    struct command_receipt seen;
    struct file_row parent;
    struct policy_rows policies;
    int64_t used, left, number;
    struct export_counted counted;
};

static enum flow ask(struct request *req);
static enum flow count(struct request *req);
static enum flow decide(struct request *req);
static enum flow refuse_quota(struct request *req);

static int32_t today_of(const struct request *req)
{
    return zone_day(&req->service->zone, req->now_us);
}

enum flow handle_start_export(struct request *req)
{
    struct starting *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    uint64_t hash;
    enum status status =
        codec_get_start_export(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return imports_refuse(req, status, &faults);
    if (r->ask.record.is_unmasked && !scope_may(req, ACT_READ))
        return flow_refuse(req, PERMISSION_DENIED, "your roles do not allow to unmask");
    hash = flow_subject_hash("exports", codec_ask_text(file_change_by(req)), TEXT_OF(""));
    return flow_hold(req, &hash, 1, ask);
}

static enum flow ask(struct request *req)
{
    struct starting *r = req->state;

    command_find(req, &r->seen);
    if (r->ask.record.filter.has_parent)
        file_find(req, &r->ask.parent, &r->parent);
    policy_list(req, codec_policy_kind_name(CODEC_POLICY_EXPORTS), &r->policies);
    export_find_used(req, file_change_by(req), today_of(req), &r->used);
    return flow_wait(req, count);
}

static enum flow count(struct request *req)
{
    struct starting *r = req->state;
    const struct scope *scope = scope_of(req);
    struct codec_policy policy;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (r->ask.record.filter.has_parent && !r->parent.found) {
        flow_violation(req, "parent_ref", "leads to no customer");
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    }
    if (codec_policy_find(&r->policies, CODEC_POLICY_EXPORTS, 0, req->arena, &policy) != OK)
        return flow_refuse(req, INTERNAL, "the policy of exports cannot be read");
    r->ask.record.filter.parent = r->parent.id;
    r->left = export_left(&policy.exports, scope->is_staff, scope->roles, r->used);
    export_count(req, &r->ask.record.filter, r->left + 1, &r->counted);
    export_take_number(req, &r->number);
    return flow_wait(req, decide);
}

/* Midnight of the business zone. */
static int64_t free_at(const struct request *req)
{
    struct day_date date = day_split(today_of(req) + 1);
    struct civil local = {.year = date.year, .month = (int8_t)date.month, .day = (int8_t)date.day};

    return zone_moment(&req->service->zone, &local);
}

static enum flow decide(struct request *req)
{
    struct starting *r = req->state;
    struct export_record *record = &r->ask.record;
    char number[IMPORT_NUMBER_BYTES], detail[120];

    if (r->counted.rows > r->left) {
        snprintf(detail, sizeof(detail), "quota: %" PRId64 " of the day used, %" PRId64 " left",
                 r->used, r->left);
        audit_add(req, "export refused", export_kind_name(record->filter.kind), detail);
        return flow_commit(req, refuse_quota);
    }
    record->number = r->number;
    record->rows = r->counted.rows;
    record->last_number = r->counted.last_number;
    export_add(req, record, file_change_by(req));
    if (record->rows > 0)
        export_use(req, file_change_by(req), today_of(req), record->rows, r->used);
    import_number_print(CODEC_EXPORT_PREFIX, r->number, number);
    snprintf(detail, sizeof(detail), "%s, %" PRId64 " rows%s",
             export_kind_name(record->filter.kind), record->rows,
             record->is_unmasked ? ", unmasked" : "");
    audit_add(req, "start export", number, detail);
    return command_commit(req,
                          codec_export_started(record->filter.kind, r->number, record->rows,
                                               r->left - record->rows, free_at(req), req->arena));
}

static enum flow refuse_quota(struct request *req)
{
    const struct starting *r = req->state;
    char day[DAY_TEXT_BYTES];

    day_print(today_of(req) + 1, day);
    return flow_refuse(req, FAILED_PRECONDITION,
                       "this is more than your day has left: %" PRId64 " rows of %" PRId64
                       " (policy exports); there are %" PRId64 " again from %s 00:00 on. Narrower "
                       "filters make fewer rows",
                       r->left, r->used + r->left, r->used + r->left, day);
}

/*
 * kehu.customers.v1.GetCustomerFile: find it, then all its parts in one trip. It shows personal
 * data, so the reading is audited.
 */
#include "common/audit.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/case_seen.h"
#include "services/customers/store/customer.h"

struct reading {
    struct customer_question question;
    struct file_row row;
    struct customer_file references; /* only these */
    struct major_changes major_changes;
    struct file_purchases purchases;
    struct customer_cases cases;
    struct scope_sight sight;
    bool is_unmasked;
};

static enum flow ask_parts(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_get_customer_file(struct request *req)
{
    struct reading *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_get_customer_file(req->payload, req->payload_bytes, req->arena,
                                                     &r->question, &r->is_unmasked, &faults);

    if (status != OK)
        return file_change_refuse(req, status, &faults);
    file_find(req, &r->question, &r->row);
    return flow_wait(req, ask_parts);
}

static enum flow ask_parts(struct request *req)
{
    struct reading *r = req->state;
    int32_t today = zone_day(&req->service->zone, req->now_us);

    if (!r->row.found)
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    r->row.state.facts.list =
        arena_take_array(req->arena, FIELDS_MAX, sizeof(*r->row.state.facts.list));
    if (!r->row.state.facts.list)
        return flow_reply(req, NULL);
    scope_look(req, &r->row.id, &r->sight);
    file_list_facts(req, &r->row.id, &r->row.state.facts);
    customer_list_references(req, &r->row.id, &r->references);
    file_list_major_changes(req, &r->row.id, &r->major_changes);
    case_seen_find(req, &r->row.id, &r->cases);
    file_find_purchases(req, &r->row.id, today, req->service->currency, &r->purchases);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct reading *r = req->state;
    char id[UUID_TEXT_BYTES];
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    if (r->row.state.party == FILE_PARTY_NONE)
        return flow_go(req, answer);
    uuid_print(&r->row.id, id);
    audit_add(req, "read customer", id, r->is_unmasked ? "file, unmasked" : "file");
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct reading *r = req->state;
    struct fields_score score = file_score(&r->row.state);
    const struct codec_file_view view = {
        .row = &r->row,
        .references = &r->references,
        .major_changes = &r->major_changes,
        .purchases = &r->purchases,
        .cases = &r->cases,
        .score = &score,
        .is_unmasked = r->is_unmasked,
    };

    return flow_reply(req, codec_customer_file(&view, req->arena));
}

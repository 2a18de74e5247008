/*
 * kehu.customers.v1.UpdateCustomer: what is known now and was not, guarded by the version of the
 * file that was read: of two at once the second begins again and finds another version.
 *
 *   decode  → the receipt, the file, the parent, the region and the owners of the references
 *   place   → its facts, everything above the new parent, how deep it is itself
 *   decide  → row, facts, references, major changes, search row, events, one commit
 */
#include <inttypes.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/pure/uuid.h"
#include "services/customers/domain/order.h"
#include "services/customers/domain/review.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/handlers/reviews.h"

struct updating {
    struct codec_file_ask ask;
    struct command_receipt seen;
    struct file_row row;
    struct file_change_found found;
    struct scope_sight sight, parent_sight;
    struct policy_rows reviews;
    size_t height;
    struct file_state after;
    struct fields_score score;
    const char *changed[FILE_MAX_CHANGED + 1];
    size_t changed_count;
};

static enum flow place(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_update_customer(struct request *req)
{
    struct updating *r = request_state(req, sizeof(*r));
    struct codec_file_asker asker = file_change_asker(req);
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_update_customer(req->payload, req->payload_bytes, &asker,
                                                   req->arena, &r->ask, &faults);

    if (status != OK)
        return file_change_refuse(req, status, &faults);
    command_find(req, &r->seen);
    file_find(req, &r->ask.ref, &r->row);
    file_change_ask(req, &r->ask, &r->found);
    return flow_wait(req, place);
}

static enum flow place(struct request *req)
{
    struct updating *r = req->state;
    enum flow end;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!r->row.found)
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    if (r->row.state.party == FILE_PARTY_NONE)
        return flow_refuse(req, FAILED_PRECONDITION,
                           "this stands for a region's sales without a customer; it has no file");
    if (!file_change_check(req, &r->ask, &r->found, &r->row.id, &end))
        return end;
    r->row.state.facts.list =
        arena_take_array(req->arena, FIELDS_MAX, sizeof(*r->row.state.facts.list));
    r->after.facts.list = arena_take_array(req->arena, FIELDS_MAX, sizeof(*r->after.facts.list));
    if (!r->row.state.facts.list || !r->after.facts.list)
        return flow_reply(req, NULL);
    scope_look(req, &r->row.id, &r->sight);
    file_list_facts(req, &r->row.id, &r->row.state.facts);
    if (r->ask.is_reviewed)
        reviews_ask(req, &r->reviews);
    if (r->ask.change.has_parent) {
        scope_look(req, &r->found.parent.id, &r->parent_sight);
        file_list_above(req, &r->found.parent.id, &r->found.above);
        file_find_height(req, &r->row.id, &r->height);
    }
    return flow_wait(req, decide);
}

/* A fact of the other nature: told now, or known from before the nature changed. */
static enum flow refuse_misfit(struct request *req, const struct updating *r,
                               const struct field *field)
{
    const struct facts *told = &r->ask.change.facts;

    for (size_t i = 0; i < told->count; i++)
        if (told->list[i].field == field && told->list[i].value.bytes > 0) {
            flow_violation(req, arena_print(req->arena, "facts[%zu].field", i),
                           "is not for a party of nature %s", file_nature_name(r->after.nature));
            return flow_refuse(req, INVALID_ARGUMENT, "a fact does not fit the file's nature");
        }
    flow_violation(req, "nature", "does not fit the fact %s: remove it with the change",
                   field->name);
    return flow_refuse(req, INVALID_ARGUMENT, "a known fact does not fit the new nature");
}

static int32_t due_after(struct request *req, const struct updating *r, int32_t today)
{
    const struct grade_review_policy policy = reviews_policy(req, &r->reviews);

    return review_due(today, r->row.grade, &policy);
}

static void save(struct request *req, const struct updating *r)
{
    const struct fact *name = file_find_fact(&r->ask.change.facts, fields_find(TEXT_OF("name")));
    int32_t today = file_change_asker(req).today;
    const struct file_saving saving = {
        .id = r->row.id,
        .file_version = r->row.file_version,
        .state = &r->after,
        .name = name,
        .score = &r->score,
        .reviewed_on = r->ask.is_reviewed ? today : r->row.reviewed_on,
        .review_due = r->ask.is_reviewed ? due_after(req, r, today) : r->row.review_due,
    };
    char id[UUID_TEXT_BYTES];

    uuid_print(&r->row.id, id);
    file_save(req, &saving);
    file_guard_chain(req, &r->found.above);
    file_change_put_parts(req, &r->row.id, &r->ask, &r->row, &r->after);
    audit_add(req, "update customer", id, "file");
}

/* False: no memory. */
static bool tell(struct request *req, const struct updating *r)
{
    const struct major_changes *major = &r->ask.major_changes;

    if (r->changed_count > 0 &&
        !file_change_tell(req, &r->row.id,
                          codec_customer_changed(&r->row.id, r->changed, r->changed_count,
                                                 r->row.file_version + 1, req->arena)))
        return false;
    for (size_t i = 0; i < major->count; i++) {
        bool is_historic = major->list[i].happened_on <
                           file_change_asker(req).today - ORDER_HISTORIC_AFTER_US / DAY_US;

        file_add_major_change(req, &r->row.id, &major->list[i], file_change_by(req));
        if (!file_change_tell(
                req, &r->row.id,
                codec_customer_major_change(&r->row.id, &major->list[i], is_historic, req->arena)))
            return false;
    }
    return true;
}

/* False: *end. */
static bool may_change(struct request *req, struct updating *r, enum flow *end)
{
    if (!scope_admits(req, &r->sight, end))
        return false;
    if (r->row.is_erased) {
        *end =
            flow_refuse(req, FAILED_PRECONDITION,
                        "the customer was erased or is restricted: nothing is added to the file");
        return false;
    }
    if (r->ask.expected_version && r->ask.expected_version != (uint64_t)r->row.file_version) {
        *end = flow_refuse(req, FAILED_PRECONDITION,
                           "the file is at version %" PRId64 ", not %" PRIu64
                           ": read it again, then change it",
                           r->row.file_version, r->ask.expected_version);
        return false;
    }
    if (!r->ask.change.has_parent)
        return true;
    return scope_admits(req, &r->parent_sight, end) &&
           file_change_check_hanging(req, &r->row.id, &r->found, r->height, end);
}

static enum flow decide(struct request *req)
{
    struct updating *r = req->state;
    const struct field *misfit;
    bool is_different;
    enum flow end;

    if (!may_change(req, r, &end))
        return end;
    r->ask.change.parent = r->found.parent.id;
    r->changed_count = file_apply(&r->row.state, &r->ask.change, &r->after, r->changed);
    if (r->ask.is_reviewed)
        r->changed[r->changed_count++] = "reviewed";
    misfit = file_find_misfit(&r->after);
    if (misfit)
        return refuse_misfit(req, r, misfit);
    r->score = file_score(&r->after);
    is_different = r->changed_count > 0 || r->ask.major_changes.count > 0;
    if (is_different)
        save(req, r);
    if (!tell(req, r))
        return flow_reply(req, NULL);
    return command_commit(req, codec_customer_file_reply(&r->row.id, r->row.number,
                                                         r->row.file_version + is_different,
                                                         &r->score, req->arena));
}

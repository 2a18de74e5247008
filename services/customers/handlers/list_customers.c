/*
 * kehu.customers.v1.ListCustomers: files by filters, page by page. It shows names, so each page is
 * audited.
 */
#include <stdio.h>
#include <string.h>

#include "common/audit.h"
#include "common/service.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/staff.h"

struct listing {
    struct file_list_question question;
    struct file_row parent;
    struct scope_sight parent_sight;
    struct staff_found owner;
    struct file_summaries found;
    bool has_next;
};

static enum flow look_at_owner(struct request *req);
static enum flow look_at_parent(struct request *req);
static enum flow ask(struct request *req);
static enum flow ask_rest(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

static bool is_word(struct text text, const char *word)
{
    return text.bytes == strlen(word) && memcmp(text.at, word, text.bytes) == 0;
}

/* A code or an id. */
static bool names_somebody(struct text owner)
{
    return owner.bytes > 0 && !is_word(owner, "me") && !is_word(owner, "none");
}

enum flow handle_list_customers(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_file_faults faults = {.count = 0};
    enum status status = codec_get_list_customers(req->payload, req->payload_bytes, req->arena,
                                                  &r->question, &faults);

    if (status != OK)
        return file_change_refuse(req, status, &faults);
    if (r->question.has_parent)
        file_find(req, &r->question.parent, &r->parent);
    if (names_somebody(r->question.owner))
        staff_find(req, r->question.owner, &r->owner);
    return flow_wait(req, look_at_owner);
}

/* "me" of a person's own request; whom nobody owns has zeroes for an owner. */
static enum flow look_at_owner(struct request *req)
{
    struct listing *r = req->state;
    struct text owner = r->question.owner;

    r->question.has_owner_id = owner.bytes > 0;
    if (is_word(owner, "me") && !scope_of(req)->is_staff) {
        flow_violation(req, "owner", "\"me\" is a person's: a key as itself owns no customers");
        return flow_refuse(req, INVALID_ARGUMENT, "the customers cannot be listed as asked");
    }
    if (is_word(owner, "me"))
        r->question.owner_id = scope_of(req)->staff;
    if (names_somebody(owner) && !r->owner.found) {
        flow_violation(req, "owner",
                       "is nobody of the staff directory: give a code, an id, me or "
                       "none");
        return flow_refuse(req, NOT_FOUND, "nobody of the staff has this code");
    }
    if (names_somebody(owner))
        r->question.owner_id = r->owner.staff.id;
    return flow_go(req, r->question.has_parent ? look_at_parent : ask);
}

static enum flow look_at_parent(struct request *req)
{
    struct listing *r = req->state;

    if (!r->parent.found) {
        flow_violation(req, "parent_ref", "leads to no customer");
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    }
    scope_look(req, &r->parent.id, &r->parent_sight);
    return flow_wait(req, ask);
}

static enum flow ask(struct request *req)
{
    struct listing *r = req->state;
    int32_t today = zone_day(&req->service->zone, req->now_us);
    enum flow end;

    if (r->question.has_parent && !scope_admits(req, &r->parent_sight, &end))
        return end;
    r->question.parent_id = r->parent.id;
    file_list(req, &r->question, today, &r->found);
    return flow_wait(req, ask_rest);
}

static enum flow ask_rest(struct request *req)
{
    struct listing *r = req->state;

    if (file_list_is_done(req, &r->question, &r->found))
        return flow_go(req, audit);
    file_list_rest(req, &r->question, zone_day(&req->service->zone, req->now_us), &r->found);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct listing *r = req->state;
    char detail[40];

    r->has_next = r->found.count > r->question.page_size;
    if (r->has_next)
        r->found.count = r->question.page_size;
    if (r->found.count == 0)
        return flow_go(req, answer);
    snprintf(detail, sizeof(detail), "%zu names", r->found.count);
    audit_add(req, "list customers", "", detail);
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;
    char next[CUSTOMER_REF_NUMBER_BYTES] = "";

    if (r->has_next)
        customer_ref_print_number(r->found.list[r->found.count - 1].number, next);
    return flow_reply(req, codec_customer_list(r->found.list, r->found.count, next, req->arena));
}

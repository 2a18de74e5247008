/* kehu.customers.v1.DismissDuplicate: two who are not one, never suggested again. */
#include <string.h>

#include "common/audit.h"
#include "common/command.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/merges.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/duplicate.h"

struct dismissing {
    struct codec_duplicate_pair ask;
    struct command_receipt seen;
    struct file_row a, b;
    struct scope_sight sights[2];
};

static enum flow look(struct request *req);
static enum flow decide(struct request *req);

enum flow handle_dismiss_duplicate(struct request *req)
{
    struct dismissing *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status =
        codec_get_dismiss_duplicate(req->payload, req->payload_bytes, req->arena, &r->ask, &fault);

    if (status != OK)
        return merges_refuse_question(req, status, &fault);
    command_find(req, &r->seen);
    file_find(req, &r->ask.a, &r->a);
    file_find(req, &r->ask.b, &r->b);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct dismissing *r = req->state;

    if (command_is_repeat(&r->seen))
        return command_reply_again(req, &r->seen);
    if (!r->a.found || !r->b.found) {
        flow_violation(req, r->a.found ? "b" : "a", "leads to no customer");
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    }
    scope_look(req, &r->a.id, &r->sights[0]);
    scope_look(req, &r->b.id, &r->sights[1]);
    return flow_wait(req, decide);
}

static enum flow decide(struct request *req)
{
    struct dismissing *r = req->state;
    char id[UUID_TEXT_BYTES], detail[CUSTOMER_REF_NUMBER_BYTES];
    enum flow end;

    for (size_t i = 0; i < COUNT_OF(r->sights); i++)
        if (!scope_admits(req, &r->sights[i], &end))
            return end;
    if (memcmp(&r->a.id, &r->b.id, sizeof(r->a.id)) == 0) {
        flow_violation(req, "b",
                       r->a.merged_from || r->b.merged_from
                           ? "is merged with the other: undo that merge (UndoMerge)"
                           : "is the same customer: name two");
        return flow_refuse(req, FAILED_PRECONDITION, "these are not two customers");
    }
    duplicate_dismiss(req, &r->a.id, &r->b.id, file_change_by(req), r->ask.reason);
    uuid_print(&r->a.id, id);
    customer_ref_print_number(r->b.number, detail);
    audit_add(req, "dismiss duplicate", id, detail);
    return command_commit(req, codec_duplicate_dismissed(r->a.number, r->b.number, req->arena));
}

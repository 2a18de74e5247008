/*
 * kehu.customers.v1.GetMerge and ListMerges: who was merged into whom. They show names, so the
 * reading is audited.
 */
#include <stdio.h>
#include <string.h>

#include "common/audit.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/merges.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/file.h"
#include "services/customers/store/merge.h"

struct getting {
    struct codec_merge_which which;
    struct merge_record merge;
    struct merge_moves_list moves;
    struct scope_sight sight;
};

struct listing {
    struct codec_merge_list ask;
    struct file_row of;
    struct scope_sight sight;
    struct merge_records found;
    size_t count;
};

static enum flow look(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);
static enum flow look_of(struct request *req);
static enum flow list(struct request *req);
static enum flow audit_list(struct request *req);
static enum flow answer_list(struct request *req);

enum flow handle_get_merge(struct request *req)
{
    struct getting *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status =
        codec_get_get_merge(req->payload, req->payload_bytes, req->arena, &r->which, &fault);

    if (status != OK)
        return merges_refuse_question(req, status, &fault);
    merge_find(req, &r->which.id, &r->which.merged, &r->merge);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct getting *r = req->state;

    if (!r->merge.found)
        return flow_refuse(req, NOT_FOUND, "there is no such merge: ListMerges shows them");
    scope_look(req, &r->merge.survivor, &r->sight);
    merge_list_moves(req, &r->merge.id, &r->moves);
    return flow_wait(req, audit);
}

static enum flow audit(struct request *req)
{
    struct getting *r = req->state;
    char id[UUID_TEXT_BYTES];
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    uuid_print(&r->merge.survivor, id);
    audit_add(req, "read merge", id, "name");
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct getting *r = req->state;

    return flow_reply(req, codec_merge(&r->merge, &r->moves, req->arena));
}

enum flow handle_list_merges(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status =
        codec_get_list_merges(req->payload, req->payload_bytes, req->arena, &r->ask, &fault);

    if (status != OK)
        return merges_refuse_question(req, status, &fault);
    if (!r->ask.has_ref)
        return flow_go(req, list);
    file_find(req, &r->ask.ref, &r->of);
    return flow_wait(req, look_of);
}

static enum flow look_of(struct request *req)
{
    struct listing *r = req->state;

    if (!r->of.found)
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    scope_look(req, &r->of.id, &r->sight);
    return flow_wait(req, list);
}

static enum flow list(struct request *req)
{
    struct listing *r = req->state;
    const struct merge_list_question question = {
        .of = r->ask.has_ref ? &r->of.id : NULL,
        .only_standing = r->ask.only_standing,
        .before = r->ask.before,
        .page_size = r->ask.page_size,
    };
    enum flow end;

    if (r->ask.has_ref && !scope_admits(req, &r->sight, &end))
        return end;
    merge_list(req, &question, &r->found);
    return flow_wait(req, audit_list);
}

static enum flow audit_list(struct request *req)
{
    struct listing *r = req->state;
    char detail[40];

    r->count = r->found.count < r->ask.page_size ? r->found.count : r->ask.page_size;
    if (r->count == 0)
        return flow_go(req, answer_list);
    snprintf(detail, sizeof(detail), "%zu names", 2 * r->count);
    audit_add(req, "list merges", "", detail);
    return flow_commit(req, answer_list);
}

static enum flow answer_list(struct request *req)
{
    struct listing *r = req->state;
    char next[UUID_TEXT_BYTES] = "";

    if (r->found.count > r->count)
        uuid_print(&r->found.list[r->count - 1].id, next);
    return flow_reply(req, codec_merge_records(&r->found, r->count, next, req->arena));
}

/*
 * kehu.customers.v1.ListDuplicates: pairs that may be one customer. It goes along the customers'
 * numbers a stretch at a time until the page is full or enough was looked at; a page may be short.
 * It shows names, so each page is audited.
 */
#include <stdio.h>

#include "common/audit.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/merges.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/duplicate.h"
#include "services/customers/store/file.h"

#define STRETCHES 20 /* of one request */
#define MOST_OF_ONE 500

struct listing {
    struct codec_duplicate_list ask;
    struct file_row of;
    struct scope_sight sight;
    struct duplicate_pairs found;
    struct duplicate_pair *pairs;
    size_t count;
    unsigned stretches;
    struct duplicate_place place; /* where the next question begins */
    bool is_end;
};

static enum flow look(struct request *req);
static enum flow ask(struct request *req);
static enum flow take(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

enum flow handle_list_duplicates(struct request *req)
{
    struct listing *r = request_state(req, sizeof(*r));
    struct codec_ask_fault fault;
    enum status status =
        codec_get_list_duplicates(req->payload, req->payload_bytes, req->arena, &r->ask, &fault);

    if (status != OK)
        return merges_refuse_question(req, status, &fault);
    r->place = r->ask.after;
    if (r->ask.has_ref)
        r->ask.page_size = MOST_OF_ONE;
    r->pairs = arena_take_array(req->arena, r->ask.page_size, sizeof(*r->pairs));
    if (!r->pairs)
        return flow_refuse_large(req);
    if (!r->ask.has_ref)
        return flow_go(req, ask);
    file_find(req, &r->ask.ref, &r->of);
    return flow_wait(req, look);
}

static enum flow look(struct request *req)
{
    struct listing *r = req->state;

    if (!r->of.found || r->of.state.party == FILE_PARTY_NONE) {
        flow_violation(req, "ref", "leads to no customer");
        return flow_refuse(req, NOT_FOUND, "no customer has this number, id or reference");
    }
    scope_look(req, &r->of.id, &r->sight);
    return flow_wait(req, ask);
}

static enum flow ask(struct request *req)
{
    struct listing *r = req->state;
    const struct duplicate_question question = {
        .of = r->ask.has_ref ? &r->of.id : NULL,
        .after = r->place,
        .reasons = r->ask.reasons,
        .limit = r->ask.page_size - (uint32_t)r->count,
    };
    enum flow end;

    if (r->ask.has_ref && !scope_admits(req, &r->sight, &end))
        return end;
    duplicate_list(req, &question, &r->found);
    return flow_wait(req, take);
}

static enum flow take(struct request *req)
{
    struct listing *r = req->state;
    const struct duplicate_pairs *found = &r->found;

    for (size_t i = 0; i < found->count; i++) {
        struct duplicate_pair *pair = &found->list[i];

        pair->reasons = duplicate_judge(pair);
        if (pair->reasons)
            r->pairs[r->count++] = *pair;
    }
    r->is_end = !found->is_cut && found->is_end;
    if (found->is_cut && found->count > 0)
        r->place = (struct duplicate_place){found->list[found->count - 1].a.number,
                                            found->list[found->count - 1].b.number};
    else
        r->place = (struct duplicate_place){found->last + 1, 0};
    r->stretches++;
    if (r->ask.has_ref || r->is_end || r->count == r->ask.page_size || r->stretches == STRETCHES)
        return flow_go(req, audit);
    return flow_go(req, ask);
}

static enum flow audit(struct request *req)
{
    struct listing *r = req->state;
    char detail[40];

    if (r->count == 0)
        return flow_go(req, answer);
    snprintf(detail, sizeof(detail), "%zu names", 2 * r->count);
    audit_add(req, "list duplicates", "", detail);
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct listing *r = req->state;
    bool is_last = r->ask.has_ref || r->is_end;

    return flow_reply(
        req, codec_duplicate_list(r->pairs, r->count, is_last ? NULL : &r->place, req->arena));
}

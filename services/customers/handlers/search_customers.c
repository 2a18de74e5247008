/*
 * kehu.customers.v1.SearchCustomers: one box. A number, id or reference is looked up, and so is a
 * whole telephone number or e-mail address, by its keyed hash; everything else, and what looked
 * like a reference of nobody, is searched by the path that its grams' commonness makes the
 * cheapest. Names are shown, so searches are audited, without what was searched for.
 */
#include <stdio.h>

#include "common/audit.h"
#include "common/service.h"
#include "services/customers/codec/codec_search.h"
#include "services/customers/store/search.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/scope.h"

struct searching {
    struct codec_search ask;
    struct search_grams grams;
    struct search_statistics statistics;
    struct search_sample sample;
    struct search_hits hits;
    struct scope_sight *sights; /* one per hit */
};

static enum flow look_further(struct request *req);
static enum flow choose(struct request *req);
static enum flow choose_sampled(struct request *req);
static enum flow look(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

static int32_t today(const struct request *req)
{
    return zone_day(&req->service->zone, req->now_us);
}

static enum flow ask_statistics(struct request *req)
{
    struct searching *r = req->state;

    search_open_grams(&r->grams);
    search_query_grams(&r->ask.query, &r->grams);
    search_find_statistics(req, &r->grams, &r->statistics);
    return flow_wait(req, choose);
}

enum flow handle_search_customers(struct request *req)
{
    struct searching *r = request_state(req, sizeof(*r));
    char field[100], why[400];
    enum status status =
        codec_get_search_customers(req->payload, req->payload_bytes, req->arena, &r->ask, field,
                                   sizeof(field), why, sizeof(why));

    if (status != OK) {
        flow_violation(req, field, "%s", why);
        return flow_refuse(req, status, "the search cannot be made as asked");
    }
    if (r->ask.query.exact) {
        search_find_exact(req, &r->ask.query, &r->ask.page, today(req), req->service->currency,
                          &r->hits);
        return flow_wait(req, look);
    }
    if (!r->ask.query.is_ref)
        return flow_go(req, ask_statistics);
    search_find_ref(req, &r->ask.query, today(req), req->service->currency, &r->hits);
    return flow_wait(req, look_further);
}

/* A colon does not make a reference: 昆明:翠湖 may be a name. */
static enum flow look_further(struct request *req)
{
    struct searching *r = req->state;

    if (r->hits.count > 0 || r->ask.query.word_count == 0)
        return flow_go(req, look);
    return flow_go(req, ask_statistics);
}

static enum flow find(struct request *req, enum search_path path)
{
    struct searching *r = req->state;

    search_find(req, &r->ask.query, &r->grams, path, &r->ask.page, today(req),
                req->service->currency, &r->hits);
    return flow_wait(req, look);
}

/* Of those outside the search says only that they exist, and who owns them. */
static enum flow look(struct request *req)
{
    struct searching *r = req->state;
    struct id *ids = arena_take_array(req->arena, r->hits.count, sizeof(*ids));

    r->sights = arena_take_array(req->arena, r->hits.count, sizeof(*r->sights));
    if (!ids || !r->sights)
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->hits.count; i++)
        ids[i] = r->hits.list[i].summary.id;
    scope_look_list(req, ids, r->hits.count, r->sights);
    return flow_wait(req, audit);
}

static enum flow choose(struct request *req)
{
    struct searching *r = req->state;
    enum search_path path = search_choose(&r->statistics, &r->grams);

    if (path != SEARCH_SAMPLE)
        return find(req, path);
    search_find_sample(req, &r->ask.query, &r->sample);
    return flow_wait(req, choose_sampled);
}

static enum flow choose_sampled(struct request *req)
{
    struct searching *r = req->state;

    return find(req, search_choose_sampled(&r->statistics, &r->grams, &r->sample));
}

static void settle(struct request *req, struct searching *r)
{
    for (size_t i = 0; i < r->hits.count; i++) {
        struct file_summary *summary = &r->hits.list[i].summary;
        struct scope_sight *sight = &r->sights[i];

        scope_settle(req, sight);
        summary->is_outside = !sight->is_within;
        summary->owner_name = sight->has_owner ? sight->owner_name : "";
        summary->owned_since = sight->has_owner ? sight->owned_since : FILE_NO_DAY;
    }
}

static enum flow audit(struct request *req)
{
    struct searching *r = req->state;
    size_t shown = r->hits.count < r->ask.page_size ? r->hits.count : r->ask.page_size;
    char detail[80];

    settle(req, r);
    snprintf(detail, sizeof(detail), "%zu characters, %zu shown", r->ask.query_characters, shown);
    audit_add(req, "search customers", "", detail);
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct searching *r = req->state;

    return flow_reply(req, codec_search_result(&r->ask, &r->hits, req->arena));
}

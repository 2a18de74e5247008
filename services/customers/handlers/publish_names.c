#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/pure/text.h"
#include "common/service.h"
#include "services/customers/codec/codec.h"
#include "services/customers/domain/review.h"
#include "services/customers/handlers/publish.h"
#include "services/customers/handlers/reviews.h"
#include "services/customers/store/search.h"

static int by_name(const void *a, const void *b)
{
    const struct publish_name *one = a, *other = b;
    int order = text_compare(one->source, other->source);

    return order ? order : text_compare(one->name, other->name);
}

/* Sorted and unique; of several the one that is not historic stays: someone lives now. */
static void sort_unique(struct publish_names *names)
{
    size_t kept = 0;

    if (names->count == 0)
        return;
    qsort(names->list, names->count, sizeof(*names->list), by_name);
    for (size_t i = 1; i < names->count; i++) {
        if (by_name(&names->list[i], &names->list[kept]) == 0)
            names->list[kept].is_historic &= names->list[i].is_historic;
        else
            names->list[++kept] = names->list[i];
    }
    names->count = kept + 1;
}

/* Collects what open items mention. False: the arena is full, the request will be refused. */
static bool collect(struct request *req, struct publishing *r)
{
    size_t count = r->batch.intake.count;

    r->customers = r->regions = (struct publish_names){0};
    r->customers.list = arena_take_array(req->arena, count, sizeof(*r->customers.list));
    r->regions.list = arena_take_array(req->arena, count, sizeof(*r->regions.list));
    if (!r->customers.list || !r->regions.list)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct intake_item *item = &r->batch.intake.items[i];
        const struct order_content *content = codec_order_of(item)->content;
        bool is_historic = order_is_historic(codec_order_of(item)->at_us, req->received_us);

        if (!intake_batch_is_open(&r->batch, i) || !content)
            continue;
        r->regions.list[r->regions.count++] = (struct publish_name){
            .source = item->source, .name = content->region, .is_historic = is_historic};
        if (content->customer.bytes > 0)
            r->customers.list[r->customers.count++] = (struct publish_name){
                .source = item->source, .name = content->customer, .is_historic = is_historic};
    }
    sort_unique(&r->customers);
    sort_unique(&r->regions);
    return true;
}

void publish_ask_names(struct request *req, struct publishing *r)
{
    struct pg_args *customers = reference_ask_customers(req);
    struct pg_args *regions = reference_ask_regions(req);

    if (!collect(req, r))
        return;
    for (size_t i = 0; i < r->customers.count; i++)
        reference_ask_add(customers, r->customers.list[i].source, r->customers.list[i].name);
    for (size_t i = 0; i < r->regions.count; i++)
        reference_ask_add(regions, r->regions.list[i].source, r->regions.list[i].name);
    if (r->customers.count > 0)
        reference_find_customers(req, customers, &r->customers.found);
    if (r->regions.count > 0)
        reference_find_regions(req, regions, &r->regions.found);
}

static struct publish_name *find(const struct publish_names *names, struct text source,
                                 struct text name)
{
    struct publish_name key = {.source = source, .name = name};

    if (names->count == 0)
        return NULL;
    return bsearch(&key, names->list, names->count, sizeof(key), by_name);
}

static void match(struct publish_names *names)
{
    for (size_t i = 0; i < names->found.count; i++) {
        const struct reference *found = &names->found.list[i];
        struct publish_name *name = find(names, found->source, found->name);
        if (!name)
            continue;
        name->id = found->id;
        name->counts_as = found->counts_as;
        name->is_known = true;
    }
}

void publish_match_names(struct publishing *r)
{
    match(&r->customers);
    match(&r->regions);
}

static size_t count_unknown(const struct publish_names *names)
{
    size_t count = 0;

    for (size_t i = 0; i < names->count; i++)
        count += !names->list[i].is_known;
    return count;
}

size_t publish_count_unknown(const struct publishing *r)
{
    return count_unknown(&r->customers) + count_unknown(&r->regions);
}

static size_t hash_unknown(const struct publish_names *names, const char *kind, uint64_t *hashes)
{
    size_t count = 0;

    for (size_t i = 0; i < names->count; i++)
        if (!names->list[i].is_known)
            hashes[count++] = flow_subject_hash(kind, names->list[i].source, names->list[i].name);
    return count;
}

void publish_hash_unknown(const struct publishing *r, uint64_t *hashes)
{
    size_t count = hash_unknown(&r->customers, "reference", hashes);

    hash_unknown(&r->regions, "region", hashes + count);
}

static void tell_registered(struct request *req, const struct publish_name *name, int64_t number)
{
    const struct codec_reference reference = {name->source, name->name};
    struct packed data =
        codec_customer_registered(&name->id, number, &reference, name->is_historic, req->arena);

    log_add(req, CODEC_CUSTOMER_REGISTERED, &name->id, data.at, data.bytes);
}

void publish_add_unknown(struct request *req, struct publishing *r)
{
    struct grade_review_policy policy;
    size_t drawn = 0;
    int32_t due;

    if (r->numbers.count == 0)
        return;
    policy = reviews_policy(req, &r->reviews);
    due = review_due(zone_day(&req->service->zone, req->now_us), ' ', &policy);
    for (size_t i = 0; i < r->customers.count; i++) {
        struct publish_name *name = &r->customers.list[i];
        if (name->is_known || drawn == r->numbers.count)
            continue;
        int64_t number = r->numbers.list[drawn++];
        name->id = name->counts_as = request_new_id(req);
        reference_add_customer(req, &name->id, number, false, name->is_historic, due);
        reference_add(req, name->source, name->name, &name->id);
        tell_registered(req, name, number);
    }
    for (size_t i = 0; i < r->regions.count; i++) {
        struct publish_name *name = &r->regions.list[i];
        if (name->is_known || drawn == r->numbers.count)
            continue;
        name->id = name->counts_as = request_new_id(req);
        reference_add_customer(req, &name->id, r->numbers.list[drawn++], true, name->is_historic,
                               due);
        reference_add_region(req, name->source, name->name, &name->id);
    }
}

void publish_resolve(const struct publishing *r, const struct order_event *event,
                     struct id *customer, struct id *counts_as, struct id *region)
{
    const struct order_content *content = event->content;
    const struct publish_name *found = find(&r->regions, event->source, content->region);

    *region = found ? found->id : (struct id){{0}};
    *customer = *counts_as = *region;
    if (content->customer.bytes == 0)
        return;
    found = find(&r->customers, event->source, content->customer);
    if (!found)
        return;
    *customer = found->id;
    *counts_as = found->counts_as;
}

void publish_hear_name(struct publishing *r, const struct order_event *event)
{
    struct text told = event->content->customer_name;
    struct publish_name *name = find(&r->customers, event->source, event->content->customer);

    if (!name || (name->told.bytes > 0 && event->at_us < name->told_at_us))
        return;
    if (name->told.bytes > 0 && event->at_us == name->told_at_us &&
        text_compare(told, name->told) < 0)
        return;
    name->told = told;
    name->told_at_us = event->at_us;
}

void publish_offer_names(struct request *req, const struct publishing *r)
{
    for (size_t i = 0; i < r->customers.count; i++) {
        const struct publish_name *name = &r->customers.list[i];

        if (name->told.bytes > 0)
            search_offer_name(req, &name->id, name->told);
    }
}

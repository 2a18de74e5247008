/*
 * kehu.customers.v1.GetCards. One trip to PostgreSQL finds the rows with names and versions, one to
 * Redis the figures; those that are not there, or are of another version or day, are calculated in
 * one statement and left in Redis without waiting. Nothing personal is cached: what stands on the
 * customer's row is read with every answer.
 *
 * A cached card is good when the customer's version and the day are the present ones. What changes
 * figures without an event of the customer is part of the key: the version of the region tree with
 * its mapping, and the epoch of the log, because after a restore versions begin again.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/audit.h"
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/codec/codec_card.h"
#include "services/customers/handlers/counters.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/card.h"

#define CACHE_FORMAT "1"        /* another one when cached cards change their meaning */
#define CACHE_MAX_BYTES 16384   /* of one card; a longer one is not cached */
#define CACHE_LAST_BYTE "16383" /* of what is read, whatever stands there */
#define CACHE_SECONDS "86400"   /* figures are of a day */
#define CACHE_KEY_BYTES 160

struct getting {
    struct codec_card_ask ask;
    struct cards cards;
    struct scope_sight *sights; /* one per card that was found, in their order */
    struct kv_ask *cached;      /* one per card */
    struct id *missed;
    size_t missed_count;
    struct card_figures_list calculated;
    int32_t today;
};

static enum flow look_in_cache(struct request *req);
static enum flow take_cached(struct request *req);
static enum flow take_calculated(struct request *req);
static enum flow audit(struct request *req);
static enum flow answer(struct request *req);

static struct customers_counters *counters(const struct request *req)
{
    return req->service->counters;
}

enum flow handle_get_cards(struct request *req)
{
    struct getting *r = request_state(req, sizeof(*r));
    char field[100], why[300];
    enum status status = codec_get_get_cards(req->payload, req->payload_bytes, req->arena, &r->ask,
                                             field, sizeof(field), why, sizeof(why));

    if (status != OK) {
        flow_violation(req, field, "%s", why);
        return flow_refuse(req, status, "the cards cannot be found as asked");
    }
    r->today = zone_day(&req->service->zone, req->now_us);
    r->cards.count = r->ask.count;
    r->cards.list = arena_take_array(req->arena, r->ask.count, sizeof(*r->cards.list));
    r->cached = arena_take_array(req->arena, r->ask.count, sizeof(*r->cached));
    r->missed = arena_take_array(req->arena, r->ask.count, sizeof(*r->missed));
    if (!r->cards.list || !r->cached || !r->missed)
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->ask.count; i++)
        r->cards.list[i].ref = r->ask.refs[i];
    card_find(req, r->ask.questions, &r->cards);
    return flow_wait(req, look_in_cache);
}

static void print_key(const struct request *req, const struct cards *cards, const struct id *id,
                      char key[CACHE_KEY_BYTES])
{
    char text[UUID_TEXT_BYTES];

    uuid_print(id, text);
    snprintf(key, CACHE_KEY_BYTES, "%scard:" CACHE_FORMAT ":%" PRId32 ":%" PRId64 ":%s",
             kv_prefix(req->service->kv), cards->epoch, cards->region_version, text);
}

/* Who asks for some that he may not see learns of those only who owns them. */
static bool look(struct request *req, struct getting *r)
{
    struct id *ids = arena_take_array(req->arena, r->cards.count, sizeof(*ids));
    size_t count = 0;

    r->sights = arena_take_array(req->arena, r->cards.count, sizeof(*r->sights));
    if (!ids || !r->sights)
        return false;
    for (size_t i = 0; i < r->cards.count; i++)
        if (r->cards.list[i].found)
            ids[count++] = r->cards.list[i].id;
    scope_look_list(req, ids, count, r->sights);
    return true;
}

static void settle(struct request *req, struct getting *r)
{
    struct scope_sight *sight = r->sights;

    for (size_t i = 0; i < r->cards.count; i++) {
        struct card *card = &r->cards.list[i];

        if (!card->found)
            continue;
        scope_settle(req, sight);
        card->is_outside = !sight->is_within;
        card->owner_name = sight->has_owner ? sight->owner_name : "";
        card->owned_since = sight->has_owner ? sight->owned_since : FILE_NO_DAY;
        sight++;
    }
}

static enum flow look_in_cache(struct request *req)
{
    struct getting *r = req->state;
    char key[CACHE_KEY_BYTES];

    if (!look(req, r))
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->cards.count; i++) {
        if (!r->cards.list[i].found)
            continue;
        print_key(req, &r->cards, &r->cards.list[i].id, key);
        r->cached[i] = (struct kv_ask){.argc = 4,
                                       .argv = {"GETRANGE", key, "0", CACHE_LAST_BYTE},
                                       .argv_bytes = {8, strlen(key), 1, strlen(CACHE_LAST_BYTE)},
                                       .arena = req->arena};
        flow_ask_kv(req, &r->cached[i]);
    }
    return flow_wait(req, take_cached);
}

/* The same customer may be asked for twice. */
static void miss(struct getting *r, const struct id *customer)
{
    for (size_t i = 0; i < r->missed_count; i++)
        if (memcmp(&r->missed[i], customer, sizeof(*customer)) == 0)
            return;
    r->missed[r->missed_count++] = *customer;
}

static enum flow take_cached(struct request *req)
{
    struct getting *r = req->state;

    settle(req, r);
    for (size_t i = 0; i < r->cards.count; i++) {
        struct card *card = &r->cards.list[i];
        const struct kv_ask *ask = &r->cached[i];
        struct card_figures *figures = arena_take(req->arena, sizeof(*figures));

        if (!card->found || card->is_outside || !figures)
            continue;
        if (ask->value && ask->value_bytes > 0 &&
            codec_get_figures((const uint8_t *)ask->value, ask->value_bytes, req->arena, figures) ==
                OK &&
            card_is_current(card, figures, r->today)) {
            card->figures = figures;
            counters(req)->card_hits++;
        } else {
            miss(r, &card->id);
            counters(req)->card_misses++;
        }
    }
    if (r->missed_count == 0)
        return flow_go(req, audit);
    card_list_figures(req, r->missed, r->missed_count, r->today, req->service->currency,
                      &r->calculated);
    return flow_wait(req, take_calculated);
}

/* Nobody waits for Redis: what it does not take will be calculated again. */
static void cache(struct request *req, const struct cards *cards,
                  const struct card_figures *figures)
{
    struct flow_packed packed;
    char key[CACHE_KEY_BYTES];

    if (!flow_pack(req, codec_figures(figures, req->arena), &packed) ||
        packed.count > CACHE_MAX_BYTES)
        return;
    print_key(req, cards, &figures->customer, key);
    const struct kv_ask set = {
        .argc = 5,
        .argv = {"SET", key, (const char *)packed.bytes, "EX", CACHE_SECONDS},
        .argv_bytes = {3, strlen(key), packed.count, 2, strlen(CACHE_SECONDS)}};

    kv_tell(req->service->kv, &set);
}

static enum flow take_calculated(struct request *req)
{
    struct getting *r = req->state;

    for (size_t k = 0; k < r->calculated.count; k++) {
        const struct card_figures *figures = &r->calculated.list[k];

        for (size_t i = 0; i < r->cards.count; i++)
            if (r->cards.list[i].found && !r->cards.list[i].is_outside &&
                memcmp(&r->cards.list[i].id, &figures->customer, sizeof(figures->customer)) == 0)
                r->cards.list[i].figures = figures;
        cache(req, &r->cards, figures);
    }
    return flow_go(req, audit);
}

static enum flow audit(struct request *req)
{
    struct getting *r = req->state;
    char *shown = "";

    for (size_t i = 0; i < r->cards.count && shown; i++) {
        char number[CUSTOMER_REF_NUMBER_BYTES];

        if (r->ask.without_names || r->cards.list[i].name.bytes == 0 || r->cards.list[i].is_outside)
            continue;
        customer_ref_print_number(r->cards.list[i].number, number);
        shown = arena_print(req->arena, "%s%s%s", shown, shown[0] ? " " : "", number);
    }
    if (!shown)
        return flow_refuse_large(req);
    if (!shown[0])
        return flow_go(req, answer);
    audit_add(req, "read cards", "", shown);
    return flow_commit(req, answer);
}

static enum flow answer(struct request *req)
{
    struct getting *r = req->state;

    return flow_reply(req, codec_cards(&r->cards, r->ask.without_names, req->arena));
}

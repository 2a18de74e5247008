#include "services/customers/codec/codec_card.h"

#include <stdio.h>
#include <string.h>

#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "common/validate.h"
#include "kehu/customers/v1/cards.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_complaints.h"
#include "services/customers/codec/codec_value.h"

#define MILLION 1e6

static enum status wrong(char *field, size_t field_bytes, const char *which, char *why,
                         size_t why_bytes, const char *what)
{
    snprintf(field, field_bytes, "%s", which);
    snprintf(why, why_bytes, "%s", what);
    return INVALID_ARGUMENT;
}

enum status codec_get_get_cards(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct codec_card_ask *out, char *field, size_t field_bytes,
                                char *why, size_t why_bytes)
{
    ProtobufCMessage *message;
    enum status status =
        validate_unpack(&kehu__customers__v1__get_cards__descriptor, arena_allocator(arena),
                        payload, bytes, &message, field, field_bytes, why, why_bytes);
    char which[32];

    if (status)
        return status;
    const Kehu__Customers__V1__GetCards *ask = (const void *)message;

    if (ask->n_refs == 0 || ask->n_refs > CARD_MAX_REFS)
        return wrong(field, field_bytes, "refs", why, why_bytes,
                     ask->n_refs ? "are too many: at most 100 at once" : "are missing: 1 to 100");
    *out = (struct codec_card_ask){
        .questions = arena_take_array(arena, ask->n_refs, sizeof(*out->questions)),
        .refs = arena_take_array(arena, ask->n_refs, sizeof(*out->refs)),
        .count = ask->n_refs,
        .without_names = ask->without_names,
    };
    if (!out->questions || !out->refs)
        return RESOURCE_EXHAUSTED;
    for (size_t i = 0; i < ask->n_refs; i++) {
        out->refs[i] = codec_check_text_of(ask->refs[i]);
        snprintf(which, sizeof(which), "refs[%zu]", i);
        if (!customer_question_parse(out->refs[i], &out->questions[i]))
            return wrong(field, field_bytes, which, why, why_bytes, "must be " CUSTOMER_REF_FORMS);
    }
    return OK;
}

/* --- answers --- */

static char *day_or_empty(int32_t day, struct arena *arena)
{
    return day == FILE_NO_DAY ? "" : codec_value_day(day, arena);
}

static void put_sales(const struct card_figures *figures, struct arena *arena,
                      Kehu__Customers__V1__Card *out)
{
    Kehu__Customers__V1__CardSales *room =
        arena_take_array(arena, figures->sales_count, sizeof(*room));

    out->sales = arena_take_array(arena, figures->sales_count, sizeof(*out->sales));
    if (!out->sales || !room)
        return;
    for (size_t i = 0; i < figures->sales_count; i++) {
        const struct card_sales *from = &figures->sales[i];

        kehu__customers__v1__card_sales__init(&room[i]);
        room[i].currency = (char *)from->currency;
        room[i].orders = from->orders;
        room[i].net_micros = from->net_micros;
        room[i].orders_12_months = from->orders_12_months;
        room[i].net_12_months_micros = from->net_12_months_micros;
        out->sales[i] = &room[i];
    }
    out->n_sales = figures->sales_count;
}

static void put_figures(const struct card_figures *figures, struct arena *arena,
                        Kehu__Customers__V1__Card *out)
{
    kehu__customers__v1__card__init(out);
    out->id = codec_value_id(&figures->customer, arena);
    out->grade = figures->grade == ' ' ? "" : arena_print(arena, "%c", figures->grade);
    out->region = codec_value_text(figures->region, arena);
    put_sales(figures, arena, out);
    out->first_order_on = day_or_empty(figures->first_day, arena);
    out->last_order_on = day_or_empty(figures->last_day, arena);
    out->orders_12_months = figures->orders_12_months;
    out->expected_next_on = day_or_empty(figures->expected_next, arena);
    out->version = figures->version;
    out->as_of = codec_value_day(figures->as_of, arena);
}

const ProtobufCMessage *codec_figures(const struct card_figures *figures, struct arena *arena)
{
    Kehu__Customers__V1__Card *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    put_figures(figures, arena, out);
    return arena_is_full(arena) ? NULL : &out->base;
}

static void put_outside(const struct card *card, struct arena *arena,
                        Kehu__Customers__V1__Card *out)
{
    kehu__customers__v1__card__init(out);
    out->ref = codec_value_text(card->ref, arena);
    out->outside = true;
    out->owner = (char *)card->owner_name;
    out->owned_since = day_or_empty(card->owned_since, arena);
}

static void put_card(const struct card *card, bool without_names, struct arena *arena,
                     Kehu__Customers__V1__Card *out)
{
    put_figures(card->figures, arena, out);
    out->ref = codec_value_text(card->ref, arena);
    out->number = codec_value_number(card->number, arena);
    if (card->merged_from)
        out->merged_from = codec_value_number(card->merged_from, arena);
    if (!without_names) {
        out->name = codec_value_text(card->name, arena);
        out->owner = codec_value_text(card->owner, arena);
    }
    out->party_type = (Kehu__Customers__V1__PartyType)card->party;
    out->nature = (Kehu__Customers__V1__PartyNature)card->nature;
    if (card->region.bytes > 0)
        out->region = codec_value_text(card->region, arena);
    out->completeness = card->completeness_micros / MILLION;
    out->missing = card->missing;
    out->review_due = day_or_empty(card->review_due, arena);
    out->cases = codec_customer_cases(&card->cases, arena);
}

const ProtobufCMessage *codec_cards(const struct cards *cards, bool without_names,
                                    struct arena *arena)
{
    Kehu__Customers__V1__Cards *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__Card *room = arena_take_array(arena, cards->count, sizeof(*room));

    if (!out || !room)
        return NULL;
    kehu__customers__v1__cards__init(out);
    out->cards = arena_take_array(arena, cards->count, sizeof(*out->cards));
    out->unknown = arena_take_array(arena, cards->count, sizeof(*out->unknown));
    if (!out->cards || !out->unknown)
        return NULL;
    for (size_t i = 0; i < cards->count; i++) {
        const struct card *card = &cards->list[i];

        if (card->is_outside) {
            put_outside(card, arena, &room[i]);
            out->cards[out->n_cards++] = &room[i];
            continue;
        }
        if (!card->figures) {
            out->unknown[out->n_unknown++] = codec_value_text(card->ref, arena);
            continue;
        }
        put_card(card, without_names, arena, &room[i]);
        out->cards[out->n_cards++] = &room[i];
    }
    return arena_is_full(arena) ? NULL : &out->base;
}

/* --- the cache --- */

static bool get_day(const char *text, int32_t *day)
{
    *day = FILE_NO_DAY;
    return text[0] == '\0' || day_parse(text, strlen(text), day);
}

static bool get_sales(const Kehu__Customers__V1__Card *card, struct arena *arena,
                      struct card_figures *out)
{
    struct card_sales *list = arena_take_array(arena, card->n_sales, sizeof(*list));

    for (size_t i = 0; list && i < card->n_sales; i++) {
        const Kehu__Customers__V1__CardSales *from = card->sales[i];

        if (strlen(from->currency) != 3)
            return false;
        memcpy(list[i].currency, from->currency, 4);
        list[i].orders = from->orders;
        list[i].net_micros = from->net_micros;
        list[i].orders_12_months = from->orders_12_months;
        list[i].net_12_months_micros = from->net_12_months_micros;
    }
    out->sales = list;
    out->sales_count = card->n_sales;
    return list != NULL;
}

enum status codec_get_figures(const uint8_t *bytes, size_t count, struct arena *arena,
                              struct card_figures *out)
{
    ProtobufCMessage *message;
    char field[40], why[120];
    enum status status =
        validate_unpack(&kehu__customers__v1__card__descriptor, arena_allocator(arena), bytes,
                        count, &message, field, sizeof(field), why, sizeof(why));

    if (status)
        return status;
    const Kehu__Customers__V1__Card *card = (const void *)message;
    struct card_figures read = {.version = card->version,
                                .grade = card->grade[0] ? card->grade[0] : ' ',
                                .region = codec_check_text_of(card->region),
                                .orders_12_months = card->orders_12_months};

    if (!uuid_parse(card->id, strlen(card->id), &read.customer) ||
        !get_day(card->as_of, &read.as_of) || !get_day(card->first_order_on, &read.first_day) ||
        !get_day(card->last_order_on, &read.last_day) ||
        !get_day(card->expected_next_on, &read.expected_next) || !get_sales(card, arena, &read))
        return INVALID_ARGUMENT;
    *out = read;
    return OK;
}

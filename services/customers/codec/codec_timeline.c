#include "services/customers/codec/codec_timeline.h"

#include <stdio.h>
#include <string.h>

#include "common/pure/day.h"
#include "kehu/customers/v1/timeline.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_value.h"

#define DEFAULT_PAGE 50
#define MAX_PAGE 200

static enum status read_day(const char *field, const char *text, struct codec_ask_fault *fault,
                            bool *is_set, int32_t *day)
{
    if (text[0] == '\0')
        return OK;
    *is_set = true;
    if (day_parse(text, strlen(text), day))
        return OK;
    return codec_ask_refuse(fault, field, "is no day: give YYYY-MM-DD, or nothing");
}

static enum status read_kinds(const Kehu__Customers__V1__GetTimeline *ask,
                              struct timeline_question *out, struct codec_ask_fault *fault)
{
    if (ask->n_kinds > TIMELINE_MAX_KINDS)
        return codec_ask_refuse(fault, "kinds", "are more than %d: leave them out for all",
                                TIMELINE_MAX_KINDS);
    for (size_t i = 0; i < ask->n_kinds; i++) {
        char field[40];

        out->kinds[i] = codec_check_text_of(ask->kinds[i]);
        snprintf(field, sizeof(field), "kinds[%zu]", i);
        if (!timeline_is_kind(out->kinds[i]))
            return codec_ask_refuse(fault, field,
                                    "is no kind: registered, order, return, adjustment, "
                                    "cancelled, paid, delivered, grade, fact, major_change, "
                                    "contact, consent, owner, handover, need, entitlement, "
                                    "merged … (proto/kehu/customers/v1/timeline.proto)");
    }
    out->kind_count = ask->n_kinds;
    return OK;
}

enum status codec_get_get_timeline(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct timeline_question *out, struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__get_timeline__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__GetTimeline *ask = (const void *)message;

    status = codec_ask_ref(ask->ref, fault, &out->ref);
    if (!status)
        status = read_kinds(ask, out, fault);
    if (!status)
        status = read_day("from", ask->from, fault, &out->has_from, &out->from_day);
    if (!status)
        status = read_day("to", ask->to, fault, &out->has_to, &out->to_day);
    if (!status && out->has_from && out->has_to && out->to_day < out->from_day)
        return codec_ask_refuse(fault, "to", "lies before from: it is the last day, included");
    if (!status)
        status = codec_ask_page(ask->page_size, DEFAULT_PAGE, MAX_PAGE, fault, &out->page_size);
    out->has_place = ask->page_token[0] != '\0';
    if (!status && out->has_place &&
        !timeline_read_place(codec_check_text_of(ask->page_token), &out->place))
        return codec_ask_refuse(fault, "page_token",
                                "is none: give next_page_token of the answer before");
    return status;
}

static void put_entry(const struct timeline_entry *from, struct arena *arena,
                      Kehu__Customers__V1__TimelineEntry *out)
{
    kehu__customers__v1__timeline_entry__init(out);
    out->at = codec_value_time(from->at_us, arena);
    out->kind = codec_value_text(from->kind, arena);
    out->what = codec_value_text(from->what, arena);
    out->ref = codec_value_text(from->ref, arena);
    out->name = codec_value_text(from->name, arena);
    out->text = codec_value_text(from->text, arena);
    out->net_micros = from->net_micros;
    out->currency = codec_value_text(from->currency, arena);
    out->by = codec_value_text(from->by, arena);
    if (from->recorded_on)
        out->recorded_on = codec_value_number(from->recorded_on, arena);
    out->historic = from->is_historic;
}

const ProtobufCMessage *codec_timeline(const struct file_row *customer,
                                       const struct timeline_entries *entries, size_t count,
                                       const char *next_page_token, struct arena *arena)
{
    Kehu__Customers__V1__Timeline *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__TimelineEntry *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !room)
        return NULL;
    kehu__customers__v1__timeline__init(out);
    out->customer_id = codec_value_id(&customer->id, arena);
    out->number = codec_value_number(customer->number, arena);
    if (customer->merged_from)
        out->merged_from = codec_value_number(customer->merged_from, arena);
    for (size_t i = 0; i < count; i++)
        put_entry(&entries->list[i], arena, &room[i]);
    out->entries = codec_ask_pointers(room, count, sizeof(*room), arena);
    out->n_entries = out->entries ? count : 0;
    out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

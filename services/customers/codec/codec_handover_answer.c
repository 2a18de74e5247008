/*
 * Handovers and briefings as answers, and their events.
 */
#include <string.h>

#include "common/pure/decimal.h"
#include "kehu/customers/v1/handover.pb-c.h"
#include "services/customers/codec/codec_handover.h"
#include "services/customers/codec/codec_value.h"

static const ProtobufCMessage *whole(ProtobufCMessage *message, const struct arena *arena)
{
    return message && !arena_is_full(arena) ? message : NULL;
}

static void fill_receivers(const struct handover_receivers *receivers, struct arena *arena,
                           Kehu__Customers__V1__Handover *out)
{
    Kehu__Customers__V1__HandoverReceiver *list =
        arena_take_array(arena, receivers->count, sizeof(*list));

    for (size_t i = 0; list && i < receivers->count; i++) {
        const struct handover_receiver *receiver = &receivers->list[i];

        kehu__customers__v1__handover_receiver__init(&list[i]);
        list[i].staff = codec_value_text(receiver->code, arena);
        list[i].name = codec_value_text(receiver->name, arena);
        list[i].customers = receiver->customers;
        list[i].pending = receiver->pending;
        list[i].due = codec_value_time(receiver->due_us, arena);
        list[i].as_manager = receiver->as_manager;
    }
    out->receivers = codec_ask_pointers(list, list ? receivers->count : 0, sizeof(*list), arena);
    out->n_receivers = receivers->count;
}

static void fill(const struct handover *handover, const struct handover_receivers *receivers,
                 struct arena *arena, Kehu__Customers__V1__Handover *out)
{
    const uint64_t *counts = handover->counts;
    bool is_open = counts[HANDOVER_ITEM_IS_PENDING] + counts[HANDOVER_ITEM_IS_OBJECTED] > 0;

    kehu__customers__v1__handover__init(out);
    out->id = codec_value_id(&handover->id, arena);
    out->from = codec_value_text(handover->from_code, arena);
    out->from_name = codec_value_text(handover->from_name, arena);
    out->to = codec_value_text(handover->to_code, arena);
    out->to_name = codec_value_text(handover->to_name, arena);
    out->leaves = handover->leaves;
    out->at = codec_value_time(handover->at_us, arena);
    out->by = codec_value_text(handover->by, arena);
    out->note = codec_value_text(handover->note, arena);
    out->state = is_open ? KEHU__CUSTOMERS__V1__HANDOVER_STATE__HANDOVER_STATE_OPEN
                         : KEHU__CUSTOMERS__V1__HANDOVER_STATE__HANDOVER_STATE_DONE;
    out->customers = handover->customers;
    out->pending = counts[HANDOVER_ITEM_IS_PENDING];
    out->acknowledged = counts[HANDOVER_ITEM_IS_ACKNOWLEDGED];
    out->accepted = counts[HANDOVER_ITEM_IS_ACCEPTED];
    out->objected = counts[HANDOVER_ITEM_IS_OBJECTED];
    out->decided = counts[HANDOVER_ITEM_IS_KEPT] + counts[HANDOVER_ITEM_IS_GIVEN];
    out->tell_customers = handover->tells_customers;
    if (receivers)
        fill_receivers(receivers, arena, out);
}

const ProtobufCMessage *codec_handover(const struct handover *handover,
                                       const struct handover_receivers *receivers,
                                       struct arena *arena)
{
    Kehu__Customers__V1__Handover *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    fill(handover, receivers, arena, out);
    return whole(&out->base, arena);
}

const ProtobufCMessage *codec_handover_list(const struct handovers *handovers, const char *next,
                                            struct arena *arena)
{
    Kehu__Customers__V1__HandoverList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__Handover *list = arena_take_array(arena, handovers->count, sizeof(*list));

    if (!out || !list)
        return NULL;
    kehu__customers__v1__handover_list__init(out);
    for (size_t i = 0; i < handovers->count; i++)
        fill(&handovers->list[i], NULL, arena, &list[i]);
    out->handovers = codec_ask_pointers(list, handovers->count, sizeof(*list), arena);
    out->n_handovers = handovers->count;
    out->next_page_token = (char *)next;
    return whole(&out->base, arena);
}

static void fill_item(const struct handover_item *item, struct arena *arena,
                      Kehu__Customers__V1__HandoverItem *out)
{
    kehu__customers__v1__handover_item__init(out);
    out->customer_id = codec_value_id(&item->customer, arena);
    out->number = codec_value_number(item->number, arena);
    out->name = codec_value_text(item->name, arena);
    if (item->grade != ' ')
        out->grade = arena_copy_text(arena, &item->grade, 1);
    out->receiver = codec_value_text(item->receiver_code, arena);
    out->state = (Kehu__Customers__V1__HandoverItemState)item->state;
    out->objection = codec_value_text(item->objection, arena);
    out->decision = codec_value_text(item->decision, arena);
    out->decided_by = codec_value_text(item->decided_by, arena);
    out->rule = codec_value_text(item->rule, arena);
    out->as_manager = item->as_manager;
}

const ProtobufCMessage *codec_handover_page(const struct handover *handover,
                                            const struct handover_receivers *receivers,
                                            const struct handover_items *items, const char *next,
                                            struct arena *arena)
{
    Kehu__Customers__V1__HandoverPage *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__HandoverItem *list = arena_take_array(arena, items->count, sizeof(*list));

    if (!out || !list)
        return NULL;
    kehu__customers__v1__handover_page__init(out);
    out->handover = (Kehu__Customers__V1__Handover *)codec_handover(handover, receivers, arena);
    for (size_t i = 0; i < items->count; i++)
        fill_item(&items->list[i], arena, &list[i]);
    out->items = codec_ask_pointers(list, items->count, sizeof(*list), arena);
    out->n_items = items->count;
    out->next_page_token = (char *)next;
    return whole(&out->base, arena);
}

/* --- briefings --- */

static Kehu__Customers__V1__BriefingNote **fill_notes(const struct briefing_notes *notes,
                                                      struct arena *arena)
{
    Kehu__Customers__V1__BriefingNote *list = arena_take_array(arena, notes->count, sizeof(*list));

    for (size_t i = 0; list && i < notes->count; i++) {
        const struct briefing_note *note = &notes->list[i];

        kehu__customers__v1__briefing_note__init(&list[i]);
        list[i].kind = (char *)note->kind;
        if (note->day != FILE_NO_DAY)
            list[i].day = codec_value_day(note->day, arena);
        list[i].text = codec_value_text(note->text, arena);
        list[i].chinese = codec_value_text(note->chinese, arena);
    }
    return codec_ask_pointers(list, list ? notes->count : 0, sizeof(*list), arena);
}

static void fill_briefing(const struct briefing *briefing, struct arena *arena,
                          Kehu__Customers__V1__Briefing *out)
{
    char net[DECIMAL_TEXT_BYTES];

    kehu__customers__v1__briefing__init(out);
    decimal_print(briefing->net_12_months_micros, net);
    out->customer_id = codec_value_id(&briefing->customer, arena);
    out->number = codec_value_number(briefing->number, arena);
    out->name = codec_value_text(briefing->name, arena);
    if (briefing->grade != ' ')
        out->grade = arena_copy_text(arena, &briefing->grade, 1);
    out->region = codec_value_text(briefing->region, arena);
    out->previous_owner = codec_value_text(briefing->previous_owner, arena);
    if (briefing->last_order != FILE_NO_DAY)
        out->last_order_on = codec_value_day(briefing->last_order, arena);
    if (briefing->expected_next != FILE_NO_DAY)
        out->expected_next_on = codec_value_day(briefing->expected_next, arena);
    out->net_12_months = arena_copy_text(arena, net, strlen(net));
    out->last_contacts = fill_notes(&briefing->contacts, arena);
    out->n_last_contacts = briefing->contacts.count;
    out->promises = fill_notes(&briefing->promises, arena);
    out->n_promises = briefing->promises.count;
    out->preferences = fill_notes(&briefing->preferences, arena);
    out->n_preferences = briefing->preferences.count;
    out->risks = fill_notes(&briefing->risks, arena);
    out->n_risks = briefing->risks.count;
}

const ProtobufCMessage *codec_briefing_list(const struct briefings *briefings, const char *next,
                                            struct arena *arena)
{
    Kehu__Customers__V1__BriefingList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__Briefing *list = arena_take_array(arena, briefings->count, sizeof(*list));

    if (!out || !list)
        return NULL;
    kehu__customers__v1__briefing_list__init(out);
    for (size_t i = 0; i < briefings->count; i++)
        fill_briefing(&briefings->list[i], arena, &list[i]);
    out->briefings = codec_ask_pointers(list, briefings->count, sizeof(*list), arena);
    out->n_briefings = briefings->count;
    out->next_page_token = (char *)next;
    return whole(&out->base, arena);
}

/* --- events --- */

const ProtobufCMessage *codec_handover_made(const struct handover *handover,
                                            const struct handover_receivers *receivers,
                                            struct arena *arena)
{
    Kehu__Customers__V1__HandoverMade *out = arena_take(arena, sizeof(*out));
    char **ids = arena_take_array(arena, receivers->count, sizeof(*ids));

    if (!out || !ids)
        return NULL;
    kehu__customers__v1__handover_made__init(out);
    out->handover_id = codec_value_id(&handover->id, arena);
    out->from_staff_id = codec_value_id(&handover->from, arena);
    out->customers = handover->customers;
    out->leaves = handover->leaves;
    out->tell_customers = handover->tells_customers;
    for (size_t i = 0; i < receivers->count; i++)
        ids[i] = codec_value_id(&receivers->list[i].staff, arena);
    out->receiver_ids = ids;
    out->n_receiver_ids = receivers->count;
    return whole(&out->base, arena);
}

const ProtobufCMessage *codec_staff_left(const struct handover *handover, int32_t left_on,
                                         struct arena *arena)
{
    Kehu__Customers__V1__StaffLeft *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__staff_left__init(out);
    out->staff_id = codec_value_id(&handover->from, arena);
    out->handover_id = codec_value_id(&handover->id, arena);
    if (handover->has_manager)
        out->manager_id = codec_value_id(&handover->manager, arena);
    out->left_on = codec_value_day(left_on, arena);
    return whole(&out->base, arena);
}

const ProtobufCMessage *codec_handover_acknowledged(const struct id *handover,
                                                    const struct handover_item *item, bool by_term,
                                                    struct arena *arena)
{
    Kehu__Customers__V1__HandoverAcknowledged *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__handover_acknowledged__init(out);
    out->customer_id = codec_value_id(&item->customer, arena);
    out->handover_id = codec_value_id(handover, arena);
    out->staff_id = codec_value_id(&item->receiver, arena);
    out->by_term = by_term;
    return whole(&out->base, arena);
}

const ProtobufCMessage *codec_handover_objected(const struct handover *handover,
                                                const struct handover_item *item,
                                                struct arena *arena)
{
    Kehu__Customers__V1__HandoverObjected *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__handover_objected__init(out);
    out->customer_id = codec_value_id(&item->customer, arena);
    out->handover_id = codec_value_id(&handover->id, arena);
    out->staff_id = codec_value_id(&item->receiver, arena);
    if (handover->has_manager)
        out->manager_id = codec_value_id(&handover->manager, arena);
    return whole(&out->base, arena);
}

const ProtobufCMessage *codec_handover_decided(const struct id *handover, const struct id *customer,
                                               const struct id *owner, bool is_kept,
                                               struct arena *arena)
{
    Kehu__Customers__V1__HandoverDecided *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__handover_decided__init(out);
    out->customer_id = codec_value_id(customer, arena);
    out->handover_id = codec_value_id(handover, arena);
    out->staff_id = codec_value_id(owner, arena);
    out->kept = is_kept;
    return whole(&out->base, arena);
}

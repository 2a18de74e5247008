#include "services/complaints/codec/codec_caller.h"

#include <string.h>

#include "common/pure/china.h"
#include "kehu/complaints/v1/queries.pb-c.h"
#include "services/complaints/codec/codec_case_list.h"

static struct text text_of(const char *terminated)
{
    return (struct text){terminated, strlen(terminated)};
}

static void read_phone(struct codec_read *read, const char *phone, struct codec_find_caller *out)
{
    struct china_phone number;
    enum china_refusal refusal = china_read_phone(text_of(phone), &number);

    if (refusal) {
        codec_read_fault(read, "phone", "%s", china_refusal_text(refusal));
        return;
    }
    out->phone.bytes = strlen(number.number);
    out->phone.at = arena_copy_text(read->arena, number.number, out->phone.bytes);
}

enum status codec_get_find_caller(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_find_caller *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__FindCaller,
                    kehu__complaints__v1__find_caller__descriptor);

    *out = (struct codec_find_caller){.phone = TEXT_OF("")};
    if ((ask->phone[0] != '\0') == (ask->customer_ref[0] != '\0'))
        codec_read_fault(&r, "phone", "or customer_ref: give one of the two");
    else if (ask->phone[0])
        read_phone(&r, ask->phone, out);
    else if (!customer_ref_parse(text_of(ask->customer_ref), &out->customer))
        codec_read_fault(&r, "customer_ref", "leads to nobody: give " CUSTOMER_REF_FORMS);
    return codec_read_end(&r);
}

static void put_orders(const struct caller_card *card, Kehu__Complaints__V1__Caller *to,
                       struct arena *arena)
{
    Kehu__Complaints__V1__CallerOrder *orders =
        arena_take_array(arena, card->order_count, sizeof(*orders));

    to->orders = arena_take_array(arena, card->order_count, sizeof(*to->orders));
    for (size_t i = 0; orders && to->orders && i < card->order_count; i++) {
        kehu__complaints__v1__caller_order__init(&orders[i]);
        orders[i].order_id = codec_read_print_id(&card->orders[i].order, arena);
        orders[i].day = codec_read_print_day(card->orders[i].day, arena);
        orders[i].net_micros = card->orders[i].net_micros;
        orders[i].currency = (char *)card->orders[i].currency;
        to->orders[to->n_orders++] = &orders[i];
    }
}

static void put_card(const struct codec_caller *from, Kehu__Complaints__V1__Caller *to,
                     struct arena *arena)
{
    const char grade[2] = {from->card->grade, '\0'};

    to->grade = grade[0] == ' ' ? "" : arena_copy_text(arena, grade, 1);
    to->owner_id = codec_read_print_id(&from->card->owner, arena);
    to->customer_number = (char *)from->card->number;
    to->owner = (char *)from->card->owner_code;
    to->cases_12_months = from->card->cases_12_months;
    put_orders(from->card, to, arena);
    to->n_open_cases = from->open->count;
    to->open_cases = codec_case_summaries(from->open->list, from->open->count, from->now_us, arena);
}

const ProtobufCMessage *codec_caller(const struct codec_caller *from, struct arena *arena)
{
    Kehu__Complaints__V1__Caller *to = arena_take(arena, sizeof(*to));

    if (!to)
        return NULL;
    kehu__complaints__v1__caller__init(to);
    to->found = from->found;
    to->customer_id = codec_read_print_id(&from->customer, arena);
    to->contact_id = codec_read_print_id(&from->contact, arena);
    if (from->card)
        put_card(from, to, arena);
    return arena_is_full(arena) ? NULL : &to->base;
}

#include "services/complaints/codec/codec_standing.h"

#include "kehu/complaints/v1/events.pb-c.h"
#include "services/complaints/codec/codec_read.h"

const ProtobufCMessage *codec_customer_cases_changed(const struct codec_standing *told,
                                                     struct arena *arena)
{
    Kehu__Complaints__V1__CustomerCasesChanged *out = arena_take(arena, sizeof(*out));
    char **handlers = arena_take_array(arena, told->handler_count, sizeof(*handlers));

    if (!out || !handlers)
        return NULL;
    kehu__complaints__v1__customer_cases_changed__init(out);
    out->customer_id = codec_read_print_id(&told->customer, arena);
    out->open = told->standing.open;
    out->complaints_90_days = told->standing.in_90_days;
    out->complaints_12_months = told->standing.in_12_months;
    out->our_fault_12_months = told->standing.our_fault_in_12_months;
    out->repeat_complainant = told->standing.is_repeat;
    out->serious_open = told->standing.has_serious_open;
    out->last_at = codec_read_print_time(told->last_us, arena);
    out->total = told->standing.total;
    for (size_t i = 0; i < told->handler_count; i++)
        handlers[i] = codec_read_print_id(&told->handlers[i], arena);
    out->open_handler_ids = handlers;
    out->n_open_handler_ids = told->handler_count;
    return arena_is_full(arena) ? NULL : &out->base;
}

#include "services/complaints/domain/delivery.h"

#include <string.h>

static const char *const names[] = {"wanted", "accepted", "delivered",
                                    "spoken", "unproven", "bounced"};
static const char *const calls[] = {"",        "reached",      "no_answer",
                                    "refused", "wrong_number", "message_left"};

const char *delivery_name(enum delivery delivery)
{
    return names[delivery];
}

const char *delivery_call_name(enum delivery_call outcome)
{
    return calls[outcome];
}

enum delivery_call delivery_call_read(struct text name)
{
    for (size_t i = 1; i < COUNT_OF(calls); i++)
        if (name.bytes == strlen(calls[i]) && memcmp(name.at, calls[i], name.bytes) == 0)
            return (enum delivery_call)i;
    return DELIVERY_CALL_IS_NONE;
}

enum delivery delivery_of(const struct delivery_facts *facts, int64_t now_us, int64_t *at_us)
{
    if (facts->is_spoken) {
        *at_us = facts->accepted_us;
        return DELIVERY_SPOKEN;
    }
    if (facts->delivered_us != 0) {
        *at_us = facts->delivered_us;
        return DELIVERY_DELIVERED;
    }
    if (facts->bounced_us != 0)
        return DELIVERY_BOUNCED;
    if (facts->accepted_us == 0)
        return DELIVERY_WANTED;
    if (facts->has_receipts || now_us < facts->accepted_us + DELIVERY_UNPROVEN_US)
        return DELIVERY_ACCEPTED;
    *at_us = facts->accepted_us;
    return DELIVERY_UNPROVEN;
}

bool delivery_has_arrived(enum delivery delivery)
{
    return delivery == DELIVERY_DELIVERED || delivery == DELIVERY_SPOKEN ||
           delivery == DELIVERY_UNPROVEN;
}

int64_t delivery_next(const struct delivery_facts *facts, int64_t now_us)
{
    int64_t at_us;

    return delivery_of(facts, now_us, &at_us) == DELIVERY_ACCEPTED && !facts->has_receipts
               ? facts->accepted_us + DELIVERY_UNPROVEN_US
               : 0;
}

bool delivery_is_words(enum delivery delivery, bool is_substantive, bool is_automatic)
{
    return is_substantive && !is_automatic && delivery_has_arrived(delivery);
}

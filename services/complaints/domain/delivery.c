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

enum delivery delivery_read(struct text name)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (name.bytes == strlen(names[i]) && memcmp(name.at, names[i], name.bytes) == 0)
            return (enum delivery)i;
    return DELIVERY_WANTED;
}

bool delivery_has_receipts(struct text channel)
{
    return channel.bytes == 3 && memcmp(channel.at, "sms", 3) == 0;
}

/* An unproven one was accepted a day before; that it has no receipt is why it is unproven. */
struct delivery_facts delivery_recorded(enum delivery delivery, int64_t at_us, struct text channel)
{
    struct delivery_facts facts = {.has_receipts = delivery_has_receipts(channel)};

    switch (delivery) {
    case DELIVERY_WANTED:
        break;
    case DELIVERY_ACCEPTED:
        facts.accepted_us = at_us;
        break;
    case DELIVERY_DELIVERED:
        facts.delivered_us = at_us;
        break;
    case DELIVERY_SPOKEN:
        facts.is_spoken = true;
        facts.accepted_us = at_us;
        break;
    case DELIVERY_UNPROVEN:
        facts.has_receipts = false;
        facts.accepted_us = at_us;
        break;
    case DELIVERY_BOUNCED:
        facts.bounced_us = at_us;
        break;
    }
    return facts;
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

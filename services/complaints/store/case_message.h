/*
 * What was written and said about a case: notes, messages and calls to the complainant, and what he
 * said. Writes stand in a unit that saves the case, which its version guards; notes stand alone.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_MESSAGE_H
#define KEHU_COMPLAINTS_STORE_CASE_MESSAGE_H

#include "common/flow.h"
#include "services/complaints/domain/delivery.h"
#include "services/complaints/store/cases.h"

extern const struct pg_statement case_message_statements[];
extern const size_t case_message_statement_count;

struct case_message {
    struct id case_id, id;
    int64_t at_us;
    bool is_internal, is_from_complainant;
    struct text text;
    const char *channel; /* "sms", "phone"; "" : none, or by his channels */
    const char *by;
    bool is_substantive; /* not an automatic one */
    bool has_delivery;   /* it is to reach him: the two that follow are known */
    enum delivery delivery;
    int64_t delivery_us;
    struct text attachments; /* JSON; empty: none */
};
void case_message_add(struct request *req, const struct case_message *message);

/* One of the case that the question names. */
struct case_message_found {
    bool found;
    struct case_message message;
};
void case_message_find(struct request *req, const struct cases_question *question,
                       const struct id *id, struct case_message_found *out);
void case_message_save_delivery(struct request *req, const struct case_message *message);

/* Latest first, at most `max`. */
struct case_messages {
    struct case_message *list;
    size_t count;
};
struct case_message_page {
    struct id before; /* older than this one; zeroes: from the latest */
    uint32_t max;
    bool without_notes; /* what the complainant may see alone */
};
void case_message_list(struct request *req, const struct cases_question *question,
                       const struct case_message_page *page, struct case_messages *out);

#endif

#include "services/complaints/domain/opening.h"

#include <string.h>

#include "common/pure/utf8.h"
#include "common/pure/uuid.h"

struct text opening_summary(struct text content)
{
    struct text summary = {content.at, 0};
    size_t at = 0;

    for (size_t count = 0; count < CASE_SUMMARY_MAX && at < content.bytes; count++) {
        int32_t character = utf8_next(content, &at);

        if (character < ' ')
            break;
        summary.bytes = at;
    }
    return summary;
}

/* Amounts of other currencies are kept and do not decide: nobody knows how much they are. */
static bool is_comparable(const struct opening *opening, const char *currency)
{
    return opening->currency.bytes == 0 ||
           (opening->currency.bytes == strlen(currency) &&
            memcmp(opening->currency.at, currency, opening->currency.bytes) == 0);
}

struct severity_facts opening_severity(const struct opening *opening, uint32_t recurrences,
                                       const char *currency)
{
    return (struct severity_facts){
        .kind = opening->kind,
        .safety = opening->safety,
        .legal_or_media = opening->legal_or_media,
        .amount_micros = is_comparable(opening, currency) ? opening->amount_micros : 0,
        .recurrences = recurrences,
    };
}

struct recurrence_case opening_repeats(const struct opening *opening, const struct id *customer,
                                       int32_t day)
{
    return (struct recurrence_case){
        .customer = *customer,
        .kind = opening->kind,
        .state = CASE_RECEIVED,
        .issue = opening->issue,
        .product = opening->product,
        .batch = opening->batch,
        .day = day,
    };
}

/* Who: as he is known, and as he was named. */
static void put_person(const struct opening *opening, const struct opening_person *person,
                       const struct opening_stamp *stamp, struct case_file *file)
{
    file->is_anonymous = opening->who == OPENING_BY_NOBODY;
    file->reply_to = opening->reply_to;
    file->contact = opening->contact;
    if (opening->who == OPENING_BY_REF && opening->customer.kind == CUSTOMER_REF_EXTERNAL) {
        file->customer_source = opening->customer.source;
        file->customer_external_id = opening->customer.external_id;
    } else if (opening->who == OPENING_BY_REF) {
        file->customer_source = TEXT_OF(OPENING_OWN_SOURCE);
        file->customer_external_id = stamp->own_ref;
    }
    if (person->is_known)
        file->customer = person->customer;
    else
        file->phone_hash = stamp->phone_hash;
    if (uuid_is_none(&file->contact))
        file->contact = person->contact;
}

static void put_subject(const struct opening *opening, struct case_file *file)
{
    file->kind = opening->kind;
    file->channel = opening->channel;
    file->content = opening->content;
    file->summary =
        opening->summary.bytes > 0 ? opening->summary : opening_summary(opening->content);
    file->order_number = opening->order_number;
    file->product = opening->product;
    file->batch = opening->batch;
    file->issue = opening->issue;
    file->region = opening->region;
    file->authority = opening->authority;
    file->external_source = opening->external_source;
    file->external_id = opening->external_id;
}

/* How it ended there is how it stands here; no act of ours led to it. */
static void put_recorded(const struct opening_recorded *recorded, struct case_file *file)
{
    if (!recorded->is_recorded)
        return;
    file->state = case_recorded_state(recorded->was_closed);
    file->recorded_response = recorded->response;
    file->is_recorded_timely = recorded->was_timely;
    file->is_recorded_disputed = recorded->was_disputed;
    if (recorded->was_closed)
        file->closed_us = recorded->closed_us;
}

struct case_file opening_file(const struct opening *opening, const struct opening_person *person,
                              const struct opening_stamp *stamp,
                              const struct severity_policy *policy)
{
    const struct severity_facts facts =
        opening_severity(opening, stamp->recurrences, stamp->currency);
    struct case_file file = {
        .id = stamp->id,
        .number = stamp->number,
        .state = CASE_RECEIVED,
        .severity = severity_of(&facts, policy),
        .safety = opening->safety,
        .legal_or_media = opening->legal_or_media,
        .amount_micros = opening->amount_micros,
        .currency = opening->currency,
        .chased_day = CASE_NO_DAY,
        .invited_day = CASE_NO_DAY,
        .submitted_us = opening->submitted_us,
        .received_us = stamp->is_historic ? opening->submitted_us : stamp->now_us,
        .day = stamp->day,
        .recurs_of = stamp->recurs_of,
        .is_historic = stamp->is_historic,
        .version = 1,
    };

    file.priority = severity_priority(file.severity, &person->standing);
    put_person(opening, person, stamp, &file);
    put_subject(opening, &file);
    put_recorded(&opening->recorded, &file);
    return file;
}

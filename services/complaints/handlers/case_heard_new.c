/* What is said too late of a closed case: a case of its own, about the same, by the same person. */
#include <string.h>

#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/complaints/handlers/case_heard.h"

static enum opening_who who_of_file(const struct case_file *file)
{
    if (file->is_anonymous)
        return OPENING_BY_NOBODY;
    return file->phone_hash.bytes > 0 && uuid_is_none(&file->customer) ? OPENING_BY_PHONE
                                                                       : OPENING_BY_REF;
}

/* As it would be submitted. */
static struct opening opening_of(const struct case_file *file, const struct codec_words *said)
{
    enum case_channel channel =
        case_channel_read((struct text){said->channel, strlen(said->channel)});

    return (struct opening){
        .kind = file->kind,
        .channel = channel ? channel : CASE_BY_OTHER,
        .summary = opening_summary(said->text),
        .content = said->text,
        .who = who_of_file(file),
        .customer = {.kind = CUSTOMER_REF_EXTERNAL,
                     .source = file->customer_source,
                     .external_id = file->customer_external_id},
        .contact = file->contact,
        .reply_to = file->reply_to,
        .order_number = file->order_number,
        .product = file->product,
        .batch = file->batch,
        .issue = file->issue,
        .region = file->region,
        .authority = {.date = CASE_NO_DAY, .deadline = CASE_NO_DAY},
        .attachments = said->attachments,
        .submitted_us = said->at_us,
    };
}

/* The old one counts too: that is what makes it recur. */
static uint32_t count_recurrences(const struct request *req, const struct case_change *change,
                                  const struct opening *opening)
{
    const struct case_file *file = &change->found.file;
    int32_t day = zone_day(&req->service->zone, opening->submitted_us);
    struct recurrence_case later = opening_repeats(opening, &file->customer, day);
    const struct recurrence_case old = recurrence_of(file);
    uint32_t days = change->rules.severity.recurrence_days;

    later.id = (struct id){{1}}; /* none of those that are stored */
    return recurrence_count(change->earlier.list, change->earlier.count, &later, days) +
           recurrence_count(&old, 1, &later, days);
}

bool case_heard_open(struct request *req, const struct case_change *change,
                     const struct codec_words *said, struct openings_one *out)
{
    const struct case_file *file = &change->found.file;
    struct opening *opening = arena_take(req->arena, sizeof(*opening));
    struct case_intake_case *at = arena_take(req->arena, sizeof(*at));

    if (!opening || !at)
        return false;
    *opening = opening_of(file, said);
    at->joins.id = file->id;
    *out = (struct openings_one){
        .opening = opening,
        .person = {.is_known = !uuid_is_none(&file->customer),
                   .customer = file->customer,
                   .contact = file->contact,
                   .standing = change->found.customer},
        .counts_as = file->customer,
        .joining = JOINING_RECURS,
        .at = at,
        .joins_place = OPENINGS_NOWHERE,
        .phone_hash = file->phone_hash,
        .recurrences = count_recurrences(req, change, opening),
    };
    return true;
}

bool case_heard_leave(struct request *req, struct case_change *change, struct text number)
{
    const char *detail = arena_print(req->arena, "%.*s", (int)number.bytes, number.at);

    change->act_name = "recur";
    return case_change_note(req, change, TEXT_OF(""), detail);
}

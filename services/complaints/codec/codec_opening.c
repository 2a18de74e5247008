#include "services/complaints/codec/codec_opening.h"

#include <string.h>

#include "common/pure/china.h"
#include "common/pure/currency.h"
#include "kehu/complaints/v1/events.pb-c.h"
#include "services/complaints/domain/ahead.h"
#include "services/complaints/codec/codec_attachment.h"

#define ANSWER_MAX CASE_CONTENT_MAX

static const char *const authorities[] = {
    "12315", "12345", "consumer_association", "industry_regulator", "media", NULL};
#define AUTHORITY_WORDS "one of 12315, 12345, consumer_association, industry_regulator and media"
static const char *const replies[] = {"", "phone", "email", "wechat", "sms", NULL};

_Static_assert((int)CASE_IS_SERVICE_REQUEST ==
                       KEHU__COMPLAINTS__V1__CASE_KIND__CASE_KIND_SERVICE_REQUEST &&
                   (int)CASE_BY_REGULATOR == KEHU__COMPLAINTS__V1__CHANNEL__CHANNEL_REGULATOR &&
                   (int)CASE_BY_OTHER == KEHU__COMPLAINTS__V1__CHANNEL__CHANNEL_OTHER &&
                   (int)SEVERITY_CRITICAL == KEHU__COMPLAINTS__V1__SEVERITY__SEVERITY_CRITICAL &&
                   (int)PRIORITY_URGENT == KEHU__COMPLAINTS__V1__PRIORITY__PRIORITY_URGENT &&
                   (int)FAULT_OF_NOBODY == KEHU__COMPLAINTS__V1__FAULT__FAULT_NONE,
               "values are the same on the wire");

static struct text text_of(const char *terminated)
{
    return (struct text){terminated, strlen(terminated)};
}

/* --- who --- */

static void read_phone(struct codec_read *read, const char *phone, struct opening *out)
{
    struct china_phone number;
    enum china_refusal refusal = china_read_phone(text_of(phone), &number);

    if (refusal) {
        codec_read_fault(read, "complainant.phone", "%s", china_refusal_text(refusal));
        return;
    }
    out->who = OPENING_BY_PHONE;
    out->phone.bytes = strlen(number.number);
    out->phone.at = arena_copy_text(read->arena, number.number, out->phone.bytes);
}

static void read_complainant(struct codec_read *read,
                             const Kehu__Complaints__V1__OpenComplaint *from, struct opening *out)
{
    const Kehu__Complaints__V1__Complainant *who = from->complainant;
    int reply;

    if (!who || who->who_case == KEHU__COMPLAINTS__V1__COMPLAINANT__WHO__NOT_SET ||
        (who->who_case == KEHU__COMPLAINTS__V1__COMPLAINANT__WHO_ANONYMOUS && !who->anonymous)) {
        codec_read_fault(read, "complainant",
                         "is missing: give customer_ref, phone, or anonymous = true");
        return;
    }
    out->who = OPENING_BY_NOBODY;
    if (who->who_case == KEHU__COMPLAINTS__V1__COMPLAINANT__WHO_CUSTOMER_REF) {
        out->who = OPENING_BY_REF;
        if (!customer_ref_parse(text_of(who->customer_ref), &out->customer))
            codec_read_fault(read, "complainant.customer_ref",
                             "leads to nobody: give " CUSTOMER_REF_FORMS);
    } else if (who->who_case == KEHU__COMPLAINTS__V1__COMPLAINANT__WHO_PHONE) {
        read_phone(read, who->phone, out);
    }
    codec_read_id(read, "complainant.contact_id", who->contact_id, false, &out->contact);
    if (out->who == OPENING_BY_NOBODY && who->contact_id[0])
        codec_read_fault(read, "complainant.contact_id",
                         "cannot stand beside anonymous: leave one of them out");
    reply = codec_read_word(read, "complainant.reply_to", who->reply_to, replies,
                            "phone, email, wechat, sms or empty", 0);
    out->reply_to = text_of(replies[reply]);
}

/* --- about what --- */

static void read_subject(struct codec_read *read, const Kehu__Complaints__V1__OpenComplaint *from,
                         struct opening *out)
{
    const Kehu__Complaints__V1__Links *links = from->links;

    out->issue = codec_read_text(read, "issue", from->issue, OPENING_ISSUE_MAX, false);
    out->region = codec_read_text(read, "region", from->region, OPENING_SHORT_MAX, false);
    out->order_number = out->product = out->batch = TEXT_OF("");
    if (!links)
        return;
    out->order_number =
        codec_read_text(read, "links.order_number", links->order_number, OPENING_ISSUE_MAX, false);
    out->product = codec_read_text(read, "links.product", links->product, OPENING_ISSUE_MAX, false);
    out->batch = codec_read_text(read, "links.batch", links->batch, OPENING_SHORT_MAX, false);
}

static void read_severity(struct codec_read *read, const Kehu__Complaints__V1__OpenComplaint *from,
                          struct opening *out)
{
    const Kehu__Complaints__V1__SeverityFacts *facts = from->severity;

    out->currency = TEXT_OF("");
    if (!facts)
        return;
    out->safety = (enum severity)facts->safety;
    out->legal_or_media = (enum severity)facts->legal_or_media;
    out->amount_micros = facts->amount_micros;
    out->currency = text_of(facts->currency);
    if (facts->amount_micros < 0)
        codec_read_fault(read, "severity.amount_micros",
                         "must not be negative: it is the amount in dispute, in millionths");
    if (facts->currency[0] && !currency_is_known(facts->currency))
        codec_read_fault(read, "severity.currency",
                         "must be a code of ISO 4217 such as CNY, or empty for the business's");
}

static void check_ahead(struct codec_read *read, const char *field, int32_t day, int64_t now_us)
{
    if (ahead_is_day_beyond((int32_t)(now_us / DAY_US), day, AHEAD_DAYS))
        codec_read_fault(read, field, AHEAD_TOO_FAR);
}

/* A regulator's case has the authority's number and date: its term hangs on them. History may lack
 * them. */
static void read_authority(struct codec_read *read, const Kehu__Complaints__V1__OpenComplaint *from,
                           int64_t now_us, bool is_history, struct opening *out)
{
    const Kehu__Complaints__V1__Authority *authority = from->authority;
    int name;

    out->authority = (struct case_authority){TEXT_OF(""), TEXT_OF(""), CASE_NO_DAY, CASE_NO_DAY};
    if (!authority) {
        if (out->channel == CASE_BY_REGULATOR && !is_history)
            codec_read_fault(read, "authority",
                             "is missing: channel regulator needs name, number and date");
        return;
    }
    if (out->channel != CASE_BY_REGULATOR)
        codec_read_fault(read, "channel", "must be CHANNEL_REGULATOR where an authority is named");
    name =
        codec_read_word(read, "authority.name", authority->name, authorities, AUTHORITY_WORDS, -1);
    out->authority.name = text_of(authorities[name]);
    out->authority.number = codec_read_text(read, "authority.number", authority->number,
                                            OPENING_SHORT_MAX, !is_history);
    out->authority.date =
        codec_read_day(read, "authority.date", authority->date, CASE_NO_DAY, INT32_MAX);
    out->authority.deadline =
        codec_read_day(read, "authority.deadline", authority->deadline, CASE_NO_DAY, INT32_MAX);
    check_ahead(read, "authority.date", out->authority.date, now_us);
    check_ahead(read, "authority.deadline", out->authority.deadline, now_us);
    if (out->authority.date == CASE_NO_DAY && !is_history && !authority->date[0])
        codec_read_fault(read, "authority.date", "is missing: a day as YYYY-MM-DD");
    if (out->authority.deadline != CASE_NO_DAY && out->authority.date != CASE_NO_DAY &&
        out->authority.deadline < out->authority.date)
        codec_read_fault(read, "authority.deadline", "must not be before authority.date");
}

/* "source:external_id" of the case elsewhere. */
static void read_external(struct codec_read *read, const char *ref, struct opening *out)
{
    struct customer_ref parts;

    out->external_source = out->external_id = TEXT_OF("");
    if (!ref[0])
        return;
    if (!customer_ref_parse(text_of(ref), &parts) || parts.kind != CUSTOMER_REF_EXTERNAL) {
        codec_read_fault(read, "external_ref",
                         "must be source:external_id, such as shop:4711, of at most %d and %d "
                         "characters",
                         CUSTOMER_REF_SOURCE_MAX, CUSTOMER_REF_EXTERNAL_MAX);
        return;
    }
    out->external_source = parts.source;
    out->external_id = parts.external_id;
}

static void read_opening(struct codec_read *read, const Kehu__Complaints__V1__OpenComplaint *from,
                         int64_t now_us, bool is_history, struct opening *out)
{
    out->kind = from->kind ? (enum case_kind)from->kind : CASE_IS_COMPLAINT;
    out->channel = from->channel ? (enum case_channel)from->channel : CASE_BY_OTHER;
    out->content = codec_read_text(read, "content", from->content, CASE_CONTENT_MAX, true);
    out->summary = codec_read_text(read, "summary", from->summary, CASE_SUMMARY_MAX, false);
    if (memchr(out->summary.at, '\n', out->summary.bytes))
        codec_read_fault(read, "summary", "must be one line");
    out->submitted_us = codec_read_time(read, "submitted_at", from->submitted_at, now_us,
                                        now_us + CODEC_OPENING_AHEAD_US);
    if (out->submitted_us > now_us)
        out->submitted_us = now_us;
    read_complainant(read, from, out);
    read_subject(read, from, out);
    read_severity(read, from, out);
    read_authority(read, from, now_us, is_history, out);
    read_external(read, from->external_ref, out);
    out->joins = codec_read_text(read, "joins", from->joins, OPENING_ISSUE_MAX, false);
    out->attachments = codec_attachments_read(read, from->attachments, from->n_attachments);
}

enum status codec_get_open_complaint(const uint8_t *payload, size_t bytes, int64_t now_us,
                                     struct arena *arena, struct opening *out,
                                     struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__OpenComplaint,
                    kehu__complaints__v1__open_complaint__descriptor);

    *out = (struct opening){0};
    read_opening(&r, ask, now_us, false, out);
    return codec_read_end(&r);
}

/* --- solved on the spot --- */

/* The case within another message: its fields are told as "open.…". */
static void read_inner(struct codec_read *read, const Kehu__Complaints__V1__OpenComplaint *open,
                       int64_t now_us, struct codec_settling *out)
{
    if (!open) {
        codec_read_fault(read, "open", "is missing: the case itself");
        return;
    }
    read->under = "open.";
    read_opening(read, open, now_us, false, &out->open);
    if (out->open.joins.bytes > 0)
        codec_read_fault(read, "joins", "cannot be given: what joins a case is not solved at once");
    read->under = "";
}

static void read_handling(struct codec_read *read, const Kehu__Complaints__V1__CaseHandling *from,
                          struct codec_settling *out)
{
    const Kehu__Complaints__V1__Remedy *remedy = from ? from->remedy : NULL;
    enum remedy_flaw flaw;

    out->cause = out->unit = out->remedy_currency = out->remedy_text = TEXT_OF("");
    if (!from)
        return;
    out->cause = codec_read_text(read, "handling.cause", from->cause, OPENING_SHORT_MAX, false);
    out->unit = codec_read_text(read, "handling.unit", from->unit, OPENING_SHORT_MAX, false);
    out->fault = (enum remedy_fault)from->fault;
    if (!remedy || !remedy->kind[0])
        return;
    out->remedy = remedy_kind_read(text_of(remedy->kind));
    out->remedy_micros = remedy->amount_micros;
    out->remedy_currency = text_of(remedy->currency);
    out->remedy_text =
        codec_read_text(read, "handling.remedy.description", remedy->description, 2000, false);
    flaw = out->remedy ? remedy_check(out->remedy, out->remedy_micros) : REMEDY_KIND_IS_UNKNOWN;
    if (flaw)
        codec_read_fault(read,
                         flaw == REMEDY_KIND_IS_UNKNOWN ? "handling.remedy.kind"
                                                        : "handling.remedy.amount_micros",
                         "%s", remedy_flaw_text(flaw, TELLING_IS_EN));
    if (remedy->currency[0] && !currency_is_known(remedy->currency))
        codec_read_fault(read, "handling.remedy.currency", "must be a code of ISO 4217, or empty");
}

enum status codec_get_settle_complaint(const uint8_t *payload, size_t bytes, int64_t now_us,
                                       struct arena *arena, struct codec_settling *out,
                                       struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__SettleComplaint,
                    kehu__complaints__v1__settle_complaint__descriptor);

    *out = (struct codec_settling){.topic = TEXT_OF("")};
    read_inner(&r, ask->open, now_us, out);
    out->answer = codec_read_text(&r, "answer", ask->answer, ANSWER_MAX, true);
    read_handling(&r, ask->handling, out);
    out->is_satisfied = ask->satisfied;
    return codec_read_end(&r);
}

enum status codec_get_record_enquiry(const uint8_t *payload, size_t bytes, int64_t now_us,
                                     struct arena *arena, struct codec_settling *out,
                                     struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__RecordEnquiry,
                    kehu__complaints__v1__record_enquiry__descriptor);

    *out = (struct codec_settling){.topic = TEXT_OF("")};
    read_inner(&r, ask->open, now_us, out);
    if (ask->open && ask->open->kind &&
        ask->open->kind != KEHU__COMPLAINTS__V1__CASE_KIND__CASE_KIND_ENQUIRY)
        codec_read_fault(&r, "open.kind",
                         "must be CASE_KIND_ENQUIRY or empty: other kinds are opened, or settled");
    out->open.kind = CASE_IS_ENQUIRY;
    read_handling(&r, NULL, out);
    out->answer = codec_read_text(&r, "answer", ask->answer, ANSWER_MAX, true);
    out->topic = codec_read_text(&r, "topic", ask->topic, OPENING_SHORT_MAX, true);
    return codec_read_end(&r);
}

/* --- published events --- */

/* The first fault is the item's; its path begins with "data.". */
static bool end_item(struct intake_reader *reader, const struct codec_read *read)
{
    if (read->faults->count > 0)
        return intake_reject(reader, read->faults->list[0].field, "%s", read->faults->list[0].why);
    return !arena_is_full(reader->arena);
}

static int64_t business_time(const struct intake_reader *reader, int64_t standard_us)
{
    return reader->item->has_time ? reader->item->time_us : standard_us;
}

static bool read_submitted(struct intake_reader *reader, const ProtobufCMessage *message)
{
    const Kehu__Complaints__V1__ComplaintSubmitted *from = (const void *)message;
    const Kehu__Complaints__V1__RecordedOutcome *recorded = from->recorded;
    struct codec_published *out = codec_published_of(reader->item);
    struct opening *opening = &out->opening;
    struct codec_faults faults = {.count = 0};
    struct codec_read read = {reader->arena, &faults, "data.complaint."};
    int64_t now_us = reader->limits->now_us;
    bool is_history =
        recorded || (reader->item->has_time && intake_is_historic(reader->item->time_us, now_us));

    out->kind = CODEC_PUBLISHED_COMPLAINT;
    if (!from->complaint)
        return intake_reject(reader, "data.complaint", "is missing: the complaint itself");
    read_opening(&read, from->complaint, now_us, is_history, opening);
    if (!from->complaint->submitted_at && reader->item->has_time)
        opening->submitted_us = reader->item->time_us < now_us ? reader->item->time_us : now_us;
    read.under = "data.recorded.";
    if (recorded) {
        opening->recorded.is_recorded = true;
        opening->recorded.was_closed = recorded->closed;
        opening->recorded.was_timely = recorded->timely;
        opening->recorded.was_disputed = recorded->disputed;
        opening->recorded.response =
            codec_read_text(&read, "response", recorded->response, OPENING_RESPONSE_MAX, false);
        opening->recorded.closed_us =
            codec_read_time(&read, "closed_at", recorded->closed_at, 0, now_us);
    }
    reader->item->at_us = recorded ? 0 : business_time(reader, opening->submitted_us); /* history */
    return end_item(reader, &read);
}

static bool read_replied(struct intake_reader *reader, const ProtobufCMessage *message)
{
    const Kehu__Complaints__V1__ComplainantReplied *from = (const void *)message;
    struct codec_published *out = codec_published_of(reader->item);
    struct codec_faults faults = {.count = 0};
    struct codec_read read = {reader->arena, &faults, "data."};

    out->kind = CODEC_PUBLISHED_REPLY;
    out->case_ref = codec_read_text(&read, "case_ref", from->case_ref, OPENING_ISSUE_MAX, true);
    out->text = codec_read_text(&read, "text", from->text, CASE_CONTENT_MAX, true);
    out->channel = from->channel ? (enum case_channel)from->channel : CASE_BY_OTHER;
    reader->item->at_us = business_time(reader, reader->limits->now_us);
    return end_item(reader, &read);
}

static bool read_delivery(struct intake_reader *reader, const ProtobufCMessage *message)
{
    static const char *const outcomes[] = {"accepted", "delivered", "bounced", NULL};
    static const enum delivery stands[] = {DELIVERY_ACCEPTED, DELIVERY_DELIVERED, DELIVERY_BOUNCED};
    const Kehu__Complaints__V1__DeliveryReported *from = (const void *)message;
    struct codec_published *out = codec_published_of(reader->item);
    struct codec_faults faults = {.count = 0};
    struct codec_read read = {reader->arena, &faults, "data."};
    int outcome;

    out->kind = CODEC_PUBLISHED_DELIVERY;
    out->case_ref = codec_read_text(&read, "case_ref", from->case_ref, OPENING_ISSUE_MAX, true);
    codec_read_id(&read, "message_id", from->message_id, true, &out->message);
    outcome = codec_read_word(&read, "outcome", from->outcome, outcomes,
                              "accepted, delivered or bounced", -1);
    out->outcome = stands[outcome];
    reader->item->at_us = business_time(reader, reader->limits->now_us);
    return end_item(reader, &read);
}

static const struct intake_type types[] = {
    {"kehu.complaints.v1.ComplaintSubmitted",
     &kehu__complaints__v1__complaint_submitted__descriptor, read_submitted, NULL, true},
    {"kehu.complaints.v1.ComplainantReplied",
     &kehu__complaints__v1__complainant_replied__descriptor, read_replied, NULL, true},
    {"kehu.complaints.v1.DeliveryReported", &kehu__complaints__v1__delivery_reported__descriptor,
     read_delivery, NULL, false},
};

enum status codec_get_published(const uint8_t *payload, size_t bytes,
                                const struct intake_limits *limits, struct arena *arena,
                                struct intake *out, char *field, size_t field_bytes, char *why,
                                size_t why_bytes)
{
    static const struct intake_types known = {
        types, COUNT_OF(types),
        "kehu.complaints.v1.ComplaintSubmitted, ComplainantReplied and DeliveryReported",
        sizeof(struct codec_published)};

    return intake_read(payload, bytes, &known, limits, arena, out, field, field_bytes, why,
                       why_bytes);
}

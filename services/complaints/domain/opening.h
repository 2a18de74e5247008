/*
 * A case as somebody submits it, and the file it becomes (R62 to R64): by a command, or by another
 * system's event. What is history (an event of more than 7 days ago, or one that says how the case
 * ended there) is recorded in the state it has and stirs nothing.
 */
#ifndef KEHU_COMPLAINTS_OPENING_H
#define KEHU_COMPLAINTS_OPENING_H

#include "common/pure/customer_ref.h"
#include "services/complaints/domain/case_file.h"
#include "services/complaints/domain/recurrence.h"

/* The source under which a customer's number or id is kept that leads to nobody yet, so that the
 * case is linked when the customer appears: our own. */
#define OPENING_OWN_SOURCE "kehu"

#define OPENING_ISSUE_MAX 200 /* characters, of issue, product and batch */
#define OPENING_SHORT_MAX 100 /* of order numbers, regions, ways to answer */
#define OPENING_RESPONSE_MAX 200
#define OPENING_ATTACHMENTS_MAX 20

enum opening_who {
    OPENING_BY_NOBODY = 0, /* anonymous */
    OPENING_BY_REF = 1,
    OPENING_BY_PHONE = 2,
};

/* How the case ended where it comes from. */
struct opening_recorded {
    bool is_recorded, was_closed, was_timely, was_disputed;
    struct text response; /* as the source wrote it */
    int64_t closed_us;    /* 0: not known */
};

/* Texts are borrowed; moments and days as in case_file.h. */
struct opening {
    enum case_kind kind;
    enum case_channel channel;
    struct text summary, content;
    enum opening_who who;
    struct customer_ref customer; /* of BY_REF */
    struct text phone;            /* of BY_PHONE: E.164 */
    struct id contact;
    struct text reply_to;
    struct text order_number, product, batch, issue, region;
    enum severity safety, legal_or_media;
    int64_t amount_micros;
    struct text currency;
    struct case_authority authority;
    struct text external_source, external_id;
    struct text joins;       /* REF of a case; empty: none */
    struct text attachments; /* JSON list; empty: none */
    int64_t submitted_us;
    struct opening_recorded recorded;
};

/* One line for lists: the first line of the content, cut after CASE_SUMMARY_MAX characters. */
struct text opening_summary(struct text content);

/* Who complains, as far as he is known. */
struct opening_person {
    bool is_known;
    struct id customer; /* as the reference leads to him */
    struct id contact;  /* who alone holds the number; zeroes: as it was told */
    struct severity_customer standing;
};

/* What the file needs beside what was submitted. */
struct opening_stamp {
    struct id id;
    struct text number;
    struct text own_ref; /* of a number or id as reference: how it is kept (OPENING_OWN_SOURCE) */
    struct text phone_hash; /* of who is not known by his number */
    int32_t day;            /* of submission, local */
    int64_t now_us;
    bool is_historic;
    uint32_t recurrences; /* earlier ones within the policy's days */
    const char *currency; /* of the business */
    struct id recurs_of;
};
/* The case as it is added: received, or in its recorded state. */
struct case_file opening_file(const struct opening *opening, const struct opening_person *person,
                              const struct opening_stamp *stamp,
                              const struct severity_policy *policy);
/* The facts its severity follows from. */
struct severity_facts opening_severity(const struct opening *opening, uint32_t recurrences,
                                       const char *currency);
/* As an earlier or a later case for recurrence.h. */
struct recurrence_case opening_repeats(const struct opening *opening, const struct id *customer,
                                       int32_t day);

#endif

/*
 * The file of a case: what is known of it, as one value. Rows and the wire are made of it; commands
 * turn one into the next. What hangs on a case many times (clocks, messages, sub-tasks, actions,
 * lessons, attempts) stands in tables of its own.
 */
#ifndef KEHU_COMPLAINTS_CASE_FILE_H
#define KEHU_COMPLAINTS_CASE_FILE_H

#include "common/pure/day.h"
#include "services/complaints/domain/clock_policy.h"
#include "services/complaints/domain/condition.h"
#include "services/complaints/domain/confirmation.h"
#include "services/complaints/domain/remedy.h"
#include "services/complaints/domain/severity.h"

#define CASE_CONTENT_MAX 65536 /* characters */
#define CASE_SUMMARY_MAX 100   /* characters */
#define CASE_NO_DAY DAY_NONE

struct case_authority {
    struct text name, number;
    int32_t date, deadline; /* CASE_NO_DAY: none */
};

/* Texts are borrowed, empty where there is none; ids are zeroes where there is none; moments are
 * microseconds since 1970, 0: not yet. */
struct case_file {
    struct id id;
    struct text number; /* "TS-20260930-0001" */
    enum case_kind kind;
    enum case_state state;
    enum case_channel channel;
    struct text summary, content;

    /* who */
    bool is_anonymous;
    struct id customer, contact;
    struct text customer_source, customer_external_id; /* as given; linked when he appears */
    struct text phone_hash;                            /* of a caller nobody knows; 32 bytes */
    struct text reply_to;

    /* about what */
    struct text order_number, product, batch, issue, region;
    struct case_authority authority;
    struct text external_source, external_id;

    /* how grave */
    enum severity severity, safety, legal_or_media;
    int64_t amount_micros;
    struct text currency;
    enum priority priority;

    /* by whom */
    struct id handler;
    struct text team;
    bool is_supervised;
    uint32_t chases;
    int32_t chased_day; /* of the last; CASE_NO_DAY: none */

    /* when */
    int64_t submitted_us, received_us, acknowledged_us, first_words_us, answered_us, closed_us;
    int32_t day;         /* of submission, local */
    uint32_t reopened;   /* how often */
    int32_t invited_day; /* to rate; CASE_NO_DAY: not */

    /* what came of it */
    struct text cause, unit, topic;
    enum remedy_fault fault;
    enum remedy_kind remedy;
    int64_t remedy_micros;
    struct text remedy_currency, remedy_text;
    enum remedy_state remedy_state;
    struct id remedy_by; /* who proposed it */
    bool is_work_done;   /* of a service request */
    bool is_charge_noted;
    int64_t charge_micros;
    struct text taken_up; /* of a suggestion: "taken_up", "not_because" and why, or empty */
    struct id answer;     /* the message that is the answer */
    enum confirmation confirmation;
    uint32_t rating; /* 0: none */
    struct id duplicate_of, recurs_of;

    bool is_historic;
    struct text recorded_response;
    bool is_recorded_timely, is_recorded_disputed; /* as its source said */
    int64_t version;
};

/* What hangs on a case, counted for its closing and its moves. */
struct case_standing {
    uint32_t open_subtasks, actions, open_actions;
    enum condition_lesson lesson;
    struct delivery_facts answer; /* delivery of the message that is the answer */
    bool has_answer;
    struct confirmation_tries tries;
};

/* The facts of case_move, of the closing conditions and of the clocks' plan, from the file.
 * `now_us` for what 24 hours prove. */
struct case_view {
    const struct case_file *file;
    const struct case_standing *standing;
    const struct clock_policy *targets; /* reopen_days, confirmation_sample_percent */
    int64_t now_us;
    int32_t today;
    int32_t closed_day; /* local day of closed_us */
};
/* What an act leaves on the file beside the state: when it was taken, answered, closed, how often
 * it was reopened. */
void case_file_stamp(struct case_file *file, enum case_act act, int64_t now_us);
struct case_facts case_file_facts(const struct case_view *view, bool has_reason, bool by_handler);
struct condition_facts case_file_conditions(const struct case_view *view, bool closes_unconfirmed);

#endif

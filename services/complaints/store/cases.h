/*
 * Cases: finding one with all that is decided by, adding new ones in sets, saving a changed one.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASES_H
#define KEHU_COMPLAINTS_STORE_CASES_H

#include "common/flow.h"
#include "services/complaints/domain/case_file.h"
#include "services/complaints/domain/conduct.h"
#include "services/complaints/domain/recurrence.h"
#include "services/complaints/store/case_clock.h"
#include "services/complaints/store/sight.h"

extern const struct pg_statement cases_statements[];
extern const size_t cases_statement_count;
extern const struct pg_statement cases_save_statements[];
extern const size_t cases_save_statement_count;

/* A REF: number, id or "source:external_id" of the case. */
enum cases_ref_kind { CASES_REF_NUMBER = 1, CASES_REF_ID, CASES_REF_EXTERNAL };
struct cases_question {
    enum cases_ref_kind kind;
    struct text number; /* as case_number_print writes it */
    struct id id;
    struct text source, external_id;
};
#define CASES_REF_FORMS "a number (TS-20260930-0001), an id or source:external_id"
bool cases_ref_parse(struct text ref, struct arena *arena, struct cases_question *out);
/* The SQL of the id that a question names, of four parameters, which cases_put_question puts from
 * `first` (counted from 0) on: PG_TEXT, PG_ID, PG_TEXT, PG_TEXT. */
#define CASES_ID(number, id, source, external)                                                     \
    "(select named.id from cases named where named.number = " number                               \
    " union all select named.id from cases named where named.id = " id                             \
    " union all select named.id from cases named where named.external_source = " source            \
    " and named.external_source <> '' and named.external_id = " external ")"
void cases_put_question(struct pg_args *args, int first, const struct cases_question *question);

/* A case with what commands decide by; read in one trip. */
struct cases_found {
    bool found;
    bool is_seen;        /* within the sight that was asked with */
    bool is_person_seen; /* and who the complainant is, and what was written */
    struct case_file file;
    struct case_standing standing;         /* but its tries, which take a calendar */
    struct confirmation_attempt *attempts; /* on_working_day is not known here */
    size_t attempt_count;
    struct clock_rows clocks; /* all of it, the running ones too */
    struct conduct_recusal *recusals;
    size_t recusal_count;
    struct severity_customer customer; /* for the priority */
    bool customer_restricted;
    const char *handler_code; /* "" : nobody */
    bool is_forgotten;        /* what was written of it went: the complainant was erased */
};
/* `sight` NULL: of a timer or a job, which sees everything. */
void cases_find(struct request *req, const struct cases_question *question,
                const struct sight *sight, struct cases_found *out);

/* Whether this person, by code, worked on the case as its handler: investigated, proposed or
 * answered. Who hands it on then is still not another than its handler. */
void cases_find_worked(struct request *req, const struct cases_question *question, const char *by,
                       bool *out);

/* What the case may repeat: earlier complaints of its customer or with its product's batch, at
 * most CASES_EARLIER of each. */
#define CASES_EARLIER 100
struct cases_earlier {
    struct recurrence_case *list;
    size_t count;
};
void cases_list_earlier(struct request *req, const struct cases_question *question,
                        struct cases_earlier *out);

/* Likewise of a case as it would come to stand: of another customer, with another batch. */
void cases_list_earlier_of(struct request *req, const struct case_file *file,
                           struct cases_earlier *out);

/* --- writes (cases_save.c) --- */

/* What comes before every change of a case that is there, and of its rows in the work lists: the
 * row of the case is held until the transaction ends. One statement holds all that a transaction
 * changes, in the order of their ids, so that two processes never wait for each other in a circle.
 * cases_save holds by itself. */
void cases_hold(struct request *req, const struct id *id);
/* The same for rows beside a case that itself is not saved: stale when it was forgotten since. */
void cases_hold_kept(struct request *req, const struct id *id);
/* Those that wait for this reference; of this caller; raised by a chase before that day. */
void cases_hold_reference(struct request *req, struct text source, struct text external_id);
void cases_hold_number(struct request *req, struct text hash);
void cases_hold_raised(struct request *req, int32_t before);

/* A new case: many rows to one statement. The queue's row, the clocks' and the history's are put
 * beside it. */
void cases_add(struct request *req, const struct case_file *file);
/* Everything that commands change, guarded by the version that was read (stale otherwise), which
 * it raises by one. */
void cases_save(struct request *req, const struct case_file *after);
/* The row of the work lists; of an ended case it goes. `queued` is conduct_queued; `due_us`
 * CLOCK_NEVER: no clock runs. */
void cases_put_queue(struct request *req, const struct case_file *file, enum priority queued,
                     int64_t due_us, enum clock_kind due_kind);

/* A line of the history. */
struct cases_entry {
    struct id id; /* of one that is read; who adds one leaves it out */
    struct id case_id;
    uint8_t nth; /* of those that one request adds of the case, from 0, at most 63 */
    int64_t at_us;
    const char *act; /* "take" */
    enum case_state from, to;
    const char *by;
    struct text reason; /* as somebody wrote it */
    const char *detail; /* "clock resolution due 2026-10-14": no personal values */
};
void cases_add_entry(struct request *req, const struct cases_entry *entry);

#endif

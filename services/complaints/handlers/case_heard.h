/*
 * What comes back about a case: what its complainant says, and what became of a message to him. The
 * same steps for a command about one case and for many published events (publish).
 *
 *   of many:  case_heard_of each; case_heard_ask; wait;
 *             while case_heard_follow asked again; wait;
 *             those that case_heard_recurs are opened as cases of their own (case_heard_open),
 *             whose numbers they are given;
 *             case_heard_put
 */
#ifndef KEHU_COMPLAINTS_CASE_HEARD_H
#define KEHU_COMPLAINTS_CASE_HEARD_H

#include "services/complaints/codec/codec_case_handling.h"
#include "services/complaints/domain/joining.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/openings.h"
#include "services/complaints/store/case_message.h"

/* --- of one case whose change has begun --- */

/* What becomes of his words: JOINS, REOPENS, RECURS or FOLLOWS (the case it was merged into). */
enum joining case_heard_judge(const struct request *req, const struct case_change *change,
                              int64_t said_us);
/* Joins or reopens, as judged: his message; "1" and "2" while he is asked confirm and dispute.
 * False: *end refuses. */
bool case_heard_reply(struct request *req, struct case_change *change,
                      const struct codec_words *said, enum joining joining, enum flow *end);
/* How the message stands now; words that reached him, an answer that did. False: no memory. What is
 * told earlier than what is known changes nothing. */
bool case_heard_delivery(struct request *req, struct case_change *change,
                         const struct case_message *message, enum delivery outcome, int64_t at_us);
/* What is wrong with the outcome told of this message; NULL: nothing. */
const char *case_heard_check(const struct case_message_found *message, int64_t at_us);

/* A case of its own for what is said too late of `change`'s, which it recurs of: the opening, the
 * person and the verdict, for openings_draw, openings_make and openings_put. False: no memory. */
bool case_heard_open(struct request *req, const struct case_change *change,
                     const struct codec_words *said, struct openings_one *out);

/* The old case's line that it has recurred as the one of that number. With its save it is the guard
 * of what the new case takes from it: who reopens, links or erases it meanwhile goes first or is
 * stale. False: no memory. */
bool case_heard_leave(struct request *req, struct case_change *change, struct text number);

/* The kind of timer by which an accepted message becomes unproven after a day. */
#define CASE_HEARD_UNPROVEN "case_unproven"
enum flow case_heard_unproven_ring(struct request *req);

/* --- of many, in one unit --- */

struct case_heard {
    bool is_delivery; /* else a reply */
    struct codec_words words;
    struct codec_delivery delivery;
    bool is_historic; /* older than seven days: it is kept, and moves nothing */
    struct case_change *change;
    struct case_message_found message;
    struct text recurs_as;   /* the number of the case that was opened for it */
    const char *field, *why; /* why it is refused; NULL: it is not */
};
/* With words or delivery set but their refs: about which case. False: field and why say what is
 * wrong with the ref. */
bool case_heard_of(struct request *req, struct text ref, int64_t at_us, struct case_heard *heard);
void case_heard_ask(struct request *req, struct case_heard *list, size_t count);
/* True: some case was merged into another, which was asked for; wait and call again. */
bool case_heard_follow(struct request *req, struct case_heard *list, size_t count);
/* Too late for its case: `case_heard_open` makes the new one; of the old one it is noted. */
bool case_heard_recurs(const struct request *req, const struct case_heard *heard);
/* Into the unit. False: *end says why the request cannot go on. */
bool case_heard_put(struct request *req, struct case_heard *list, size_t count, enum flow *end);

#endif

/*
 * Submissions becoming cases, in sets: one command is a set of one, a published batch a set of
 * hundreds, and each of the questions and writes is one statement whatever the set holds.
 *
 *   ask      openings_ask                  -> wait
 *   look     openings_look                 -> wait
 *   draw     openings_sort; openings_draw  -> wait
 *   decide   openings_make; openings_put of each
 *
 * What is sorted to join a case that is there (JOINS, REOPENS) goes the way of openings_join.h.
 */
#ifndef KEHU_COMPLAINTS_HANDLERS_OPENINGS_H
#define KEHU_COMPLAINTS_HANDLERS_OPENINGS_H

#include "services/complaints/handlers/case_clocks.h"
#include "services/complaints/store/case_intake.h"

#define OPENINGS_NOWHERE SIZE_MAX

struct openings_one {
    const struct opening *opening;
    bool is_historic;
    bool is_left; /* known from before, or refused: nothing is done with it */

    struct opening_person person;
    struct id counts_as; /* of a known one */
    struct cases_question named;
    bool has_named;
    size_t first, count; /* of openings_set.found */

    const char *field, *why; /* what is wrong with it; NULL: nothing */
    enum joining joining;
    const struct case_intake_case *at; /* what it joins, reopens or recurs; NULL: no stored case */
    size_t joins_place; /* joins the new case of that one of this set; else OPENINGS_NOWHERE */

    struct text
        phone_hash;        /* of who is known by that alone, from an earlier case; empty: as told */
    struct case_file file; /* of a new one */
    struct clock_rows clocks;
    uint32_t recurrences;
    struct text possible[JOINING_POSSIBLE]; /* numbers of what it may be the same as */
    struct id possible_ids[JOINING_POSSIBLE];
    size_t possible_count;
};

struct openings_set {
    struct openings_one *list;
    size_t count;
    const char *by; /* of the history's lines */
    struct case_rules rules;
    struct case_intake_persons persons;
    struct case_intake_takens takens;
    struct case_intake_cases found;
    struct case_intake_numbers numbers;
};

/* `list` has its openings set. */
void openings_ask(struct request *req, struct openings_set *set);
void openings_look(struct request *req, struct openings_set *set);
/* Decides what each is; afterwards `field` and `why` say what is refused. */
void openings_sort(struct request *req, struct openings_set *set);
void openings_draw(struct request *req, struct openings_set *set);
/* The new cases with their numbers and clocks. False: no memory. */
bool openings_make(struct request *req, struct openings_set *set);
/* Into the unit: a new case's row, history, messages and events; and, unless the caller goes on
 * with the case before the commit, its clocks and its place in the queue. Of one that joins another
 * of the set: what it says. False: no memory. */
bool openings_put(struct request *req, struct openings_set *set, size_t i, bool goes_on);
/* A message of the complainant, with what was attached. */
void openings_add_said(struct request *req, const struct id *case_id, const struct opening *opening,
                       struct text text);
/* True of one that became a case of its own. */
bool openings_is_new(const struct openings_one *one);

/* Subjects under which submissions go one after the other, so that the second finds the case of the
 * first: who complains, about which order, which case it is elsewhere. Returns how many. */
#define OPENINGS_HASHES 3
size_t openings_hash(const struct opening *opening, uint64_t hashes[OPENINGS_HASHES]);

/* A job: links cases that were opened while their customer's reference was being learned. */
enum flow openings_link_late(struct request *req);

#endif

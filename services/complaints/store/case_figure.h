/*
 * Keys and figures of reports as SQL over a case (domain/report.h): the report counts by them, and
 * the list of cases finds by them what stands behind a figure. In statements that are planned for
 * their values (`varies`) only what is asked for is left of them.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_FIGURE_H
#define KEHU_COMPLAINTS_STORE_CASE_FIGURE_H

/* The file that a case's customer counts as, from his own: `what` of it, "" where there is none. */
#define CASE_FIGURE_CUSTOMER(c, what)                                                              \
    "coalesce((select " what " from customer_seen figure_k join customer_seen figure_t"            \
    " on figure_t.customer_id = coalesce(figure_k.counts_as, figure_k.customer_id)"                \
    " left join staff_seen figure_s on figure_s.staff_id = figure_t.owner_id"                      \
    " where figure_k.customer_id = " c ".customer_id), '')"

/* The key of enum report_key; `channels` and `states` are arrays of their names from 1 on, the last
 * four are SQL. */
#define CASE_FIGURE_KEY_OF(c, by, channels, states, month, owner, grade, handler)                  \
    "(case " by " when 1 then " c ".product when 2 then " c ".issue"                               \
    " when 3 then " month " when 4 then (" channels ")[" c ".channel]"                             \
    " when 5 then (" states ")[" c ".state] when 6 then " c ".region when 7 then " c ".cause"      \
    " when 8 then " owner " when 9 then " grade " when 11 then " handler " else 'total' end)"
#define CASE_FIGURE_MONTH(day) "to_char(" day "::timestamp, 'YYYY-MM')"
/* Asked case by case, of few; and of all at once, beside the joins, with null for a month, which is
 * made of `day` later. Of all these nothing is left where the key is another. */
#define CASE_FIGURE_KEY(c, by, channels, states)                                                   \
    CASE_FIGURE_KEY_OF(                                                                            \
        c, by, channels, states, CASE_FIGURE_MONTH(c ".day"),                                      \
        CASE_FIGURE_CUSTOMER(c, "figure_s.code"), CASE_FIGURE_CUSTOMER(c, "figure_t.grade::text"), \
        "coalesce((select code from staff_seen where staff_id = " c ".handler_id), '')")
#define CASE_FIGURE_KEY_JOINED(c, by, channels, states)                                            \
    CASE_FIGURE_KEY_OF(c, by, channels, states, "null", "coalesce(figure_c.owner, '')",            \
                       "coalesce(figure_c.grade, '')", "coalesce(figure_h.code, '')")
#define CASE_FIGURE_JOINS(c, by)                                                                   \
    " left join (select figure_k.customer_id, figure_t.grade::text as grade, figure_s.code as"     \
    " owner from customer_seen figure_k join customer_seen figure_t on figure_t.customer_id ="     \
    " coalesce(figure_k.counts_as, figure_k.customer_id) left join staff_seen figure_s"            \
    " on figure_s.staff_id = figure_t.owner_id) figure_c on " by " in (8, 9)"                      \
    " and figure_c.customer_id = " c ".customer_id left join staff_seen figure_h"                  \
    " on figure_h.staff_id = " c ".handler_id"

/* case_is_counted, of any kind; case_is_ended. */
#define CASE_FIGURE_COUNTED(c) c ".state not in (12, 13, 14)"
#define CASE_FIGURE_ENDED(c) c ".state in (9, 11, 12, 13, 14)"

/* recurrence_between: another counted complaint of up to so many days before, which it repeats.
 * Looked for along an index that holds all of it, case by case: of who has very many cases only
 * those of the days are read. */
#define CASE_FIGURE_EARLIER(c, days)                                                               \
    "figure_e.kind = 1 and " CASE_FIGURE_COUNTED(                                                  \
        "figure_e") " and figure_e.day between " c ".day - " days " and " c                        \
                    ".day and (figure_e.submitted_at, figure_e.id) < (" c ".submitted_at, " c      \
                    ".id)"
#define CASE_FIGURE_OF_CUSTOMER(c, days)                                                           \
    "(" c ".kind = 1 and " c ".customer_id is not null and exists (select from cases figure_e"     \
    " where figure_e.customer_id = " c                                                             \
    ".customer_id and " CASE_FIGURE_EARLIER(c, days) " and case when figure_e.cause <> '' and " c  \
                                                     ".cause <> '' then figure_e.cause = " c       \
                                                     ".cause else figure_e.issue = " c             \
                                                     ".issue and " c ".issue <> '' end offset 0))"
#define CASE_FIGURE_OF_BATCH(c, days)                                                              \
    "(" c ".kind = 1 and " c ".batch <> '' and " c ".product <> '' and exists"                     \
    " (select from cases figure_e where figure_e.product = " c ".product and figure_e.batch = " c  \
    ".batch and figure_e.batch <> '' and " CASE_FIGURE_EARLIER(c, days) " offset 0))"

#define CASE_FIGURE_OPEN(c) "not " CASE_FIGURE_ENDED(c)
#define CASE_FIGURE_CLOSED(c) c ".state in (9, 11)"
#define CASE_FIGURE_SERIOUS(c) c ".severity >= 3"
#define CASE_FIGURE_REOPENED(c) c ".reopened > 0"
#define CASE_FIGURE_UNCONFIRMED(c) c ".state = 11"
#define CASE_FIGURE_ACKNOWLEDGED(c) "(not " c ".is_historic and " c ".acknowledged_at is not null)"
#define CASE_FIGURE_ANSWERED(c) "(not " c ".is_historic and " c ".answered_at is not null)"
#define CASE_FIGURE_CLOSED_AT(c)                                                                   \
    "(not " c ".is_historic and " c ".closed_at is not null and " c ".state in (9, 11))"
#define CASE_FIGURE_RATED(c) c ".rating > 0"
#define CASE_FIGURE_ASKED(c) "(" c ".rating > 0 or " c ".invited_on is not null)"
#define CASE_FIGURE_OUR_FAULT(c) c ".fault = 1"
/* Judged clocks of a case that is assessed; `kind` 0: of any. */
#define CASE_FIGURE_CLOCK(c, outcome, kind)                                                        \
    "(not " c ".is_historic and exists (select from clock figure_c where figure_c.case_id = " c    \
    ".id and figure_c.outcome = " outcome " and (" kind " = 0 or figure_c.kind = " kind ")))"

/* True of a case behind the figure (enum report_figure). */
/* clang-format off */
#define CASE_FIGURE_FILTER(c, figure, kind, days)                                                  \
    "(case " figure " when 18 then not " CASE_FIGURE_COUNTED(c)                                    \
    " else " CASE_FIGURE_COUNTED(c) " and case " figure " when 1 then true"                        \
    " when 2 then " CASE_FIGURE_OPEN(c)                                                            \
    " when 3 then " CASE_FIGURE_CLOSED(c)                                                          \
    " when 4 then " CASE_FIGURE_SERIOUS(c)                                                         \
    " when 5 then " CASE_FIGURE_REOPENED(c)                                                        \
    " when 6 then " CASE_FIGURE_UNCONFIRMED(c)                                                     \
    " when 7 then " c ".recurs_of is not null or " CASE_FIGURE_OF_CUSTOMER(c, days)                \
    " or " CASE_FIGURE_OF_BATCH(c, days)                                                           \
    " when 8 then " CASE_FIGURE_OF_CUSTOMER(c, days)                                               \
    " when 9 then " CASE_FIGURE_OF_BATCH(c, days)                                                  \
    " when 10 then " CASE_FIGURE_CLOCK(c, "1", kind)                                               \
    " when 11 then " CASE_FIGURE_CLOCK(c, "2", kind)                                               \
    " when 12 then " CASE_FIGURE_ACKNOWLEDGED(c)                                                   \
    " when 13 then " CASE_FIGURE_ANSWERED(c)                                                       \
    " when 14 then " CASE_FIGURE_CLOSED_AT(c)                                                      \
    " when 15 then " CASE_FIGURE_RATED(c)                                                          \
    " when 16 then " CASE_FIGURE_ASKED(c)                                                          \
    " when 17 then " CASE_FIGURE_OUR_FAULT(c)                                                      \
    " when 19 then " c ".is_historic else false end end)"
/* clang-format on */

#endif

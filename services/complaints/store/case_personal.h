/*
 * The statements that count and empty the personal columns of cases; generated from the comments of
 * the schema by deploy/check/personal.sh, so that erasure and docs/personal-complaints.md know the
 * same columns.
 */
#ifndef KEHU_COMPLAINTS_STORE_CASE_PERSONAL_H
#define KEHU_COMPLAINTS_STORE_CASE_PERSONAL_H

#include "common/personal.h"

extern const struct personal_column case_personal_columns[];
extern const size_t case_personal_column_count;
extern const struct personal_part case_personal_parts[];
extern const size_t case_personal_part_count;
extern const struct pg_statement case_personal_put[];
extern const size_t case_personal_put_count;

/* One write per table; 1 the ids of cases. */
extern const struct pg_statement case_personal_erase_case[];
extern const size_t case_personal_erase_case_count;

/* Of 1 ids: (how many personal values there are, their mark); rows of (place, table, row as JSON).
 */
enum case_personal_question {
    CASE_PERSONAL_COUNT_CASE,
    CASE_PERSONAL_READ_CASE,
};
extern const struct pg_statement case_personal_questions[];
extern const size_t case_personal_questions_count;

/* Stale unless the values of 1 ids have 2 the mark still. */
extern const struct pg_statement case_personal_guard[];
extern const size_t case_personal_guard_count;

#endif

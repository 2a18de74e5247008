/*
 * How the cases of each customer stand, told to others as CustomerCasesChanged: changes mark the
 * customer in their own unit, a job counts the marked ones in sets (domain/repeat.h) and says what
 * differs; also on the day on which a case leaves a window.
 */
#ifndef KEHU_COMPLAINTS_STORE_STANDING_H
#define KEHU_COMPLAINTS_STORE_STANDING_H

#include "common/flow.h"

extern const struct pg_statement standing_statements[];
extern const size_t standing_statement_count;

/* Adds to the unit: the customer is to be counted again. Zeroes: nothing. Many to one statement. */
void standing_mark(struct request *req, const struct id *customer);

#endif

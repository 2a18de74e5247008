/*
 * Submissions that belong to a case that is there (openings.h): after openings_sort they are asked
 * for, and written with the others.
 */
#ifndef KEHU_COMPLAINTS_HANDLERS_OPENINGS_JOIN_H
#define KEHU_COMPLAINTS_HANDLERS_OPENINGS_JOIN_H

#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/openings.h"

/* True of one that joins or reopens a stored case. */
bool openings_is_joined(const struct openings_one *one);
/* Asks for the cases joined. False: no memory. */
bool openings_ask_joined(struct request *req, struct openings_set *set);
/* One of them went while it was asked for: begin again. */
bool openings_has_lost(const struct openings_set *set);
/* What it says, and the reopening, into the unit. False: no memory. */
bool openings_put_joined(struct request *req, struct openings_set *set, size_t i);
/* After all are put: the rows of the cases joined. False: no memory. */
bool openings_save_joined(struct request *req, struct openings_set *set);

#endif

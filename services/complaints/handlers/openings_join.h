/*
 * Submissions that belong to a case that is there (openings.h) are words of its complainant: after
 * openings_sort they go the way of case_heard.h.
 */
#ifndef KEHU_COMPLAINTS_HANDLERS_OPENINGS_JOIN_H
#define KEHU_COMPLAINTS_HANDLERS_OPENINGS_JOIN_H

#include "services/complaints/handlers/case_heard.h"
#include "services/complaints/handlers/openings.h"

/* True of one that joins or reopens a stored case. */
bool openings_is_joined(const struct openings_one *one);
/* What it says, for case_heard_ask. False: no memory. */
bool openings_hear(struct request *req, const struct openings_one *one, struct case_heard *heard);
/* The case went, or ended long ago, since it was looked for: begin again. */
bool openings_has_lost(const struct request *req, const struct case_heard *heard);

#endif

/*
 * The steps that every service takes with a Publish (intake.h):
 *
 *   decode   intake_batch_begin; then hold the subjects of the events, intake_batch_hash
 *   ask      intake_batch_ask
 *   sort     intake_batch_sort: what is known from before, what contradicts it
 *            intake_batch_ask_quarantine, when something was rejected so far or may yet be
 *   decide   the service's own; intake_batch_accept for each open item, intake_batch_quarantine
 *   answer   intake_batch_count; flow_reply(req, intake_published(…))
 */
#ifndef KEHU_INTAKE_BATCH_H
#define KEHU_INTAKE_BATCH_H

#include "common/flow.h"
#include "common/intake.h"
#include "common/quarantine.h"
#include "common/receipt.h"

struct intake_batch {
    struct intake intake;
    struct intake_answer *answers; /* one per item; outcome 0 while it is undecided */
    struct receipts receipts;
    struct quarantine_key quarantine_key;
    bool has_rejected;
};

/* True while the item is neither refused nor known from before. */
bool intake_batch_is_open(const struct intake_batch *batch, size_t i);
/* `field` and `why` are kept, not copied. */
void intake_batch_reject(struct intake_batch *batch, size_t i, const char *field, const char *why);

/* With what decoding it ended with. False: *end refuses the whole, also when the key may not
 * publish from one of the sources. */
bool intake_batch_begin(struct request *req, struct intake_batch *batch, enum status decoded,
                        const char *field, const char *why, enum flow *end);
/* The subject of the item's (source, id): two requests about the same event go one after the other.
 */
uint64_t intake_batch_hash(const struct intake_batch *batch, size_t i);
void intake_batch_ask(struct request *req, struct intake_batch *batch);
/* Answers those with a receipt, and repeats within the batch. False: the arena is full. */
bool intake_batch_sort(struct request *req, struct intake_batch *batch);
void intake_batch_ask_quarantine(struct request *req, struct intake_batch *batch);
/* Its receipt goes into the unit. */
void intake_batch_accept(struct request *req, struct intake_batch *batch, size_t i);
/* All that was rejected is kept, as part of the unit; the key was asked for. */
void intake_batch_quarantine(struct request *req, struct intake_batch *batch);

struct intake_counts {
    uint64_t accepted, duplicates, rejected, historic, conflicts;
};
/* Adds what is committed and about to be answered. A conflict is a mistake of the source that
 * nobody would notice otherwise: it warns. */
void intake_batch_count(struct request *req, const struct intake_batch *batch,
                        struct intake_counts *counts);

#endif

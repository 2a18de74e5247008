/*
 * Commands: effects asked for by one request, receipted under (source, request id) in the unit of
 * the effect, with the packed reply. The same request again gets the same answer; the same id with
 * other bytes is refused.
 *
 *   first step:  command_find(req, &r->seen); … other asks …; return flow_wait(req, decide);
 *   decide:      if (command_is_repeat(&r->seen)) return command_reply_again(req, &r->seen);
 *                … flow_write …;
 *                return command_commit(req, reply);
 *
 * The key names of whom, so `source` is never empty here; ids of events are names of another set.
 * What is stored is a packed kehu.bus.v1.Reply with type and payload. Losing the race against
 * itself makes a unit stale (23505), and the next try finds the receipt. `out` lives in the
 * request's state or arena.
 */
#ifndef KEHU_COMMAND_H
#define KEHU_COMMAND_H

#include "common/flow.h"

extern const struct pg_statement command_statements[];
extern const size_t command_statement_count;

struct command_receipt {
    bool found;
    bool is_same;           /* same type, subject, payload and person */
    const char *reply_type; /* full name of the stored reply */
    const uint8_t *reply;
    size_t reply_bytes;
};

/* Asks for the receipt of this request. */
void command_find(struct request *req, struct command_receipt *out);
bool command_is_repeat(const struct command_receipt *seen);
/* The stored answer; FAILED_PRECONDITION when the id was used for something else. */
enum flow command_reply_again(struct request *req, const struct command_receipt *seen);
/* Adds the receipt with this reply to the unit: for those whose answer is not yet their end. */
void command_add(struct request *req, const struct flow_packed *reply);
/* Adds the receipt with this reply, commits, and answers with it. */
enum flow command_commit(struct request *req, const ProtobufCMessage *reply);
/* Likewise of an answer with personal values. Receipts outlive persons: the repeat is answered with
 * `kept`, the same answer without them. */
enum flow command_commit_private(struct request *req, const ProtobufCMessage *reply,
                                 const ProtobufCMessage *kept);

#endif

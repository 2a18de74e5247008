/*
 * Policies as documents: each kind is a message of its own that a field of the service's Policy
 * message holds, the field is named as the kind; rows keep it as canonical JSON (policy.h). What a
 * document says is the service's business: here it is read, written, found and named.
 */
#ifndef KEHU_POLICY_DOCUMENT_H
#define KEHU_POLICY_DOCUMENT_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "common/policy.h"

/* The kinds of a service: 1 to `count`; 0 is none. */
struct policy_kinds {
    const ProtobufCMessageDescriptor *policy; /* its message Policy */
    const char *const *names;                 /* by kind; [0] is not looked at */
    int count;
    const char *said; /* "grade, review or owners": in refusals */
};

/* The field of Policy that holds documents of the kind. */
const ProtobufCFieldDescriptor *policy_document_field(const struct policy_kinds *kinds, int kind);
/* The subject of a kind's events: the same in every installation. */
struct id policy_document_subject(const struct policy_kinds *kinds, int kind);

/* Canonical JSON to the message and back. INVALID_ARGUMENT: it is no such document. */
enum status policy_document_read(const struct policy_kinds *kinds, int kind, const char *json,
                                 struct arena *arena, ProtobufCMessage **out) MUST_USE;
/* NULL: no memory. */
const char *policy_document_print(const ProtobufCMessage *document, struct arena *arena);

/* The number of the latest version; 1: the built-in one. */
uint32_t policy_latest(const struct policy_rows *rows);
/* NULL: there is no row of this version. */
const struct policy_row *policy_find(const struct policy_rows *rows, uint32_t version);

/* --- questions about policies --- */

/* Everything wrong with a question, named at once. */
#define POLICY_FAULTS 20
struct policy_faults {
    struct {
        const char *field; /* "policy.grade.regions[2].b_share_micros" */
        const char *why;
    } list[POLICY_FAULTS];
    size_t count;
};
/* Adds one while there is room; both may be NULL of a full arena. */
void policy_faults_add(struct policy_faults *faults, const char *field, const char *why);
/* INVALID_ARGUMENT when something was added. */
enum status policy_faults_verdict(const struct policy_faults *faults, const struct arena *arena);

/* Decodes and validates a question; `faults` begin anew. */
enum status policy_unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                          size_t bytes, struct arena *arena, struct policy_faults *faults,
                          ProtobufCMessage **out) MUST_USE;
/* The kind of that name; 0 and a fault when there is none. */
int policy_read_kind(const struct policy_kinds *kinds, const char *name, const char *field,
                     struct arena *arena, struct policy_faults *faults);
/* The kind and the document that a Policy carries. The kind may be left out where the document
 * says it. 0 and a fault under `path`: there is none, or the two differ. */
int policy_read_document(const struct policy_kinds *kinds, const ProtobufCMessage *policy,
                         const char *path, struct arena *arena, struct policy_faults *faults,
                         ProtobufCMessage **out);
/* A reason is needed: at most 500 characters. */
void policy_check_reason(const char *reason, struct policy_faults *faults);

/* Ends a question that cannot be answered as asked, or whose version cannot be had. */
enum flow policy_refuse_question(struct request *req, enum status status,
                                 const struct policy_faults *faults);
enum flow policy_refuse_version(struct request *req, enum status status, const char *kind,
                                uint32_t version);

#endif

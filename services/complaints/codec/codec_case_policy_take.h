/*
 * Between the files that read policies of complaints: what a document says, and what is wrong.
 */
#ifndef KEHU_COMPLAINTS_CODEC_CASE_POLICY_TAKE_H
#define KEHU_COMPLAINTS_CODEC_CASE_POLICY_TAKE_H

#include "kehu/complaints/v1/policies.pb-c.h"
#include "services/complaints/codec/codec_case_policy.h"

struct case_policy_taking {
    struct arena *arena;
    const char *path; /* of the document: "policy.targets" */
    struct policy_faults *faults;
};

/* Adds a fault of a field of the document. */
void codec_case_policy_fault(struct case_policy_taking *taking, const char *field, const char *why);
/* Completes a decoded document with the standard, and reads it. False: the arena is full. */
bool codec_case_policy_take(enum case_policy_kind kind, ProtobufCMessage *document,
                            struct case_policy_taking *taking, struct case_policy *out);

/* codec_case_policy_targets.c */
void codec_case_policy_take_targets(Kehu__Complaints__V1__TargetPolicy *document,
                                    struct case_policy_taking *taking, struct case_policy *out);
/* codec_case_policy_causes.c */
void codec_case_policy_take_causes(Kehu__Complaints__V1__CausePolicy *document,
                                   struct case_policy_taking *taking, struct case_policy *out);

#endif

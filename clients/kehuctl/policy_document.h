/*
 * Policies as kehuctl reads them from files and shows them to people.
 */
#ifndef KEHU_CTL_POLICY_DOCUMENT_H
#define KEHU_CTL_POLICY_DOCUMENT_H

#include "ctl.h"
#include "kehu/customers/v1/policies.pb-c.h"

/* The policy of that kind in a file of protobuf JSON ("-": standard input); its `reason` is the
 * option's. A file that is none ends the program with CTL_USAGE. */
Kehu__Customers__V1__Policy *policy_document_read(struct ctl *ctl, const char *kind,
                                                  const char *file);
/* "grade" or "targets": a kind of any service, else the program ends with CTL_USAGE. */
const char *policy_document_kind(struct ctl *ctl, int argument);
bool policy_document_is_of_complaints(const char *kind);
/* GetPolicy; version 0: the one in force. NULL: refused, and said. */
Kehu__Customers__V1__Policy *policy_document_ask(struct ctl *ctl, const char *kind,
                                                 uint32_t version, int *code);
const ProtobufCMessage *policy_document_of(const Kehu__Customers__V1__Policy *policy);
/* The document of `type` in a file; see policy_document_read. */
ProtobufCMessage *policy_document_load(struct ctl *ctl, const ProtobufCMessageDescriptor *type,
                                       const char *file);
/* The fields of a document as a table, and as `policy apply` reads it. */
void policy_document_print(struct ctl *ctl, const ProtobufCMessage *document);
void policy_document_print_json(const ProtobufCMessage *document);

/* A field's name and value for people: "a_share_micros" "200000" is "a_share" "20%". */
const char *policy_document_name(struct ctl *ctl, const char *field);
const char *policy_document_value(struct ctl *ctl, const char *field, const char *value);

#endif

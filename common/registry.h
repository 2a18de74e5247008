/*
 * All messages of the contract, from a table generated from proto/.
 */
#ifndef KEHU_REGISTRY_H
#define KEHU_REGISTRY_H

#include <protobuf-c/protobuf-c.h>

#include "common/base.h"

/* The descriptor of a full name, "kehu.bus.v1.Ping"; NULL when there is none. */
const ProtobufCMessageDescriptor *registry_find(const char *full_name);
/* Whether a service is asked this message (deploy/docs/exchanges.txt), so that it has an answer. */
bool registry_is_question(const char *full_name);
/* The i-th message in the order of names; NULL past the last. */
const ProtobufCMessageDescriptor *registry_at(size_t i);

#endif

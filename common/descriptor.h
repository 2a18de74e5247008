/*
 * What protobuf-c's descriptors do not say by themselves.
 */
#ifndef KEHU_DESCRIPTOR_H
#define KEHU_DESCRIPTOR_H

#include <protobuf-c/protobuf-c.h>

#include "common/base.h"

/*
 * True when the list is a map. protobuf-c keeps a map as a list of entry messages and marks it
 * nowhere; the entry is known by what protoc generates: a nested message "<Name>Entry" of just
 * `key` = 1 and `value` = 2.
 */
bool descriptor_is_map(const ProtobufCFieldDescriptor *field);

/* How large one value is in the C struct, or in the array of a list. */
size_t descriptor_value_bytes(ProtobufCType type);

#endif

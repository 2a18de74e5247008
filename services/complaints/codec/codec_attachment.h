/*
 * Attachments by reference: on the wire, and as the JSON list that rows keep.
 */
#ifndef KEHU_COMPLAINTS_CODEC_ATTACHMENT_H
#define KEHU_COMPLAINTS_CODEC_ATTACHMENT_H

#include "kehu/complaints/v1/cases.pb-c.h"
#include "services/complaints/codec/codec_read.h"

#define CODEC_ATTACHMENTS_MAX 20

/* Checks them and makes the list, in the arena: "[]" of none. */
struct text codec_attachments_read(struct codec_read *read,
                                   Kehu__Complaints__V1__Attachment *const *list, size_t count);
/* The messages of such a list; NULL with *count 0: none, or the arena is full. */
Kehu__Complaints__V1__Attachment **codec_attachments(struct text json, struct arena *arena,
                                                     size_t *count);

#endif

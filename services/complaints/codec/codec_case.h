/*
 * Cases on the wire: the answer of every command about one, and what is told of it in the log.
 */
#ifndef KEHU_COMPLAINTS_CODEC_CASE_H
#define KEHU_COMPLAINTS_CODEC_CASE_H

#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/case_file.h"

struct codec_case_reply {
    const struct case_file *file;
    int64_t version;
    bool is_joined;
    const struct text *possible; /* numbers of cases that it may be the same as */
    size_t possible_count;
    const struct condition_list *open; /* NULL: none */
    struct id part;                    /* what the command made; zeroes: nothing */
    bool is_new;                       /* says whether its customer is known */
};
/* In the arena; NULL when it is full. All of them are so. */
const ProtobufCMessage *codec_case_reply(const struct codec_case_reply *reply, struct arena *arena);

const ProtobufCMessage *codec_case_opened(const struct case_file *file, struct arena *arena);
/* `reason_code` is the act's name. */
const ProtobufCMessage *codec_case_moved(const struct case_file *file, enum case_state from,
                                         enum case_state to, const char *reason_code, int64_t at_us,
                                         struct arena *arena);
const ProtobufCMessage *codec_case_linked(const struct case_file *file, struct arena *arena);
const ProtobufCMessage *codec_case_assigned(const struct case_file *file, const struct id *from,
                                            struct arena *arena);
/* `cause` is the act's name. */
const ProtobufCMessage *codec_case_priority_changed(const struct case_file *file,
                                                    enum priority from, const char *cause,
                                                    struct arena *arena);
const ProtobufCMessage *codec_serious_case_reported(const struct case_file *file,
                                                    struct arena *arena);
/* `occasion` is why: "message", "answer", "extension", "acknowledge". */
const ProtobufCMessage *codec_case_message_wanted(const struct case_file *file,
                                                  const struct id *message, const char *occasion,
                                                  struct text channel, struct arena *arena);

#endif

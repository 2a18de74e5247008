/*
 * What the commands of complaints share: commands on one case answered with a CaseReply, texts,
 * times and amounts from options, names of customers.
 */
#ifndef KEHU_COMMAND_COMPLAINT_H
#define KEHU_COMMAND_COMPLAINT_H

#include "complaint_words.h"
#include "ctl.h"
#include "kehu/complaints/v1/cases.pb-c.h"
#include "kehu/complaints/v1/queries.pb-c.h"

/* A line of every command that changes a case. */
#define COMPLAINT_VERSION_OPTION                                                                   \
    {                                                                                              \
        "--expected-version", "N", "refused when the case has changed since", false                \
    }
#define COMPLAINT_REF_HELP "REF is the number (TS-20260930-0001), the id or SOURCE:EXTERNAL_ID.\n"

/*
 * Fills the fields that options are called after, `ref` from the first argument, asks and says how
 * the case stands. What else the message needs must be set before.
 */
int complaint_act(struct ctl *ctl, ProtobufCMessage *ask);
/* A question of the complaints service; refusals speak the reader's language. */
ProtobufCMessage *complaint_ask(struct ctl *ctl, const ProtobufCMessage *ask,
                                const ProtobufCMessageDescriptor *reply, int *code);
/* The same; with --json prints the answer and returns NULL with *code CTL_DONE. */
ProtobufCMessage *complaint_ask_shown(struct ctl *ctl, const ProtobufCMessage *ask,
                                      const ProtobufCMessageDescriptor *reply, int *code);

/* A text as given; "-" is standard input, up to 1 MiB. "" where it is NULL. */
char *complaint_text(struct ctl *ctl, const char *given);
/* "" where it is not given. */
char *complaint_option(const struct ctl *ctl, const char *option);
/* --amount 120.50 in millionths; 0 when absent. */
int64_t complaint_amount(struct ctl *ctl, const char *option);
/* "2026-11-22 17:30" in business time; a day alone means that hour of it. NULL when absent. */
Google__Protobuf__Timestamp *complaint_time(struct ctl *ctl, const char *option, int hour_of_day);
#define COMPLAINT_DAY_ENDS 18
/* Values of an enum by their short names, one each time the option stands; `values` has room for
 * CTL_LINE_WORDS. How many. */
size_t complaint_enums(struct ctl *ctl, const char *option, const ProtobufCEnumDescriptor *type,
                       int *values);
/* A telephone number rather than a REF of a customer. */
bool complaint_is_phone(const char *given);

/* The id of the sub-task or action of the first argument's case that ends so, found among what the
 * asker owes or else in the case; `kind` is "subtask" or "action". NULL: none or several, said. */
char *complaint_task_id(struct ctl *ctl, const char *kind, const char *handle, int *code);

/* The text on one line, as cells of tables need it. */
const char *complaint_line(struct ctl *ctl, const char *text);

/* The names of customers, "KH000123 云南茶行"; what cannot be learnt is "" and costs 3 s at most.
 */
struct complaint_names;
struct complaint_names *complaint_names_of(struct ctl *ctl, char *const *ids, size_t count);
const char *complaint_name(const struct complaint_names *names, const char *id);

/* Tables in the reader's language: headings are WORDS_LABEL. */
struct ctl_table *complaint_table(struct ctl *ctl, const char *const *labels, const bool *right,
                                  size_t columns);
/* The rows of a list of cases, in --json an array. */
struct complaint_rows;
struct complaint_rows *complaint_rows_new(struct ctl *ctl);
void complaint_rows_add(struct complaint_rows *rows,
                        Kehu__Complaints__V1__CaseSummary *const *cases, size_t count);
size_t complaint_rows_count(const struct complaint_rows *rows);
void complaint_rows_print(struct complaint_rows *rows, bool has_more);
/* A ladder of pages: --top N (default 50) or --all. */
size_t complaint_most(struct ctl *ctl);

#endif

/*
 * What the commands of kehuctl share: global options, the connection, output. One file per command
 * (command_<name>.c); main.c is the table of commands.
 */
#ifndef KEHU_CTL_H
#define KEHU_CTL_H

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "kehu.h"

/* Exit codes of every command. */
enum ctl_exit {
    CTL_DONE = 0,
    CTL_REFUSED = 1, /* the service said no, or items were rejected */
    CTL_USAGE = 2, /* wrong command, option or value: one line says which and what would be right */
    CTL_UNFINISHED = 3, /* could not connect or finish */
};

/* The services this program speaks to. */
enum ctl_service { CTL_CUSTOMERS, CTL_COMPLAINTS, CTL_SERVICES };

/* Where one of them is. */
struct ctl_place {
    const char *urls;  /* KEHU_<SERVICE>_URL, default tcp://127.0.0.1:<base_port+10, +20> */
    bool is_recorded;  /* somebody said so: it is part of this installation */
    struct kehu *kehu; /* NULL until ctl_connect */
};

struct ctl {
    bool json;       /* --json: machine output, one document on one line */
    const char *var; /* --var, KEHU_VAR, default "var" beside bin/ */
    int base_port;   /* --base-port, KEHU_BASE_PORT, default 7400 */
    struct ctl_place places[CTL_SERVICES];
    const char *endpoint;     /* --endpoint: the addresses of the service asked first, then NULL */
    enum ctl_service service; /* whom the floor's messages and imports go to; ctl_speak */
    const char *key_file;     /* --key, KEHU_KEY, default <var>/keys/secret/admin.secret */
    const char *actor;        /* --as, KEHU_ACTOR: on whose behalf; NULL: the key as itself */
    const char *zone;     /* --timezone, KEHU_TIMEZONE, <var>/run/settings, default Asia/Shanghai */
    const char *currency; /* --currency where a command has none of its own; KEHU_CURRENCY,
                             likewise, default CNY */
    int timeout_ms;       /* --timeout seconds; default 30 s for questions; import has no limit */
    /* What a refusal says of a field, where a command has words of its own; NULL: as it came. */
    const char *(*violation_words)(const struct ctl *ctl, const char *field,
                                   const char *description);
    bool is_quiet;      /* refusals are not said: what is asked for is only more pleasant to have */
    const char *unsaid; /* nor those with one of these statuses, "NOT_FOUND"; NULL: none */
    const char *refused_as; /* the status of the latest refusal, said or not; NULL: none yet */
    struct arena *arena;    /* of the whole command; generous limit */
    struct ctl_line *line;  /* the parsed command line; ctl_line.c's own */
};

/* One option of a command. Values are text; flags have value == NULL. */
struct ctl_option {
    const char *name;  /* "--source" */
    const char *value; /* what stands for the value in the help, "NAME"; NULL: a flag */
    const char *help;
    bool required;
};

struct ctl_command {
    const char *path;      /* "import orders" */
    const char *arguments; /* "FILE[.gz]" */
    int min_arguments, max_arguments;
    const char *summary;
    const char *help; /* more, with an example; may be NULL */
    const struct ctl_option *options;
    size_t option_count;
    int (*run)(struct ctl *ctl);
};

/* During run: the parsed command line. */
const char *ctl_argument(const struct ctl *ctl, int i);
const char *ctl_option(const struct ctl *ctl,
                       const char *name); /* NULL when absent; "" for a flag given */
/* Integer and date options with a range; on a bad value prints the sentence and exits with
 * CTL_USAGE. */
long long ctl_integer(const struct ctl *ctl, const char *name, long long standard, long long min,
                      long long max);
bool ctl_date(const struct ctl *ctl, const char *name, int32_t *day);

/* The message is in trouble: says so on stderr and exits with CTL_USAGE. */
void ctl_usage(const struct ctl *ctl, const char *format, ...) PRINTF_LIKE(2, 3)
    __attribute__((noreturn));

/* "customers" */
const char *ctl_service_name(enum ctl_service service);
/* From now on floor messages, ctl_connect and ctl_kehu mean this service. Other messages go to the
 * service of their package by themselves. */
void ctl_speak(struct ctl *ctl, enum ctl_service service);
/* Connects to it on first use; on failure prints why and returns false. */
bool ctl_connect(struct ctl *ctl);
/* The connection; NULL before ctl_connect. */
struct kehu *ctl_kehu(const struct ctl *ctl);
/* Drops it, with all that was asked on it. */
void ctl_disconnect(struct ctl *ctl);

/*
 * One question, waits for the answer. NULL: refused or unreachable; what is to be said was said on
 * stderr, the exit code is in *code. The reply is unpacked in the arena; `reply` may be NULL to
 * learn it from payload_type.
 */
ProtobufCMessage *ctl_ask(struct ctl *ctl, const ProtobufCMessage *question,
                          const ProtobufCMessageDescriptor *reply, int *code);

/* The same for bytes: the answer is copied into the arena; refusals are said and coded alike.
 * False: refused. */
struct ctl_answer {
    const char *payload_type;
    const uint8_t *payload;
    size_t payload_bytes;
    double seconds;
};
bool ctl_ask_bytes(struct ctl *ctl, const struct kehu_question *question, struct ctl_answer *answer,
                   int *code);
/* After this Ctrl-C ends the running question (CTL_DONE) instead of the program. */
void ctl_catch_interrupt(void);
bool ctl_is_interrupted(void);

/* Output. With --json one line of JSON (takes the reference over). */
void ctl_print_json(const struct ctl *ctl, json_t *json);
/* A table on a terminal or in a pipe: columns aligned by display width (Chinese is two wide),
 * numbers right, headings in the reader's language; without rows the word "nothing". */
struct ctl_table;
struct ctl_table *ctl_table_new(struct ctl *ctl, const char *const *headings, const bool *right,
                                size_t columns);
void ctl_table_row(struct ctl_table *table, const char *const *cells);
void ctl_table_print(struct ctl_table *table);
/* With blanks behind it up to that display width. */
const char *ctl_padded(struct ctl *ctl, const char *text, size_t width);

/* snake_case JSON of a message, every field: counts are numbers (text beyond 2^53), `x_micros`
 * becomes the decimal text `x`, enums their short lower-case name, times RFC 3339 in UTC ("" when
 * absent). */
json_t *ctl_json_message(const ProtobufCMessage *message);
/* A CloudEvent with its attributes beside its id and its data unpacked. */
json_t *ctl_json_event(const ProtobufCMessage *cloud_event);
/* "2010-12-01T08:26:00Z", fractions only where there are some, in `out` of 40 bytes. */
void ctl_json_time(int64_t seconds, int32_t nanos, char out[40]);

/* A decimal of millionths without trailing zeros, "9539484.634", in the arena. */
const char *ctl_decimal(struct ctl *ctl, int64_t micros);

/* "2026-11-22 08:35" in the zone of the times shown, in the arena; "" when absent. */
const char *ctl_local_time(struct ctl *ctl, const Google__Protobuf__Timestamp *at);

/* The same in small letters (ASCII), in the arena: names of enums as people give them. */
const char *ctl_lower(struct ctl *ctl, const char *text);

/* Progress on stderr: a bar that repaints itself on a terminal, else a line every tenth. */
struct ctl_progress;
struct ctl_progress *ctl_progress_new(struct ctl *ctl, const char *what, uint64_t total);
void ctl_progress_set(struct ctl_progress *progress, uint64_t done);
void ctl_progress_end(struct ctl_progress *progress);

/* A sentence on stderr, "kehuctl: …". */
void ctl_say(const char *format, ...) PRINTF_LIKE(1, 2);

#endif

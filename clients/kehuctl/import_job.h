/*
 * What the imports of events have in common: their options, the file's bytes and encoding, what is
 * said of broken lines, and the result.
 */
#ifndef KEHU_IMPORT_JOB_H
#define KEHU_IMPORT_JOB_H

#include "clients/kehuctl/import_encoding.h"
#include "clients/kehuctl/import_send.h"
#include "common/pure/zone.h"

struct import_job {
    struct ctl *ctl;
    const char *file, *source;
    struct zone zone; /* the file's times are local times there */
    enum import_encoding encoding;
    bool is_encoding_asked;
    struct import_options how;
    struct import_packer *packer;
    uint64_t events;
    uint64_t faults;
    bool out_of_memory;
};

/* Options of every import of events, to stand in a command's table. */
#define IMPORT_JOB_OPTIONS                                                                         \
    {"--encoding", "NAME", "utf-8 or gb18030; default: as the file's bytes say", false},           \
        {"--rate", "N", "at most N events a second; default: as fast as the service takes them",   \
         false},                                                                                   \
        {"--batch", "N", "events in one request, 1..2000; default 100", false},                    \
    {                                                                                              \
        "--in-flight", "N", "requests on the way at a time, 1..64; default 8", false               \
    }

/* What every help of them ends with. */
#define IMPORT_JOB_HELP                                                                            \
    "The same file may be imported again at any time: what is known is a duplicate. An\n"          \
    "import goes on through restarts of the service until all is answered.\n"                      \
    "\n"                                                                                           \
    "Exit status: 0 all accepted or duplicate, 1 something was rejected or a line broken,\n"       \
    "2 usage, 3 not finished (also when the file or its columns cannot be read).\n"

/* Reads the options and makes the packer. CTL_DONE, or what the command ends with; `what` is what
 * systems publish ("orders"). */
int import_job_begin(struct import_job *job, struct ctl *ctl, const char *format, const char *what);
void import_job_end(struct import_job *job);

/* The file's bytes behind the mark of its encoding, for `read`, which says `why` where it cannot
 * read them. CTL_DONE, or what the command ends with. */
int import_job_read(struct import_job *job,
                    bool (*read)(void *owner, const char *bytes, size_t count, char *why,
                                 size_t why_bytes),
                    void *owner);
/* Says a broken line; the first hundred. `owner` is the job. */
void import_job_fault(void *owner, uint64_t line, size_t column, const char *name,
                      const char *what);
/* How many broken lines were not said, and which columns were passed over. */
void import_job_say(const struct import_job *job, const char *ignored);

/* Sends the events and prints the result, with `bad` broken and `cleaned` lines. What the command
 * ends with. */
int import_job_send(struct import_job *job, const struct import_source *source, uint64_t bad,
                    uint64_t cleaned);

#endif

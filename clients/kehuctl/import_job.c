#include "clients/kehuctl/import_job.h"

#include "clients/kehuctl/import_file.h"
#include "common/zones.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FAULTS_SHOWN = 100,
    DEFAULT_BATCH = 100,
    DEFAULT_IN_FLIGHT = 8,
    SOURCE_BYTES = 64,
};

void import_job_fault(void *owner, uint64_t line, size_t column, const char *name, const char *what)
{
    struct import_job *job = owner;

    job->faults++;
    if (job->faults > FAULTS_SHOWN)
        return;
    if (name[0] == '\0')
        ctl_say("line %llu, column %zu: %s", (unsigned long long)line, column, what);
    else
        ctl_say("line %llu, column %zu (%s): %s", (unsigned long long)line, column, name, what);
}

void import_job_say(const struct import_job *job, const char *ignored)
{
    if (ignored[0] != '\0')
        ctl_say("%s: columns not needed and passed over: %s", job->file, ignored);
    if (job->faults > FAULTS_SHOWN)
        ctl_say("%llu more broken lines are not shown",
                (unsigned long long)(job->faults - FAULTS_SHOWN));
}

static bool check_options(struct import_job *job, const char *format)
{
    const char *asked = ctl_option(job->ctl, "--format");
    const char *encoding = ctl_option(job->ctl, "--encoding");

    job->source = ctl_option(job->ctl, "--source");
    job->is_encoding_asked = encoding != NULL;
    job->how = (struct import_options){
        .batch = (size_t)ctl_integer(job->ctl, "--batch", DEFAULT_BATCH, 1, IMPORT_SEND_MAX_BATCH),
        .in_flight = (size_t)ctl_integer(job->ctl, "--in-flight", DEFAULT_IN_FLIGHT, 1,
                                         IMPORT_SEND_MAX_IN_FLIGHT),
        .rate = (unsigned)ctl_integer(job->ctl, "--rate", 0, 1, 1000000),
    };
    if (strcmp(asked, format) != 0)
        ctl_say("--format %s: unknown; %s is the only one so far", asked, format);
    else if (job->source[0] == '\0' || strlen(job->source) > SOURCE_BYTES)
        ctl_say("--source: 1 to %d characters", SOURCE_BYTES);
    else if (encoding != NULL && !import_encoding_parse(encoding, &job->encoding))
        ctl_say("--encoding %s: unknown; utf-8 or gb18030 may be", encoding);
    else
        return true;
    return false;
}

int import_job_begin(struct import_job *job, struct ctl *ctl, const char *format, const char *what)
{
    char why[256];

    if (ctl->actor)
        ctl_usage(ctl, "%s are published by systems, not on behalf of %s: leave out --as", what,
                  ctl->actor);
    job->ctl = ctl;
    job->file = ctl_argument(ctl, 0);
    if (!check_options(job, format))
        return CTL_USAGE;
    if (zones_load(ctl->zone, &job->zone, why, sizeof(why)) != OK) {
        ctl_say("%s", why);
        return CTL_USAGE;
    }
    job->packer = import_packer_new(job->source);
    return job->packer != NULL ? CTL_DONE : CTL_UNFINISHED;
}

void import_job_end(struct import_job *job)
{
    import_packer_free(job->packer);
}

/* The encoding that was asked for, else the one of the bytes; `skip` is the length of the file's
 * mark. */
static bool choose_encoding(struct import_job *job, const char *bytes, size_t count, size_t *skip)
{
    enum import_encoding detected;
    char why[256];

    if (!import_encoding_detect(bytes, count, &detected, skip, why, sizeof(why))) {
        ctl_say("%s: %s", job->file, why);
        return false;
    }
    if (job->is_encoding_asked)
        return true;
    job->encoding = detected;
    if (detected != IMPORT_ENCODING_UTF8)
        ctl_say("%s: read as %s; --encoding says otherwise", job->file,
                import_encoding_name(detected));
    return true;
}

int import_job_read(struct import_job *job,
                    bool (*read)(void *owner, const char *bytes, size_t count, char *why,
                                 size_t why_bytes),
                    void *owner)
{
    char *bytes = NULL, why[1536];
    size_t count, skip;
    int code = CTL_UNFINISHED;
    enum import_file_result result = import_file_read(job->file, &bytes, &count, why, sizeof(why));

    if (result != IMPORT_FILE_READ) {
        ctl_say("%s: %s", job->file, why);
        return result == IMPORT_FILE_ABSENT ? CTL_USAGE : CTL_UNFINISHED;
    }
    if (choose_encoding(job, bytes, count, &skip)) {
        if (read(owner, bytes + skip, count - skip, why, sizeof(why)))
            code = CTL_DONE;
        else
            ctl_say("%s: %s", job->file, why);
    }
    free(bytes);
    return code;
}

static void print_json(const struct import_job *job, const struct import_result *result,
                       uint64_t bad, uint64_t cleaned)
{
    json_t *json = import_send_json(job->source, job->events, result);

    json_object_set_new(json, "file", json_string(job->file));
    json_object_set_new(json, "bad_lines", json_integer((json_int_t)bad));
    json_object_set_new(json, "cleaned", json_integer((json_int_t)cleaned));
    ctl_print_json(job->ctl, json);
}

static void print_result(const struct import_job *job, const struct import_result *result,
                         uint64_t bad, uint64_t cleaned)
{
    if (job->ctl->json) {
        print_json(job, result, bad, cleaned);
        return;
    }
    import_send_print(job->file, job->events, result);
    printf("  broken lines%10llu\n", (unsigned long long)bad);
    if (cleaned > 0)
        printf("  control characters were replaced by spaces in %llu lines\n",
               (unsigned long long)cleaned);
}

int import_job_send(struct import_job *job, const struct import_source *source, uint64_t bad,
                    uint64_t cleaned)
{
    struct import_result result;

    if (!ctl_connect(job->ctl))
        return CTL_UNFINISHED;
    import_send(job->ctl, source, &job->how, &result);
    if (job->out_of_memory) {
        ctl_say("memory is out");
        result.finished = false;
        result.exit = CTL_UNFINISHED;
    }
    print_result(job, &result, bad, cleaned);
    return result.exit == CTL_DONE && bad > 0 ? CTL_REFUSED : result.exit;
}

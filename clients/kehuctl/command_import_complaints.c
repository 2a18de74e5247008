/*
 * kehuctl import complaints: another system's complaint file into the complaints service.
 */
#include "clients/kehuctl/import_cfpb.h"
#include "clients/kehuctl/import_job.h"

#include <stdio.h>

struct import {
    struct import_job job;
    struct import_cfpb *cfpb;
};

static const struct ctl_option options[] = {
    {"--format", "NAME", "what the columns mean; cfpb is the only one so far", true},
    {"--source", "NAME", "the system the complaints come from; ids are unique within it", true},
    IMPORT_JOB_OPTIONS,
};

static bool read_complaints(void *owner, const char *bytes, size_t count, char *why,
                            size_t why_bytes)
{
    struct import *import = owner;
    struct import_cfpb_options cfpb = {&import->job.zone, import->job.encoding, import_job_fault,
                                       &import->job};

    import->cfpb = import_cfpb_new(&cfpb);
    if (import->cfpb == NULL) {
        snprintf(why, why_bytes, "memory is out");
        return false;
    }
    return import_cfpb_read(import->cfpb, bytes, count, why, why_bytes);
}

static bool next_event(void *owner, struct import_event *event)
{
    struct import *import = owner;
    struct import_complaint complaint;

    if (!import_cfpb_next(import->cfpb, &complaint))
        return false;
    if (import_packer_complaint(import->job.packer, &complaint, event))
        return true;
    import->job.out_of_memory = true;
    return false;
}

static int send_complaints(struct import *import)
{
    struct import_source source = {next_event, import, 0};

    import_job_say(&import->job, import_cfpb_ignored(import->cfpb));
    import->job.events = source.total = import_cfpb_complaints(import->cfpb);
    return import_job_send(&import->job, &source, import_cfpb_bad_lines(import->cfpb),
                           import_cfpb_cleaned(import->cfpb));
}

static int run(struct ctl *ctl)
{
    struct import *import = arena_take(ctl->arena, sizeof(*import));
    int code;

    if (import == NULL)
        return CTL_UNFINISHED;
    ctl_speak(ctl, CTL_COMPLAINTS);
    code = import_job_begin(&import->job, ctl, "cfpb", "complaints");
    if (code == CTL_DONE)
        code = import_job_read(&import->job, read_complaints, import);
    if (code == CTL_DONE)
        code = send_complaints(import);
    import_job_end(&import->job);
    import_cfpb_free(import->cfpb);
    return code;
}

const struct ctl_command ctl_import_complaints = {
    .path = "import complaints",
    .arguments = "FILE[.gz]",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Publish another system's complaint file",
    .help =
        "Every line of the CSV file becomes one case of the past, which stirs nothing: no clock,\n"
        "no message. FILE may be compressed with gzip; - is standard input. The columns are found\n"
        "by name: Complaint ID, Date submitted, Product and Issue are needed; Submitted via,\n"
        "State, Sub-issue, Company response to consumer, Timely response? and Consumer disputed?\n"
        "are taken where they are there. A response that begins with Closed closes the case; with\n"
        "any other it stays in investigating. The complainant is anonymous, the case is known as\n"
        "cfpb:<Complaint ID>. Broken lines are reported by line and column, the good ones\n"
        "imported.\n"
        "\n" IMPORT_JOB_HELP "\n"
        "  kehuctl import complaints complaints.csv.gz --format cfpb --source cfpb",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};

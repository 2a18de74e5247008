/*
 * kehuctl import orders: another system's order file into the customers service.
 */
#include "clients/kehuctl/import_job.h"
#include "clients/kehuctl/import_retail.h"
#include "common/pure/currency.h"

#include <stdio.h>

struct import {
    struct import_job job;
    struct import_retail *retail;
};

static const struct ctl_option options[] = {
    {"--format", "NAME", "what the columns mean; online-retail is the only one so far", true},
    {"--source", "NAME", "the system the orders come from; numbers are unique within it", true},
    {"--currency", "CODE", "ISO 4217 currency of the prices", true},
    IMPORT_JOB_OPTIONS,
};

/* Which documents lack lines: their figures are not those of the source. */
static void show_gaps(const struct import *import)
{
    struct import_retail_gap gap;

    for (size_t i = 0; import_retail_gap(import->retail, i, &gap); i++) {
        if (gap.is_imported)
            ctl_say("invoice %s is imported without line %llu", gap.number,
                    (unsigned long long)gap.line);
        else
            ctl_say("invoice %s is not imported: its only line or lines are broken (line %llu)",
                    gap.number, (unsigned long long)gap.line);
    }
}

static bool read_documents(void *owner, const char *bytes, size_t count, char *why,
                           size_t why_bytes)
{
    struct import *import = owner;
    struct import_retail_options retail = {&import->job.zone,
                                           ctl_option(import->job.ctl, "--currency"),
                                           import->job.encoding, import_job_fault, &import->job};

    import->retail = import_retail_new(&retail);
    if (import->retail == NULL) {
        snprintf(why, why_bytes, "memory is out");
        return false;
    }
    return import_retail_read(import->retail, bytes, count, why, why_bytes);
}

static bool next_event(void *owner, struct import_event *event)
{
    struct import *import = owner;
    struct import_order order;

    if (!import_retail_next(import->retail, &order))
        return false;
    if (import_packer_order(import->job.packer, &order, event))
        return true;
    import->job.out_of_memory = true;
    return false;
}

static int send_documents(struct import *import)
{
    struct import_source source = {next_event, import, 0};

    import_job_say(&import->job, import_retail_ignored(import->retail));
    show_gaps(import);
    import->job.events = source.total = import_retail_documents(import->retail);
    return import_job_send(&import->job, &source, import_retail_bad_lines(import->retail),
                           import_retail_cleaned(import->retail));
}

static int run(struct ctl *ctl)
{
    struct import *import = arena_take(ctl->arena, sizeof(*import));
    const char *currency = ctl_option(ctl, "--currency");
    int code;

    if (import == NULL)
        return CTL_UNFINISHED;
    code = import_job_begin(&import->job, ctl, "online-retail", "orders");
    if (code == CTL_DONE && !currency_is_known(currency)) {
        ctl_say("--currency %s: no currency of ISO 4217; write its three capital letters, such as "
                "GBP",
                currency);
        code = CTL_USAGE;
    }
    if (code == CTL_DONE)
        code = import_job_read(&import->job, read_documents, import);
    if (code == CTL_DONE)
        code = send_documents(import);
    import_job_end(&import->job);
    import_retail_free(import->retail);
    return code;
}

const struct ctl_command ctl_import_orders = {
    .path = "import orders",
    .arguments = "FILE[.gz]",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Publish another system's order file",
    .help =
        "Every invoice of the CSV file becomes one event: its lines wherever they stand, its\n"
        "earliest time, its number as id. Numbers beginning with C are returns, with A\n"
        "adjustments. FILE may be compressed with gzip; - is standard input. The columns are\n"
        "found by name: Invoice (or InvoiceNo), StockCode, Description, Quantity, InvoiceDate,\n"
        "Price (or UnitPrice), Customer ID (or CustomerID), Country. Times are local times of\n"
        "--timezone. Broken lines are reported by line and column, the good ones imported.\n"
        "\n" IMPORT_JOB_HELP "\n"
        "  kehuctl import orders orders.csv.gz --format online-retail --source shop --currency GBP",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};

/*
 * kehuctl import orders: another system's order file into the customers service.
 */
#include "clients/kehuctl/import_file.h"
#include "clients/kehuctl/import_retail.h"
#include "clients/kehuctl/import_send.h"
#include "common/pure/currency.h"
#include "common/zones.h"

#include <stdlib.h>
#include <string.h>

enum {
    FAULTS_SHOWN = 100,
    DEFAULT_BATCH = 100,
    DEFAULT_IN_FLIGHT = 8,
    SOURCE_BYTES = 64,
};

struct import {
    struct ctl *ctl;
    const char *file, *source, *currency;
    struct zone zone;
    enum import_encoding encoding;
    bool is_encoding_asked;
    struct import_options how;
    struct import_retail *retail;
    struct import_packer *packer;
    uint64_t events;
    bool out_of_memory;
    uint64_t faults;
};

static const struct ctl_option options[] = {
    {"--format", "NAME", "what the columns mean; online-retail is the only one so far", true},
    {"--source", "NAME", "the system the orders come from; numbers are unique within it", true},
    {"--currency", "CODE", "ISO 4217 currency of the prices", true},
    {"--encoding", "NAME", "utf-8 or gb18030; default: as the file's bytes say", false},
    {"--rate", "N", "at most N events a second; default: as fast as the service takes them", false},
    {"--batch", "N", "events in one request, 1..2000; default 100", false},
    {"--in-flight", "N", "requests on the way at a time, 1..64; default 8", false},
};

static void show_fault(void *owner, uint64_t line, size_t column, const char *name,
                       const char *what)
{
    struct import *import = owner;

    import->faults++;
    if (import->faults > FAULTS_SHOWN)
        return;
    if (name[0] == '\0')
        ctl_say("line %llu, column %zu: %s", (unsigned long long)line, column, what);
    else
        ctl_say("line %llu, column %zu (%s): %s", (unsigned long long)line, column, name, what);
}

/* Which documents lack lines: their figures are not those of the source. */
static void show_gaps(const struct import *import)
{
    struct import_retail_gap gap;

    if (import->faults > FAULTS_SHOWN)
        ctl_say("%llu more broken lines are not shown",
                (unsigned long long)(import->faults - FAULTS_SHOWN));
    for (size_t i = 0; import_retail_gap(import->retail, i, &gap); i++) {
        if (gap.is_imported)
            ctl_say("invoice %s is imported without line %llu", gap.number,
                    (unsigned long long)gap.line);
        else
            ctl_say("invoice %s is not imported: its only line or lines are broken (line %llu)",
                    gap.number, (unsigned long long)gap.line);
    }
}

static bool check_options(struct import *import)
{
    const char *format = ctl_option(import->ctl, "--format");
    const char *encoding = ctl_option(import->ctl, "--encoding");

    import->source = ctl_option(import->ctl, "--source");
    import->currency = ctl_option(import->ctl, "--currency");
    import->is_encoding_asked = encoding != NULL;
    import->how = (struct import_options){
        .batch =
            (size_t)ctl_integer(import->ctl, "--batch", DEFAULT_BATCH, 1, IMPORT_SEND_MAX_BATCH),
        .in_flight = (size_t)ctl_integer(import->ctl, "--in-flight", DEFAULT_IN_FLIGHT, 1,
                                         IMPORT_SEND_MAX_IN_FLIGHT),
        .rate = (unsigned)ctl_integer(import->ctl, "--rate", 0, 1, 1000000),
    };
    if (strcmp(format, "online-retail") != 0)
        ctl_say("--format %s: unknown; online-retail is the only one so far", format);
    else if (import->source[0] == '\0' || strlen(import->source) > SOURCE_BYTES)
        ctl_say("--source: 1 to %d characters", SOURCE_BYTES);
    else if (!currency_is_known(import->currency))
        ctl_say("--currency %s: no currency of ISO 4217; write its three capital letters, such as "
                "GBP",
                import->currency);
    else if (encoding != NULL && !import_encoding_parse(encoding, &import->encoding))
        ctl_say("--encoding %s: unknown; utf-8 or gb18030 may be", encoding);
    else
        return true;
    return false;
}

/* The encoding that was asked for, else the one of the bytes; `skip` is the length of the file's
 * mark. */
static bool choose_encoding(struct import *import, const char *bytes, size_t count, size_t *skip)
{
    enum import_encoding detected;
    char why[256];

    if (!import_encoding_detect(bytes, count, &detected, skip, why, sizeof(why))) {
        ctl_say("%s: %s", import->file, why);
        return false;
    }
    if (import->is_encoding_asked)
        return true;
    import->encoding = detected;
    if (detected != IMPORT_ENCODING_UTF8)
        ctl_say("%s: read as %s; --encoding says otherwise", import->file,
                import_encoding_name(detected));
    return true;
}

static int read_documents(struct import *import, const char *bytes, size_t count)
{
    struct import_retail_options retail = {&import->zone, import->currency, import->encoding,
                                           show_fault, import};
    const char *ignored;
    char why[1536];

    import->retail = import_retail_new(&retail);
    if (import->retail == NULL) {
        ctl_say("memory is out");
        return CTL_UNFINISHED;
    }
    if (!import_retail_read(import->retail, bytes, count, why, sizeof(why))) {
        ctl_say("%s: %s", import->file, why);
        return CTL_UNFINISHED;
    }
    ignored = import_retail_ignored(import->retail);
    if (ignored[0] != '\0')
        ctl_say("%s: columns not needed and passed over: %s", import->file, ignored);
    show_gaps(import);
    import->events = import_retail_documents(import->retail);
    return CTL_DONE;
}

static int read_file(struct import *import)
{
    char *bytes = NULL, why[256];
    size_t count, skip;
    int code = CTL_UNFINISHED;
    enum import_file_result result =
        import_file_read(import->file, &bytes, &count, why, sizeof(why));

    if (result != IMPORT_FILE_READ) {
        ctl_say("%s: %s", import->file, why);
        return result == IMPORT_FILE_ABSENT ? CTL_USAGE : CTL_UNFINISHED;
    }
    if (choose_encoding(import, bytes, count, &skip))
        code = read_documents(import, bytes + skip, count - skip);
    free(bytes);
    return code;
}

static bool next_event(void *owner, struct import_event *event)
{
    struct import *import = owner;
    struct import_order order;

    if (!import_retail_next(import->retail, &order))
        return false;
    if (import_packer_order(import->packer, &order, event))
        return true;
    import->out_of_memory = true;
    return false;
}

static void print_json(const struct import *import, const struct import_result *result)
{
    json_t *json = import_send_json(import->source, import->events, result);

    json_object_set_new(json, "file", json_string(import->file));
    json_object_set_new(json, "bad_lines",
                        json_integer((json_int_t)import_retail_bad_lines(import->retail)));
    json_object_set_new(json, "cleaned",
                        json_integer((json_int_t)import_retail_cleaned(import->retail)));
    ctl_print_json(import->ctl, json);
}

static void print_result(const struct import *import, const struct import_result *result)
{
    uint64_t bad = import_retail_bad_lines(import->retail);
    uint64_t cleaned = import_retail_cleaned(import->retail);

    if (import->ctl->json) {
        print_json(import, result);
        return;
    }
    import_send_print(import->file, import->events, result);
    printf("  broken lines%10llu\n", (unsigned long long)bad);
    if (cleaned > 0)
        printf("  control characters were replaced by spaces in %llu lines\n",
               (unsigned long long)cleaned);
}

static int send_documents(struct import *import)
{
    struct import_source source = {next_event, import, import->events};
    struct import_result result;

    if (!ctl_connect(import->ctl))
        return CTL_UNFINISHED;
    import_send(import->ctl, &source, &import->how, &result);
    if (import->out_of_memory) {
        ctl_say("memory is out");
        result.finished = false;
        result.exit = CTL_UNFINISHED;
    }
    print_result(import, &result);
    if (result.exit == CTL_DONE && import_retail_bad_lines(import->retail) > 0)
        return CTL_REFUSED;
    return result.exit;
}

static int run(struct ctl *ctl)
{
    struct import *import = arena_take(ctl->arena, sizeof(*import));
    char why[256];
    int code;

    if (import == NULL)
        return CTL_UNFINISHED;
    if (ctl->actor)
        ctl_usage(ctl, "orders are published by systems, not on behalf of %s: leave out --as",
                  ctl->actor);
    import->ctl = ctl;
    import->file = ctl_argument(ctl, 0);
    if (!check_options(import))
        return CTL_USAGE;
    if (zones_load(ctl->zone, &import->zone, why, sizeof(why)) != OK) {
        ctl_say("%s", why);
        return CTL_USAGE;
    }
    import->packer = import_packer_new(import->source);
    code = import->packer != NULL ? read_file(import) : CTL_UNFINISHED;
    if (code == CTL_DONE)
        code = send_documents(import);
    import_packer_free(import->packer);
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
        "\n"
        "The same file may be imported again at any time: what is known is a duplicate. An\n"
        "import goes on through restarts of the service until all is answered.\n"
        "\n"
        "Exit status: 0 all accepted or duplicate, 1 something was rejected or a line broken,\n"
        "2 usage, 3 not finished (also when the file or its columns cannot be read).\n"
        "\n"
        "  kehuctl import orders orders.csv.gz --format online-retail --source shop --currency GBP",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};

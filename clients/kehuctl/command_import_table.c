/*
 * kehuctl import customers and contacts: a table of another system, checked and taken row by row.
 */
#include <sodium.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/kehuctl/ctl_line.h"
#include "clients/kehuctl/import_push.h"
#include "clients/kehuctl/import_report.h"
#include "clients/kehuctl/import_scan.h"
#include "clients/kehuctl/import_stream.h"
#include "clients/kehuctl/import_table.h"
#include "clients/kehuctl/import_undo.h"

enum {
    DEFAULT_BATCH = 300,
    DEFAULT_IN_FLIGHT = 4,
};

struct import {
    struct ctl *ctl;
    const char *file;
    bool is_dry, is_all_or_nothing;
    Kehu__Customers__V1__ImportSettings settings;
    struct import_table_mapping mappings[CTL_LINE_WORDS];
    size_t mapping_count;
    struct import_stream *stream;
    struct import_scan scan;
    struct import_table *table;
    struct import_report *report;
    struct import_push_result result;
    const char *number; /* NULL: only checked */
    bool is_resumed;
};

static const struct ctl_option options[] = {
    {"--source", "NAME", "the system the rows come from; ids are unique within it", true},
    {"--dry-run", NULL, "check every line, change nothing", false},
    {"--known", "WHAT", "what becomes of those known already: keep (default) or update", false},
    {"--all-or-nothing", NULL, "check the whole file first; import it only when all of it is good",
     false},
    {"--mapping", "NAME=FIELD", "what a column means; may stand several times; NAME= leaves it out",
     false},
    {"--fact-source", "SOURCE", "where the values come from: visit, survey, phone, web, …", false},
    {"--report", "FILE", "everything that was wrong, as CSV: line, column, name, why", false},
    {"--encoding", "NAME", "utf-8 or gb18030; default: as the file's bytes say", false},
    {"--batch", "N", "rows in one request, 1..500; default 300", false},
    {"--in-flight", "N", "requests on the way at a time, 1..32; default 4", false},
};

/* --- options --- */

static void read_mappings(struct import *import)
{
    struct ctl *ctl = import->ctl;

    for (size_t i = 0; i < ctl->line->option_count; i++) {
        const char *given = ctl->line->values[i], *equals;

        if (strcmp(ctl->line->names[i], "--mapping") != 0)
            continue;
        equals = strchr(given, '=');
        if (equals == NULL || equals == given)
            ctl_usage(ctl, "--mapping needs NAME=FIELD, such as 单位=name");
        import->mappings[import->mapping_count++] = (struct import_table_mapping){
            arena_copy_text(ctl->arena, given, (size_t)(equals - given)), equals + 1};
    }
}

static void read_known(struct import *import)
{
    const char *known = ctl_option(import->ctl, "--known");

    import->settings.known = KEHU__CUSTOMERS__V1__IMPORT_KNOWN__IMPORT_KNOWN_KEEP;
    if (known != NULL && strcmp(known, "update") == 0)
        import->settings.known = KEHU__CUSTOMERS__V1__IMPORT_KNOWN__IMPORT_KNOWN_UPDATE;
    else if (known != NULL && strcmp(known, "keep") != 0)
        ctl_usage(import->ctl, "--known must be keep or update");
}

static void read_fact_source(struct import *import)
{
    const char *given = ctl_option(import->ctl, "--fact-source");
    const ProtobufCEnumDescriptor *sources = &kehu__customers__v1__fact_source__descriptor;
    char name[80] = "FACT_SOURCE_";

    if (given == NULL)
        return;
    for (size_t i = 0; given[i] != '\0' && i < 40; i++)
        name[12 + i] = (char)(given[i] >= 'a' && given[i] <= 'z' ? given[i] - 'a' + 'A' : given[i]);
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value_by_name(sources, name);

    if (value == NULL || value->value == 0)
        ctl_usage(import->ctl, "--fact-source must be visit, survey, phone, web, industry_report, "
                               "feedback, social or sales_data");
    import->settings.fact_source = (Kehu__Customers__V1__FactSource)value->value;
}

static void read_options(struct import *import)
{
    struct ctl *ctl = import->ctl;

    import->file = ctl_argument(ctl, 0);
    import->is_dry = ctl_option(ctl, "--dry-run") != NULL;
    import->is_all_or_nothing = ctl_option(ctl, "--all-or-nothing") != NULL;
    import->settings.source = (char *)ctl_option(ctl, "--source");
    read_known(import);
    read_fact_source(import);
    read_mappings(import);
}

/* --- the file --- */

static size_t read_bytes(void *owner, char *at, size_t room)
{
    return import_stream_read(owner, at, room);
}

/* Behind the mark at its beginning. */
static bool rewind_file(struct import *import)
{
    char mark[8];
    size_t skip = import->scan.skip;

    if (import_stream_rewind(import->stream) &&
        (skip == 0 || import_stream_read(import->stream, mark, skip) == skip))
        return true;
    ctl_say("%s: %s", import->file, import_stream_why(import->stream));
    return false;
}

static int open_file(struct import *import)
{
    const char *encoding = ctl_option(import->ctl, "--encoding");
    enum import_encoding asked = IMPORT_ENCODING_UTF8;
    char why[300];

    if (encoding != NULL && !import_encoding_parse(encoding, &asked))
        ctl_usage(import->ctl, "--encoding %s: unknown; utf-8 or gb18030 may be", encoding);
    enum import_stream_result result =
        import_stream_open(import->file, &import->stream, why, sizeof(why));

    if (result == IMPORT_STREAM_OPEN &&
        !import_scan_read(import->stream, &import->scan, why, sizeof(why)))
        result = IMPORT_STREAM_BROKEN;
    if (result != IMPORT_STREAM_OPEN) {
        ctl_say("%s: %s", import->file, why);
        return result == IMPORT_STREAM_ABSENT ? CTL_USAGE : CTL_UNFINISHED;
    }
    if (encoding != NULL)
        import->scan.encoding = asked;
    else if (import->scan.encoding != IMPORT_ENCODING_UTF8)
        ctl_say("%s: read as %s; --encoding says otherwise", import->file,
                import_encoding_name(import->scan.encoding));
    return CTL_DONE;
}

static int read_header(struct import *import)
{
    const struct import_table_options about = {import->ctl, import->settings.kind,
                                               import->scan.encoding, import->mappings,
                                               import->mapping_count};
    struct import_csv_source source = {read_bytes, import->stream};
    const char *unknown;
    char why[300];
    int code;

    import->table = import_table_new(&about);
    import->report = import_report_new(ctl_option(import->ctl, "--report"), why, sizeof(why));
    if (import->table == NULL || import->report == NULL) {
        ctl_say("%s", import->table == NULL ? "memory is out" : why);
        return CTL_UNFINISHED;
    }
    if (!rewind_file(import))
        return CTL_UNFINISHED;
    code = import_table_header(import->table, &source);
    unknown = import_table_columns(import->table)->unknown;
    if (code == CTL_DONE && unknown[0] != '\0')
        ctl_say("%s: columns that mean nothing here and are passed over: %s", import->file,
                unknown);
    return code;
}

/* --- rows --- */

static void take_row(void *owner, uint64_t line, const struct text *values)
{
    import_push_row(owner, line, values);
}

static void take_fault(void *owner, uint64_t line, size_t column, const char *name,
                       const char *what)
{
    import_push_fault(owner, line, column, name, what);
}

/* The whole file once; `number` NULL: checked only. */
static int pass_rows(struct import *import, const char *number, const char *what)
{
    const struct import_table_columns *columns = import_table_columns(import->table);
    const struct import_push_options about = {
        .ctl = import->ctl,
        .import_number = number,
        .settings = &import->settings,
        .columns = (char **)columns->fields,
        .places = columns->places,
        .names = columns->names,
        .column_count = columns->count,
        .batch =
            (size_t)ctl_integer(import->ctl, "--batch", DEFAULT_BATCH, 1, IMPORT_PUSH_MAX_BATCH),
        .in_flight = (size_t)ctl_integer(import->ctl, "--in-flight", DEFAULT_IN_FLIGHT, 1,
                                         IMPORT_PUSH_MAX_IN_FLIGHT),
        .report = import->report,
        .progress = ctl_progress_new(import->ctl, what, import->scan.lines),
    };
    struct import_push *push = import_push_new(&about);
    const struct import_table_taker taker = {take_row, take_fault, push};
    struct import_csv_source source = {read_bytes, import->stream};
    bool good;

    if (push == NULL || !rewind_file(import)) {
        import_push_free(push);
        return CTL_UNFINISHED;
    }
    good = import_table_rows(import->table, &source, &taker);
    import_push_end(push, &import->result);
    ctl_progress_end(about.progress);
    import_push_free(push);
    if (import_stream_why(import->stream)[0] != '\0') {
        ctl_say("%s: %s", import->file, import_stream_why(import->stream));
        good = false;
    }
    if (!good) {
        import->result.finished = false;
        import->result.exit = CTL_UNFINISHED;
    }
    return import->result.exit;
}

static int start(struct import *import)
{
    Kehu__Customers__V1__StartImport ask = KEHU__CUSTOMERS__V1__START_IMPORT__INIT;
    const char *slash = strrchr(import->file, '/');
    int code;

    ask.settings = &import->settings;
    ask.file_name = (char *)(slash != NULL ? slash + 1 : import->file);
    ask.file_hash = import->scan.hash;
    Kehu__Customers__V1__ImportStarted *started = (Kehu__Customers__V1__ImportStarted *)ctl_ask(
        import->ctl, &ask.base, &kehu__customers__v1__import_started__descriptor, &code);

    if (started == NULL)
        return code;
    import->number = started->import_number;
    import->is_resumed = started->resumed;
    if (started->resumed)
        ctl_say("%s goes on: %llu rows were taken before", started->import_number,
                (unsigned long long)started->rows);
    return CTL_DONE;
}

static int finish(struct import *import)
{
    Kehu__Customers__V1__FinishImport ask = KEHU__CUSTOMERS__V1__FINISH_IMPORT__INIT;
    int code;

    ask.import_number = (char *)import->number;
    ask.lines = import->scan.lines;
    ask.broken_lines = import->result.broken;
    if (ctl_ask(import->ctl, &ask.base, &kehu__customers__v1__import__descriptor, &code) == NULL)
        return code;
    return import->result.exit;
}

/* Somebody changed what the check had found good: what was taken goes back. */
static int take_back(struct import *import)
{
    ctl_say("not everything could be taken after all: %s is undone", import->number);
    if (import_undo_all(import->ctl, import->number, "all or nothing", NULL) == CTL_DONE)
        return CTL_REFUSED;
    return CTL_UNFINISHED;
}

static int import_rows(struct import *import)
{
    int code;

    if (import->is_dry)
        return pass_rows(import, NULL, "lines checked");
    if (import->is_all_or_nothing) {
        code = pass_rows(import, NULL, "lines checked");
        if (code != CTL_DONE)
            return code;
    }
    code = start(import);
    if (code != CTL_DONE)
        return code;
    code = pass_rows(import, import->number, "lines");
    if (!import->result.finished)
        return code;
    code = finish(import);
    return code == CTL_REFUSED && import->is_all_or_nothing ? take_back(import) : code;
}

/* --- the result --- */

static void print_json(const struct import *import)
{
    const struct import_push_result *result = &import->result;

    ctl_print_json(
        import->ctl,
        json_pack("{s:s, s:s, s:s, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:b}",
                  "import_number", import->number != NULL ? import->number : "", "file",
                  import->file, "encoding", import_encoding_name(import->scan.encoding), "dry_run",
                  import->number == NULL, "resumed", (int)import->is_resumed, "lines",
                  (json_int_t)import->scan.lines, "empty",
                  (json_int_t)import_table_empty(import->table), "broken",
                  (json_int_t)result->broken, "accepted", (json_int_t)result->accepted, "updated",
                  (json_int_t)result->updated, "unchanged", (json_int_t)result->unchanged,
                  "rejected", (json_int_t)result->rejected, "ignored_columns",
                  import_table_columns(import->table)->unknown, "finished", (int)result->finished));
}

static void print_result(const struct import *import)
{
    const struct import_push_result *result = &import->result;

    if (import->ctl->json) {
        print_json(import);
        return;
    }
    printf("%s: %" PRIu64 " lines%s%s\n", import->file, import->scan.lines,
           import->number != NULL ? ", " : ", only checked",
           import->number != NULL ? import->number : "");
    printf("  new         %10" PRIu64 "\n  changed     %10" PRIu64 "\n", result->accepted,
           result->updated);
    printf("  unchanged   %10" PRIu64 "\n  rejected    %10" PRIu64 "\n", result->unchanged,
           result->rejected);
    printf("  broken lines%10" PRIu64 "\n", result->broken);
    if (import->is_all_or_nothing && import->number == NULL && result->exit != CTL_DONE)
        printf("  nothing was imported\n");
    if (!result->finished)
        printf("  not finished; run the same command again\n");
}

static int run(struct ctl *ctl, Kehu__Customers__V1__ImportKind kind)
{
    struct import *import = arena_take(ctl->arena, sizeof(*import));
    int code;

    if (import == NULL || sodium_init() < 0)
        return CTL_UNFINISHED;
    import->ctl = ctl;
    kehu__customers__v1__import_settings__init(&import->settings);
    import->settings.kind = kind;
    read_options(import);
    code = open_file(import);
    if (code == CTL_DONE)
        code = read_header(import);
    if (code == CTL_DONE) {
        code = import_rows(import);
        if (!import_report_end(import->report))
            code = CTL_UNFINISHED;
        print_result(import);
    }
    import_report_free(import->report);
    import_table_free(import->table);
    import_stream_close(import->stream);
    return code;
}

static int run_customers(struct ctl *ctl)
{
    return run(ctl, KEHU__CUSTOMERS__V1__IMPORT_KIND__IMPORT_KIND_CUSTOMERS);
}

static int run_contacts(struct ctl *ctl)
{
    return run(ctl, KEHU__CUSTOMERS__V1__IMPORT_KIND__IMPORT_KIND_CONTACTS);
}

#define COMMON_HELP                                                                                \
    "Columns are found by name, in English or Chinese and in any order; unknown ones are named\n"  \
    "and passed over. FILE is CSV in UTF-8 or GB18030, may be compressed with gzip; - is\n"        \
    "standard input. Every line is checked by the service and taken whole or not at all; what\n"   \
    "is wrong is reported by line and column. History is silent: nobody is welcomed or\n"          \
    "reminded.\n\n"                                                                                \
    "The same command again goes on where it was interrupted. `kehuctl import undo IM…` takes\n" \
    "an import back.\n\n"                                                                          \
    "Exit status: 0 all of it, 1 something was rejected or a line broken, 2 usage, 3 not\n"        \
    "finished.\n\n"

const struct ctl_command ctl_import_customers = {
    .path = "import customers",
    .arguments = "FILE[.gz]",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Take over another system's table of customers",
    .help = "Needs a column for the id (编号, external_id) and one for the name (名称). Others:\n"
            "电话, 电子邮箱, 地址, 统一社会信用代码, 行业, … (`kehuctl customer fields`), 类型,\n"
            "性质, 区域.\n\n" COMMON_HELP
            "  kehuctl import customers kehu.csv --source erp --dry-run --report wrong.csv\n"
            "  kehuctl import customers kehu.csv --source erp --mapping 单位=name",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run_customers,
};

const struct ctl_command ctl_import_contacts = {
    .path = "import contacts",
    .arguments = "FILE[.gz]",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Take over another system's table of people",
    .help =
        "Needs a column for the customer (客户: KH…, id, source:id, or the id alone of\n"
        "--source) and one for the name (姓名). Others: 编号, 职务, 部门, 称呼, 性别, 生日,\n"
        "角色, 关键联系人, 手机, 电话, 电子邮箱, 微信. What they agreed to is unknown: service\n"
        "messages only.\n\n" COMMON_HELP
        "  kehuctl import contacts lianxiren.csv --source erp --known update",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run_contacts,
};

/*
 * kehuctl export customers and contacts: a CSV file that spreadsheets and our own imports read. It
 * appears under its name only when it is whole.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "csv_out.h"
#include "ctl.h"
#include "kehu/customers/v1/exports.pb-c.h"

static const struct ctl_option options[] = {
    {"--out", "FILE", "where to; must not be there yet", true},
    {"--reason", "TEXT", "what for; it is audited", true},
    {"--type", "TYPE", "only customer, channel, supplier, partner or competitor", false},
    {"--region", "CODE", "only of this region and those below it", false},
    {"--grade", "GRADE", "only A, B, C or none", false},
    {"--parent", "REF", "only organisations below this one", false},
    {"--incomplete", NULL, "only files that lack something", false},
    {"--unmask", NULL, "telephones and e-mail addresses in full", false},
    {"--headings", "LANGUAGE", "of the first line: zh (default) or en", false},
};

static void read_filters(struct ctl *ctl, Kehu__Customers__V1__StartExport *ask)
{
    static Kehu__Customers__V1__PartyType types[1];
    const char *type = ctl_option(ctl, "--type");
    char name[60] = "PARTY_TYPE_";

    ask->region = (char *)(ctl_option(ctl, "--region") ?: "");
    ask->grade = (char *)(ctl_option(ctl, "--grade") ?: "");
    ask->parent_ref = (char *)(ctl_option(ctl, "--parent") ?: "");
    ask->reason = (char *)ctl_option(ctl, "--reason");
    ask->only_incomplete = ctl_option(ctl, "--incomplete") != NULL;
    ask->unmask = ctl_option(ctl, "--unmask") != NULL;
    if (!type)
        return;
    for (size_t i = 0; type[i] && i < 40; i++)
        name[11 + i] = (char)(type[i] >= 'a' && type[i] <= 'z' ? type[i] - 'a' + 'A' : type[i]);
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value_by_name(
        &kehu__customers__v1__party_type__descriptor, name);

    if (!value || !value->value)
        ctl_usage(ctl, "--type must be customer, channel, supplier, partner or competitor");
    types[0] = (Kehu__Customers__V1__PartyType)value->value;
    ask->party_types = types;
    ask->n_party_types = 1;
}

static void write_row(FILE *file, char **values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fputc(',', file);
        csv_out_cell(file, values[i]);
    }
    fputs("\r\n", file);
}

static void write_headings(FILE *file, const Kehu__Customers__V1__ExportStarted *started,
                           bool is_english)
{
    fputs(CSV_OUT_MARK, file);
    for (size_t i = 0; i < started->n_columns; i++) {
        if (i > 0)
            fputc(',', file);
        csv_out_cell(file,
                     is_english ? started->columns[i]->english : started->columns[i]->chinese);
    }
    fputs("\r\n", file);
}

static int write_rows(struct ctl *ctl, FILE *file,
                      const Kehu__Customers__V1__ExportStarted *started, uint64_t *rows)
{
    Kehu__Customers__V1__ExportRows ask = KEHU__CUSTOMERS__V1__EXPORT_ROWS__INIT;
    struct ctl_progress *progress = ctl_progress_new(ctl, "rows", started->rows);
    int code;

    ask.export_number = started->export_number;
    ask.page_size = 500;
    for (;;) {
        Kehu__Customers__V1__ExportedRows *page = (Kehu__Customers__V1__ExportedRows *)ctl_ask(
            ctl, &ask.base, &kehu__customers__v1__exported_rows__descriptor, &code);

        if (!page)
            return code;
        for (size_t i = 0; i < page->n_rows; i++)
            write_row(file, page->rows[i]->values, page->rows[i]->n_values);
        *rows += page->n_rows;
        ctl_progress_set(progress, *rows);
        if (!page->next_page_token[0])
            break;
        ask.page_token = page->next_page_token;
    }
    ctl_progress_end(progress);
    return CTL_DONE;
}

/* Under another name until it is whole. */
static int write_file(struct ctl *ctl, const char *path,
                      const Kehu__Customers__V1__ExportStarted *started, uint64_t *rows)
{
    const char *headings = ctl_option(ctl, "--headings");
    const char *part = arena_print(ctl->arena, "%s.part", path);
    FILE *file = part ? fopen(part, "wx") : NULL;
    int code;

    if (!file) {
        ctl_say("%s: %s", part ? part : path, strerror(errno));
        return CTL_UNFINISHED;
    }
    write_headings(file, started, headings && strcmp(headings, "en") == 0);
    code = write_rows(ctl, file, started, rows);
    if (fclose(file) != 0 && code == CTL_DONE) {
        ctl_say("%s: %s", part, strerror(errno));
        code = CTL_UNFINISHED;
    }
    if (code == CTL_DONE && link(part, path) != 0) { /* never over a file that is there */
        ctl_say("%s: %s", path, strerror(errno));
        code = CTL_UNFINISHED;
    }
    unlink(part);
    return code;
}

static int run(struct ctl *ctl, Kehu__Customers__V1__ExportKind kind)
{
    Kehu__Customers__V1__StartExport ask = KEHU__CUSTOMERS__V1__START_EXPORT__INIT;
    const char *path = ctl_option(ctl, "--out"), *headings = ctl_option(ctl, "--headings");
    uint64_t rows = 0;
    int code;

    if (headings && strcmp(headings, "zh") != 0 && strcmp(headings, "en") != 0)
        ctl_usage(ctl, "--headings must be zh or en");
    if (access(path, F_OK) == 0)
        ctl_usage(ctl, "%s is there already: name another file", path);
    ask.kind = kind;
    read_filters(ctl, &ask);
    Kehu__Customers__V1__ExportStarted *started = (Kehu__Customers__V1__ExportStarted *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__export_started__descriptor, &code);

    if (!started)
        return code;
    code = write_file(ctl, path, started, &rows);
    if (code != CTL_DONE)
        return code;
    if (ctl->json)
        ctl_print_json(ctl, json_pack("{s:s, s:s, s:I, s:I, s:b}", "export_number",
                                      started->export_number, "file", path, "rows",
                                      (json_int_t)rows, "rows_left", (json_int_t)started->rows_left,
                                      "unmasked", (int)ask.unmask));
    else
        printf("%s: %" PRIu64 " rows, %s; %" PRIu64 " more may be exported today\n", path, rows,
               started->export_number, started->rows_left);
    return CTL_DONE;
}

static int run_customers(struct ctl *ctl)
{
    return run(ctl, KEHU__CUSTOMERS__V1__EXPORT_KIND__EXPORT_KIND_CUSTOMERS);
}

static int run_contacts(struct ctl *ctl)
{
    return run(ctl, KEHU__CUSTOMERS__V1__EXPORT_KIND__EXPORT_KIND_CONTACTS);
}

#define COMMON_HELP                                                                                \
    "The file is CSV in UTF-8 with a mark at its start, for spreadsheets. A cell that one would\n" \
    "calculate (= + - @) or shorten (long digits) begins with a tab, which it does not show and\n" \
    "`kehuctl import` cuts. Telephones and e-mail addresses are masked without --unmask. Rows\n"   \
    "count against your day (policy exports) before the first one leaves; nothing is written\n"    \
    "when they are too many. Everything is audited.\n\n"

const struct ctl_command ctl_export_customers = {
    .path = "export customers",
    .arguments = "",
    .summary = "Customer files that you may see, as a CSV file",
    .help = COMMON_HELP "  kehuctl export customers --out a.csv --grade A --reason \"年度走访\"",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run_customers,
};

const struct ctl_command ctl_export_contacts = {
    .path = "export contacts",
    .arguments = "",
    .summary = "People of customers that you may see, as a CSV file",
    .help =
        COMMON_HELP "  kehuctl export contacts --out people.csv --region yn --reason \"邀请函\"",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run_contacts,
};

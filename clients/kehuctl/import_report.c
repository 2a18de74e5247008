/* UTF-8 with a mark at the start, so that spreadsheets read the Chinese in it. */
#include "clients/kehuctl/import_report.h"

#include "clients/kehuctl/csv_out.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHOWN = 20,
};

struct import_report {
    FILE *file; /* NULL: only the screen */
    const char *path;
    uint64_t count;
};

struct import_report *import_report_new(const char *path, char *why, size_t why_bytes)
{
    struct import_report *report = calloc(1, sizeof(*report));

    if (report == NULL) {
        snprintf(why, why_bytes, "memory is out");
        return NULL;
    }
    report->path = path;
    if (path == NULL)
        return report;
    report->file = fopen(path, "w");
    if (report->file == NULL) {
        snprintf(why, why_bytes, "%s: %s", path, strerror(errno));
        free(report);
        return NULL;
    }
    fputs(CSV_OUT_MARK "line,column,name,why\r\n", report->file);
    return report;
}

void import_report_add(struct import_report *report, uint64_t line, size_t column, const char *name,
                       const char *what)
{
    report->count++;
    if (report->file != NULL) {
        fprintf(report->file, "%llu,", (unsigned long long)line);
        if (column > 0)
            fprintf(report->file, "%zu", column);
        fputc(',', report->file);
        csv_out_cell(report->file, name);
        fputc(',', report->file);
        csv_out_cell(report->file, what);
        fputs("\r\n", report->file);
    }
    if (report->count > SHOWN)
        return;
    if (column == 0)
        ctl_say("line %llu: %s", (unsigned long long)line, what);
    else if (name[0] == '\0')
        ctl_say("line %llu, column %zu: %s", (unsigned long long)line, column, what);
    else
        ctl_say("line %llu, column %zu (%s): %s", (unsigned long long)line, column, name, what);
}

bool import_report_end(struct import_report *report)
{
    bool good = report->file == NULL || (fflush(report->file) == 0 && !ferror(report->file));

    if (report->count > SHOWN && report->path == NULL)
        ctl_say("%llu more are not shown; --report FILE keeps them all",
                (unsigned long long)(report->count - SHOWN));
    else if (report->count > SHOWN)
        ctl_say("%llu more stand in %s", (unsigned long long)(report->count - SHOWN), report->path);
    if (!good)
        ctl_say("%s: could not be written: %s", report->path, strerror(errno));
    return good;
}

void import_report_free(struct import_report *report)
{
    if (report == NULL)
        return;
    if (report->file != NULL)
        fclose(report->file);
    free(report);
}

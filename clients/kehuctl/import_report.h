/*
 * What was wrong with a file's lines: all of it as a CSV file where one was asked for, the first
 * lines on the screen.
 */
#ifndef KEHU_IMPORT_REPORT_H
#define KEHU_IMPORT_REPORT_H

#include "clients/kehuctl/ctl.h"

struct import_report;

/* `path` NULL: only on the screen. NULL: the file cannot be made; `why` says so. */
struct import_report *import_report_new(const char *path, char *why, size_t why_bytes);
/* `column` counts from 1; 0: the line as a whole. */
void import_report_add(struct import_report *report, uint64_t line, size_t column, const char *name,
                       const char *what);
/* Says what the screen left out. False: the file could not be written whole. */
bool import_report_end(struct import_report *report);
void import_report_free(struct import_report *report);

#endif

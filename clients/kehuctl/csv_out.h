/*
 * Cells of CSV files that spreadsheets open. A cell that a spreadsheet would take for a formula
 * (= + - @ at its start), for a number though it is a code (12 digits and more, or zeroes before
 * others) begins with a tab: it is shown as text, nothing is calculated, nothing of it is lost, and
 * our own imports, which cut spaces and tabs, read what was meant. ="138…" would itself be a
 * formula, which the rule against formulas could not tell from one that somebody typed into a name,
 * and which LibreOffice and WPS read otherwise than Excel.
 */
#ifndef KEHU_CSV_OUT_H
#define KEHU_CSV_OUT_H

#include "common/base.h"

#include <stdio.h>

#define CSV_OUT_MARK "\xEF\xBB\xBF" /* UTF-8's, at the start of a file */

/* True when the cell needs the tab. */
bool csv_out_is_guarded(const char *text);
/* Writes one cell, in quotes where it needs them; separators are the caller's. */
void csv_out_cell(FILE *file, const char *text);

#endif

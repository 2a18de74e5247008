/* Values out. */
#include "clients/kehuctl/csv_out.h"

#include <string.h>

enum {
    LONG_DIGITS = 12, /* spreadsheets show so many as 1.38E+11 */
};

static bool is_code(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || text[digits] != '\0')
        return false;
    return digits >= LONG_DIGITS || (digits > 1 && text[0] == '0');
}

/* Full width signs begin formulas in Chinese and Japanese spreadsheets too. */
static bool is_formula(const char *text)
{
    static const char *const signs[] = {
        "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

    while (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n')
        text++;
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (strncmp(text, signs[i], strlen(signs[i])) == 0)
            return true;
    return false;
}

bool csv_out_is_guarded(const char *text)
{
    return is_code(text) || is_formula(text);
}

void csv_out_cell(FILE *file, const char *text)
{
    bool is_guarded = csv_out_is_guarded(text);

    if (!is_guarded && strpbrk(text, ",\"\r\n\t") == NULL && text[0] != ' ') {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    if (is_guarded)
        fputc('\t', file);
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            fputc('"', file);
        fputc(*c, file);
    }
    fputc('"', file);
}

#include "services/complaints/domain/report.h"

#include <string.h>

#include "common/pure/day.h"

static const char *const names[REPORT_FIGURES] = {
    [REPORT_FIGURE_IS_NONE] = "",
    [REPORT_COMPLAINTS] = "complaints",
    [REPORT_OPEN] = "open",
    [REPORT_CLOSED] = "closed",
    [REPORT_SERIOUS] = "serious",
    [REPORT_REOPENED] = "reopened",
    [REPORT_UNCONFIRMED] = "unconfirmed",
    [REPORT_RECURRED] = "recurred",
    [REPORT_RECURRED_OF_CUSTOMER] = "recurred_of_customer",
    [REPORT_RECURRED_OF_BATCH] = "recurred_of_batch",
    [REPORT_CLOCKS_MET] = "clocks_met",
    [REPORT_CLOCKS_BREACHED] = "clocks_breached",
    [REPORT_ACKNOWLEDGED] = "acknowledged",
    [REPORT_ANSWERED] = "answered",
    [REPORT_ENDED] = "ended",
    [REPORT_RATINGS] = "ratings",
    [REPORT_RATINGS_ASKED] = "ratings_asked",
    [REPORT_OUR_FAULT] = "our_fault",
    [REPORT_NOT_COUNTED] = "not_counted",
    [REPORT_HISTORIC] = "historic",
};

/* Means, and what they are means of. */
static const struct {
    const char *name;
    enum report_figure figure;
} means[] = {
    {"hours_to_acknowledge", REPORT_ACKNOWLEDGED},
    {"hours_to_answer", REPORT_ANSWERED},
    {"hours_to_close", REPORT_ENDED},
    {"rating", REPORT_RATINGS},
};

static bool is_same(struct text a, const char *b)
{
    return a.bytes == strlen(b) && memcmp(a.at, b, a.bytes) == 0;
}

const char *report_figure_name(enum report_figure figure)
{
    return (size_t)figure < REPORT_FIGURES ? names[figure] : "";
}

enum report_figure report_figure_read(struct text name)
{
    for (size_t i = 1; i < REPORT_FIGURES; i++)
        if (is_same(name, names[i]))
            return (enum report_figure)i;
    for (size_t i = 0; i < COUNT_OF(means); i++)
        if (is_same(name, means[i].name))
            return means[i].figure;
    return REPORT_FIGURE_IS_NONE;
}

bool report_month_days(struct text key, int32_t *first, int32_t *last)
{
    char day[11] = "0000-00-01";

    if (key.bytes != 7)
        return false;
    memcpy(day, key.at, key.bytes);
    if (!day_parse(day, 10, first))
        return false;
    *last = day_add_months(*first, 1) - 1;
    return true;
}

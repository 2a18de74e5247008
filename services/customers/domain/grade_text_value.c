/*
 * Amounts, shares and days as people read them, and the writer that every sentence is made with.
 */
#include <string.h>

#include "common/pure/day.h"
#include "services/customers/domain/grade_text_value.h"

#define WHOLE 1000000 /* one unit, or 100 %, in millionths */
#define CNY_TEN_THOUSAND_MICROS INT64_C(10000000000)

struct grade_writer grade_text_value_begin(char *out, size_t room)
{
    if (room > 0)
        out[0] = '\0';
    return (struct grade_writer){.out = out, .room = room, .is_full = room == 0};
}

void grade_text_value_add(struct grade_writer *writer, struct text text)
{
    size_t left = writer->is_full ? 0 : writer->room - 1 - writer->bytes;
    size_t bytes = text.bytes;

    if (bytes > left) {
        bytes = left;
        while (bytes > 0 && (text.at[bytes] & 0xc0) == 0x80)
            bytes--;
        writer->is_full = true;
    }
    if (bytes > 0) {
        memcpy(writer->out + writer->bytes, text.at, bytes);
        writer->bytes += bytes;
        writer->out[writer->bytes] = '\0';
    }
}

void grade_text_value_say(struct grade_writer *writer, const char *text)
{
    grade_text_value_add(writer, (struct text){text, strlen(text)});
}

/* At least `digits` digits; from the fourth on with a comma between thousands when asked. */
static void add_digits(struct grade_writer *writer, unsigned __int128 value, int digits,
                       bool has_commas)
{
    char text[64];
    size_t at = sizeof(text);

    for (int count = 0; count < digits || value > 0; count++) {
        if (has_commas && count > 0 && count % 3 == 0)
            text[--at] = ',';
        text[--at] = (char)('0' + (int)(value % 10));
        value /= 10;
    }
    grade_text_value_add(writer, (struct text){text + at, sizeof(text) - at});
}

void grade_text_value_count(struct grade_writer *writer, uint32_t value)
{
    add_digits(writer, value, 1, false);
}

/* value / 10^decimals, with so many decimals. */
static void add_fixed(struct grade_writer *writer, unsigned __int128 value, int decimals,
                      bool has_commas)
{
    unsigned __int128 unit = 1;

    for (int i = 0; i < decimals; i++)
        unit *= 10;
    add_digits(writer, value / unit, 1, has_commas);
    if (decimals > 0) {
        grade_text_value_say(writer, ".");
        add_digits(writer, value % unit, decimals, false);
    }
}

static uint64_t size_of(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

static bool is_cny(const char *currency)
{
    return strcmp(currency, "CNY") == 0;
}

void grade_text_value_amount(struct grade_writer *writer, int64_t micros, const char *currency,
                             enum grade_language language)
{
    unsigned __int128 size = size_of(micros);
    unsigned __int128 cents = (size + WHOLE / 200) / (WHOLE / 100);
    bool is_negative = micros < 0;

    if (language == GRADE_LANGUAGE_IS_ZH && is_cny(currency) &&
        size >= (unsigned __int128)CNY_TEN_THOUSAND_MICROS) {
        if (is_negative)
            grade_text_value_say(writer, "-");
        /* Tenths of 万: thousands of yuan. */
        add_fixed(writer, (size + CNY_TEN_THOUSAND_MICROS / 20) / (CNY_TEN_THOUSAND_MICROS / 10), 1,
                  true);
        grade_text_value_say(writer, "万元");
        return;
    }
    is_negative = is_negative && cents > 0;
    if (is_cny(currency)) {
        grade_text_value_say(writer, is_negative ? "-¥" : "¥");
    } else {
        grade_text_value_say(writer, currency);
        grade_text_value_say(writer, is_negative ? " -" : " ");
    }
    add_fixed(writer, cents, 2, true);
}

/* Half away from zero, unless that would reach the threshold which the exact share misses. Shares
 * are counted in hundredths of a percent, 100 millionths each. */
static __int128 rounded_share(__int128 amount, __int128 total, int64_t threshold_micros)
{
    __int128 scaled = amount * (WHOLE / 100);
    __int128 half = total / 2;
    __int128 share = (scaled + (scaled < 0 ? -half : half)) / total;
    bool is_missed = amount * WHOLE < (__int128)threshold_micros * total;

    if (threshold_micros > 0 && is_missed && share * 100 >= threshold_micros)
        share = scaled / total;
    return share;
}

void grade_text_value_share(struct grade_writer *writer, int64_t amount_micros,
                            int64_t total_micros, int64_t threshold_micros)
{
    __int128 share = rounded_share(amount_micros, total_micros, threshold_micros);

    if (share < 0)
        grade_text_value_say(writer, "-");
    add_fixed(writer, (unsigned __int128)(share < 0 ? -share : share), 2, false);
    grade_text_value_say(writer, "%");
}

void grade_text_value_threshold(struct grade_writer *writer, int64_t micros)
{
    uint64_t value = size_of(micros);
    int decimals = 4;

    for (; decimals > 0 && value % 10 == 0; decimals--)
        value /= 10;
    add_fixed(writer, value, decimals, false);
    grade_text_value_say(writer, "%");
}

void grade_text_value_day(struct grade_writer *writer, int32_t day, enum grade_language language)
{
    char text[DAY_TEXT_BYTES];
    struct day_date date = day_split(day);

    if (language == GRADE_LANGUAGE_IS_EN) {
        day_print(day, text);
        grade_text_value_say(writer, text);
        return;
    }
    add_digits(writer, (unsigned)date.year, 1, false);
    grade_text_value_say(writer, "年");
    add_digits(writer, (unsigned)date.month, 1, false);
    grade_text_value_say(writer, "月");
    add_digits(writer, (unsigned)date.day, 1, false);
    grade_text_value_say(writer, "日");
}

size_t grade_text_amount(int64_t micros, const char *currency, enum grade_language language,
                         char out[GRADE_TEXT_AMOUNT_BYTES])
{
    struct grade_writer writer = grade_text_value_begin(out, GRADE_TEXT_AMOUNT_BYTES);

    grade_text_value_amount(&writer, micros, currency, language);
    return writer.bytes;
}

size_t grade_text_share(const struct grade_figures *figures, int64_t threshold_micros,
                        char out[GRADE_TEXT_SHARE_BYTES])
{
    struct grade_writer writer = grade_text_value_begin(out, GRADE_TEXT_SHARE_BYTES);

    grade_text_value_share(&writer, figures->numerator_micros, figures->denominator_micros,
                           threshold_micros);
    return writer.bytes;
}

#include "services/complaints/domain/confirmation.h"

#include "common/pure/text.h"

/* Of 100, by the last bytes of the id, which are random in a UUIDv7. */
static uint32_t draw(const struct id *id)
{
    uint32_t value = 0;

    for (size_t i = 12; i < sizeof(id->bytes); i++)
        value = value << 8 | id->bytes[i];
    return value % 100;
}

bool confirmation_is_wanted(enum case_kind kind, bool is_anonymous, const struct id *case_id,
                            uint32_t sample_percent)
{
    if (is_anonymous)
        return false;
    return kind == CASE_IS_COMPLAINT ||
           (kind == CASE_IS_SERVICE_REQUEST && draw(case_id) < sample_percent);
}

bool confirmation_is_enough(enum confirmation confirmation, enum case_kind kind,
                            enum severity severity)
{
    if (kind == CASE_IS_COMPLAINT && severity >= SEVERITY_SERIOUS)
        return confirmation == CONFIRMED_BY_OTHER_CALL;
    return confirmation != CONFIRMATION_IS_NONE;
}

enum confirmation_reply confirmation_read_reply(struct text text)
{
    static const struct {
        struct text text;
        enum confirmation_reply reply;
    } replies[] = {
        {{"1", 1}, CONFIRMATION_YES},    {{"１", 3}, CONFIRMATION_YES},
        {{"满意", 6}, CONFIRMATION_YES}, {{"2", 1}, CONFIRMATION_NO},
        {{"２", 3}, CONFIRMATION_NO},    {{"不满意", 9}, CONFIRMATION_NO},
    };

    while (text.bytes > 0 && (text.at[0] == ' ' || text.at[0] == '\n' || text.at[0] == '\r')) {
        text.at++;
        text.bytes--;
    }
    while (text.bytes > 0 && (text.at[text.bytes - 1] == ' ' || text.at[text.bytes - 1] == '\n' ||
                              text.at[text.bytes - 1] == '\r' || text.at[text.bytes - 1] == '.'))
        text.bytes--;
    for (size_t i = 0; i < COUNT_OF(replies); i++)
        if (text_compare(text, replies[i].text) == 0)
            return replies[i].reply;
    return CONFIRMATION_UNCLEAR;
}

static bool is_new_channel(const struct confirmation_attempt *attempts, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (attempts[i].outcome != DELIVERY_REACHED &&
            text_compare(attempts[i].channel, attempts[at].channel) == 0)
            return false;
    return true;
}

static bool is_new_day(const struct confirmation_attempt *attempts, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (attempts[i].outcome != DELIVERY_REACHED && attempts[i].day == attempts[at].day)
            return false;
    return attempts[at].on_working_day;
}

struct confirmation_tries confirmation_count(const struct confirmation_attempt *attempts,
                                             size_t count)
{
    struct confirmation_tries tries = {0};

    for (size_t i = 0; i < count; i++) {
        if (attempts[i].outcome == DELIVERY_REACHED)
            continue;
        tries.attempts++;
        tries.channels += is_new_channel(attempts, i);
        tries.days += is_new_day(attempts, i);
    }
    return tries;
}

bool confirmation_was_tried(const struct confirmation_tries *tries)
{
    return tries->attempts >= CONFIRMATION_ATTEMPTS && tries->channels >= CONFIRMATION_CHANNELS &&
           tries->days >= CONFIRMATION_DAYS;
}

static void tell_of(struct telling *telling, uint32_t have, uint32_t need)
{
    telling_say_count(telling, have < need ? have : need);
    telling_say(telling, "/", " of ");
    telling_say_count(telling, need);
}

void confirmation_tell_tries(const struct confirmation_tries *tries, enum telling_language language,
                             char out[CONFIRMATION_TRIES_BYTES])
{
    struct telling telling = telling_begin(out, CONFIRMATION_TRIES_BYTES, language);

    telling_say(&telling, "已尝试", "tried ");
    tell_of(&telling, tries->attempts, CONFIRMATION_ATTEMPTS);
    telling_say(&telling, "次、", " times, over ");
    tell_of(&telling, tries->channels, CONFIRMATION_CHANNELS);
    telling_say(&telling, "种渠道、", " channels, on ");
    tell_of(&telling, tries->days, CONFIRMATION_DAYS);
    telling_say(&telling, "个不同工作日", " different working days");
}

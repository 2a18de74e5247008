/*
 * The public face of the asker (common/asker.h): the same words under the names that other systems
 * know. The structs are kept apart, so that ours may grow while kehu.h stays what it is.
 */
#include "kehu.h"

#include <utlist.h>

#include <stdio.h>
#include <stdlib.h>

#include "common/asker.h"

#define RESOLVE_MS 2000 /* kehu.h: how long kehu_new may wait for the names */

/* A question on its way. */
struct asked {
    struct kehu *kehu;
    kehu_answered answered;
    void *owner;
    struct asked *next, *prev;
};

struct kehu {
    struct asker *asker;
    struct asked *asked;
};

_Static_assert((int)KEHU_FULL == (int)ASKER_FULL && (int)KEHU_TOO_LARGE == (int)ASKER_TOO_LARGE &&
                   (int)KEHU_BAD == (int)ASKER_BAD,
               "the results are the same");
_Static_assert(sizeof(struct kehu_violation) == sizeof(struct asker_violation),
               "violations are handed on as they are");

struct kehu *kehu_new(const struct kehu_options *options, char *why, size_t why_bytes)
{
    const struct asker_options own = {.urls = options->urls,
                                      .key_file = options->key_file,
                                      .source = options->source,
                                      .max_waiting = options->max_waiting,
                                      .max_waiting_bytes = options->max_waiting_bytes,
                                      .first_resend_ms = options->first_resend_ms,
                                      .resolve_ms = RESOLVE_MS};
    struct kehu *kehu = calloc(1, sizeof(*kehu));

    if (!kehu) {
        snprintf(why, why_bytes, "out of memory");
        return NULL;
    }
    kehu->asker = asker_new(&own, why, why_bytes);
    if (kehu->asker)
        return kehu;
    free(kehu);
    return NULL;
}

void kehu_free(struct kehu *kehu)
{
    struct asked *asked, *next;

    if (!kehu)
        return;
    asker_free(kehu->asker);
    DL_FOREACH_SAFE(kehu->asked, asked, next)
    free(asked);
    free(kehu);
}

static void hand_on(void *owner, const struct asker_answer *answer)
{
    struct asked *asked = owner;
    const struct kehu_answer public = {
        .request_id = answer->request_id,
        .status = answer->status,
        .status_name = answer->status_name,
        .message = answer->message,
        .violations = (const struct kehu_violation *)answer->violations,
        .violation_count = answer->violation_count,
        .payload_type = answer->payload_type,
        .payload = answer->payload,
        .payload_bytes = answer->payload_bytes,
        .sendings = answer->sendings,
        .seconds = answer->seconds,
    };

    DL_DELETE(asked->kehu->asked, asked);
    if (asked->answered)
        asked->answered(asked->owner, &public);
    free(asked);
}

enum kehu_result kehu_ask(struct kehu *kehu, const struct kehu_question *question,
                          kehu_answered answered, void *owner)
{
    const struct asker_question own = {.type = question->type,
                                       .id = question->id,
                                       .source = question->source,
                                       .subject = question->subject,
                                       .actor = question->actor,
                                       .payload = question->payload,
                                       .payload_bytes = question->payload_bytes,
                                       .deadline_ms = question->deadline_ms};
    struct asked *asked = calloc(1, sizeof(*asked));

    if (!asked)
        return KEHU_FULL;
    *asked = (struct asked){.kehu = kehu, .answered = answered, .owner = owner};
    enum asker_result result = asker_ask(kehu->asker, &own, hand_on, asked);

    if (result == ASKER_OK)
        DL_APPEND(kehu->asked, asked); /* it cannot have ended: that takes a turn */
    else
        free(asked);
    return (enum kehu_result)result;
}

void kehu_turn(struct kehu *kehu, int timeout_ms)
{
    asker_turn(kehu->asker, timeout_ms);
}

bool kehu_wait(struct kehu *kehu, int timeout_ms)
{
    return asker_wait(kehu->asker, timeout_ms);
}

size_t kehu_waiting(const struct kehu *kehu)
{
    return asker_waiting(kehu->asker);
}

uint64_t kehu_resends(const struct kehu *kehu)
{
    return asker_resends(kehu->asker);
}

size_t kehu_connected(const struct kehu *kehu)
{
    return asker_connected(kehu->asker);
}

/* The connection and one question at a time, with what is to be said about refusals. */
#include "ctl.h"
#include "ctl_words.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "common/status.h"

#define SLICE_MS 200

static volatile sig_atomic_t interrupted;

static void note_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

void ctl_catch_interrupt(void)
{
    struct sigaction action = {.sa_handler = note_interrupt};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool ctl_is_interrupted(void)
{
    return interrupted;
}

const char *ctl_service_name(enum ctl_service service)
{
    static const char *const names[CTL_SERVICES] = {"customers", "complaints"};

    return names[service];
}

void ctl_speak(struct ctl *ctl, enum ctl_service service)
{
    ctl->service = service;
}

bool ctl_connect(struct ctl *ctl)
{
    struct ctl_place *place = &ctl->places[ctl->service];
    char why[400];

    if (place->kehu)
        return true;
    if (ctl->endpoint) {
        place->urls = ctl->endpoint;
        ctl->endpoint = NULL;
    }
    struct kehu_options options = {.urls = place->urls, .key_file = ctl->key_file};

    place->kehu = kehu_new(&options, why, sizeof(why));
    if (!place->kehu)
        ctl_say("%s", why);
    return place->kehu != NULL;
}

struct kehu *ctl_kehu(const struct ctl *ctl)
{
    return ctl->places[ctl->service].kehu;
}

void ctl_disconnect(struct ctl *ctl)
{
    kehu_free(ctl->places[ctl->service].kehu);
    ctl->places[ctl->service].kehu = NULL;
}

/* "kehu.complaints.v1.GetCase" belongs to complaints; the floor's to the one that is spoken to. */
static enum ctl_service service_of(const struct ctl *ctl, const char *type)
{
    for (enum ctl_service i = 0; i < CTL_SERVICES; i++) {
        const char *name = ctl_service_name(i);
        size_t length = strlen(name);

        if (strncmp(type, "kehu.", 5) == 0 && strncmp(type + 5, name, length) == 0 &&
            type[5 + length] == '.')
            return i;
    }
    return ctl->service;
}

/* What outlives the call of `take`. */
struct asked {
    struct ctl *ctl;
    struct ctl_answer *answer;
    int *code;
    bool done, good;
};

static void say_refusal(struct ctl *ctl, const struct kehu_answer *answer)
{
    ctl->refused_as = arena_copy_text(ctl->arena, answer->status_name, strlen(answer->status_name));
    if (ctl->is_quiet || (ctl->unsaid && strstr(ctl->unsaid, answer->status_name)))
        return;
    ctl_say("%s: %s", ctl_status(ctl, answer->status_name),
            answer->message[0] ? ctl_sentence(ctl, answer->message) : "no reason given");
    for (size_t i = 0; i < answer->violation_count; i++) {
        const struct kehu_violation *one = &answer->violations[i];

        fprintf(stderr, "  %s: %s\n", one->field,
                ctl->violation_words ? ctl->violation_words(ctl, one->field, one->description)
                                     : ctl_sentence(ctl, one->description));
    }
    if (answer->status == DEADLINE_EXCEEDED)
        fprintf(stderr, "  asked %s at %s with %s, %u sendings in %.1f s\n",
                ctl_service_name(ctl->service), ctl->places[ctl->service].urls, ctl->key_file,
                answer->sendings, answer->seconds);
}

static void take(void *owner, const struct kehu_answer *answer)
{
    struct asked *asked = owner;
    struct arena *arena = asked->ctl->arena;

    asked->done = true;
    if (answer->status != OK) {
        say_refusal(asked->ctl, answer);
        *asked->code = answer->status == DEADLINE_EXCEEDED ? CTL_UNFINISHED : CTL_REFUSED;
        return;
    }
    *asked->answer = (struct ctl_answer){
        .payload_type = arena_copy_text(arena, answer->payload_type, strlen(answer->payload_type)),
        .payload = arena_copy(arena, answer->payload, answer->payload_bytes),
        .payload_bytes = answer->payload_bytes,
        .seconds = answer->seconds,
    };
    asked->good = asked->answer->payload_type && asked->answer->payload;
    if (!asked->good)
        *asked->code = CTL_UNFINISHED;
}

/* To the service that is spoken to. */
static bool ask_bytes(struct ctl *ctl, const struct kehu_question *question,
                      struct ctl_answer *answer, int *code)
{
    struct asked asked = {.ctl = ctl, .answer = answer, .code = code};

    *code = CTL_UNFINISHED;
    if (!ctl_connect(ctl))
        return false;
    struct kehu_question ask = *question;

    if (!ask.actor)
        ask.actor = ctl->actor;
    enum kehu_result result = kehu_ask(ctl_kehu(ctl), &ask, take, &asked);

    if (result != KEHU_OK) {
        ctl_say(result == KEHU_TOO_LARGE
                    ? "the message is over 8 MiB"
                    : "an id, source, subject or actor is missing or too long");
        *code = CTL_USAGE;
        return false;
    }
    while (!asked.done && !interrupted)
        kehu_turn(ctl_kehu(ctl), SLICE_MS);
    if (!asked.done) { /* the question must not outlive `asked` */
        ctl_disconnect(ctl);
        *code = CTL_DONE;
    } else if (asked.good) {
        *code = CTL_DONE;
    }
    return asked.good;
}

bool ctl_ask_bytes(struct ctl *ctl, const struct kehu_question *question, struct ctl_answer *answer,
                   int *code)
{
    enum ctl_service before = ctl->service;

    ctl_speak(ctl, service_of(ctl, question->type));
    bool good = ask_bytes(ctl, question, answer, code);

    ctl_speak(ctl, before);
    return good;
}

ProtobufCMessage *ctl_ask(struct ctl *ctl, const ProtobufCMessage *question,
                          const ProtobufCMessageDescriptor *reply, int *code)
{
    size_t bytes = protobuf_c_message_get_packed_size(question);
    uint8_t *packed = arena_take(ctl->arena, bytes);
    struct ctl_answer answer;

    *code = CTL_UNFINISHED;
    if (!packed) {
        ctl_say("out of memory");
        return NULL;
    }
    protobuf_c_message_pack(question, packed);
    struct kehu_question ask = {.type = question->descriptor->name,
                                .payload = packed,
                                .payload_bytes = bytes,
                                .deadline_ms = ctl->timeout_ms};

    if (!ctl_ask_bytes(ctl, &ask, &answer, code))
        return NULL;
    ProtobufCMessage *message =
        strcmp(answer.payload_type, reply->name) != 0
            ? NULL
            : protobuf_c_message_unpack(reply, arena_allocator(ctl->arena), answer.payload_bytes,
                                        answer.payload);

    if (!message) {
        ctl_say("the service answered \"%s\", which is no readable %s", answer.payload_type,
                reply->name);
        *code = CTL_UNFINISHED;
    }
    return message;
}

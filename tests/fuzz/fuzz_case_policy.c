/*
 * Any text as a stored policy of complaints: the first line is the kind. What is read is printed
 * and read again as the same document.
 */
#include <assert.h>
#include <string.h>

#include "services/complaints/codec/codec_case_policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check(enum case_policy_kind kind, const char *json, struct arena *arena)
{
    struct case_policy policy, again;
    enum status status = codec_case_policy_read(kind, json, arena, &policy);

    assert(status == OK || status == INVALID_ARGUMENT || status == RESOURCE_EXHAUSTED);
    if (status != OK)
        return;
    const char *printed = policy_document_print(policy.document, arena);

    if (!printed || codec_case_policy_read(kind, printed, arena, &again) == RESOURCE_EXHAUSTED)
        return;
    const char *twice = policy_document_print(again.document, arena);

    assert(!twice || strcmp(twice, printed) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct arena *arena = arena_new(4 << 20);
    char *text = arena_copy_text(arena, (const char *)bytes, count);
    char *end = text ? strchr(text, '\n') : NULL;

    for (int kind = 1; end && kind <= CASE_POLICY_KINDS; kind++)
        if (strncmp(text, case_policy_kinds.names[kind], (size_t)(end - text)) == 0)
            check((enum case_policy_kind)kind, end + 1, arena);
    arena_free(arena);
    return 0;
}

#include "services/complaints/handlers/causes.h"

#include <string.h>

#include "common/pure/text.h"

#define NAMED 12 /* codes that a refusal offers */

/* Codes in force: of a retired one those beside it, of an unknown one of the first level. */
static const char *offer(struct request *req, const struct cause_tree *tree, struct text parent)
{
    const char *codes = "";
    size_t count = 0;

    for (size_t i = 0; i < tree->count && count < NAMED; i++) {
        const struct cause *cause = &tree->list[i];

        if (cause->is_retired || text_compare(cause->parent, parent) != 0)
            continue;
        codes = arena_print(req->arena, "%s%s%.*s", codes, count > 0 ? ", " : "",
                            (int)cause->code.bytes, cause->code.at);
        if (!codes)
            return "";
        count++;
    }
    return codes;
}

bool causes_check(struct request *req, const char *field, const struct cause_tree *tree,
                  struct text code, struct text present, enum flow *end)
{
    const struct cause *cause = cause_find(tree, code);
    const char *codes;
    enum cause_flaw flaw;

    if (code.bytes == 0)
        return true;
    flaw = cause_check(tree, code, present);
    if (flaw == CAUSE_FINE)
        return true;
    codes = offer(req, tree, cause ? cause->parent : TEXT_OF(""));
    flow_violation(req, field, "'%.*s' %s; in force are for example: %s", (int)code.bytes, code.at,
                   cause_flaw_text(flaw, TELLING_IS_EN), codes);
    *end = flow_refuse(req, INVALID_ARGUMENT, "the cause '%.*s' %s; GetPolicy causes lists them",
                       (int)code.bytes, code.at, cause_flaw_text(flaw, TELLING_IS_EN));
    return false;
}

/*
 * Any bytes as what comes to the complaints service from others: a batch of published events, and,
 * after a first byte that says which, events of the customers service's log.
 */
#include <assert.h>
#include <string.h>

#include "common/intake.h"
#include "common/zones.h"
#include "services/complaints/codec/codec_customers.h"
#include "services/complaints/codec/codec_opening.h"

#define NOW_US (INT64_C(1790000000) * SECOND_US)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* Each item is told by itself: rejected with a reason, or with an event. */
static void publish(const uint8_t *bytes, size_t count, struct arena *arena)
{
    static struct zone zone;
    char field[100] = "", why[300] = "";
    struct intake intake;

    if (zone.name[0] == '\0')
        assert(zones_load("Asia/Shanghai", &zone, why, sizeof(why)) == OK);
    const struct intake_limits limits = {NOW_US, &zone};
    enum status status = codec_get_published(bytes, count, &limits, arena, &intake, field,
                                             sizeof(field), why, sizeof(why));

    assert(status == OK || status == INVALID_ARGUMENT || status == RESOURCE_EXHAUSTED);
    assert(status != INVALID_ARGUMENT || why[0] != '\0');
    if (status != OK || arena_is_full(arena))
        return;
    for (size_t i = 0; i < intake.count; i++)
        assert(intake.items[i].is_rejected == (intake.items[i].why && intake.items[i].why[0]));
}

static void consume(const uint8_t *bytes, size_t count, struct arena *arena)
{
    union {
        struct codec_registered registered;
        struct codec_graded graded;
        struct codec_owned owned;
        struct codec_merged merged;
        struct codec_order order;
        struct codec_person person;
        struct codec_number number;
        struct codec_staff staff;
        struct id id;
    } out;

    switch (bytes[0] % 14) {
    case 0:
        codec_get_registered(arena, bytes + 1, count - 1, &out.registered);
        break;
    case 1:
        codec_get_reference_added(arena, bytes + 1, count - 1, &out.registered);
        break;
    case 2:
        codec_get_removed(arena, bytes + 1, count - 1, &out.id);
        break;
    case 3:
        codec_get_graded(arena, bytes + 1, count - 1, &out.graded);
        break;
    case 4:
        codec_get_owned(arena, bytes + 1, count - 1, &out.owned);
        break;
    case 5:
        codec_get_merged(arena, bytes + 1, count - 1, &out.merged);
        break;
    case 6:
        codec_get_merge_undone(arena, bytes + 1, count - 1, &out.merged);
        break;
    case 7:
        codec_get_order_recorded(arena, bytes + 1, count - 1, &out.order);
        break;
    case 8:
        codec_get_order_moved(arena, bytes + 1, count - 1, &out.order);
        break;
    case 9:
        codec_get_restricted(arena, bytes + 1, count - 1, &out.person);
        break;
    case 10:
        codec_get_erased(arena, bytes + 1, count - 1, &out.person);
        break;
    case 11:
        codec_get_number_held(arena, bytes + 1, count - 1, &out.number);
        break;
    case 12:
        codec_get_staff_changed(arena, bytes + 1, count - 1, &out.staff);
        break;
    case 13:
        codec_get_staff_left(arena, bytes + 1, count - 1, &out.id);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct arena *arena = arena_new(4 << 20);

    publish(bytes, count, arena);
    if (count > 0)
        consume(bytes, count, arena);
    arena_free(arena);
    return 0;
}

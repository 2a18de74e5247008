#include "services/complaints/handlers/calendars_in_force.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pure/calendar_cn.h"
#include "common/service.h"
#include "common/zones.h"
#include "services/complaints/handlers/counters.h"

/* Xinjiang and Tibet keep their own hours by Beijing time (BEHAVIOUR §0). */
static const char *const west_regions[] = {"新疆", "西藏", "Xinjiang", "Tibet"};

struct kept_calendar {
    char *regions[CODEC_CALENDAR_NAMES], *teams[CODEC_CALENDAR_NAMES];
    size_t region_count, team_count;
    struct calendar calendar;
};

struct kept_zone {
    struct zone zone;
    struct kept_zone *next;
};

static struct calendars_kept *kept_of(const struct service *service)
{
    struct complaints_counters *counters = service->counters;

    return &counters->calendars;
}

/* --- zones --- */

const struct zone *calendars_in_force_zone(const struct service *service, const char *name,
                                           char *why, size_t why_bytes)
{
    struct calendars_kept *kept = kept_of(service);
    struct kept_zone *one;

    if (!name[0] || strcmp(name, service->zone.name) == 0)
        return &service->zone;
    for (one = kept->zones; one; one = one->next)
        if (strcmp(one->zone.name, name) == 0)
            return &one->zone;
    one = calloc(1, sizeof(*one));
    if (!one) {
        snprintf(why, why_bytes, "cannot be read now");
        return NULL;
    }
    if (zones_load(name, &one->zone, why, why_bytes) != OK) {
        free(one);
        return NULL;
    }
    one->next = kept->zones;
    kept->zones = one;
    return &one->zone;
}

/* --- built in --- */

static const struct calendar *west_calendar(const struct service *service)
{
    struct calendars_kept *kept = kept_of(service);

    if (!kept->west) {
        kept->west = malloc(sizeof(*kept->west));
        if (!kept->west)
            return &service->calendar;
        calendar_cn_set(kept->west, &service->zone, CALENDAR_CN_WEST);
    }
    return kept->west;
}

static bool is_named(struct text code, const char *name)
{
    return code.bytes == strlen(name) && memcmp(code.at, name, code.bytes) == 0;
}

static bool begins_with(struct text text, const char *word)
{
    size_t bytes = strlen(word);

    return text.bytes >= bytes && memcmp(text.at, word, bytes) == 0;
}

bool calendars_in_force_built_in(const struct service *service, const char *name,
                                 struct arena *arena, struct codec_calendar *out)
{
    if (strcmp(name, CALENDARS_BUSINESS) == 0)
        return codec_calendar_of(&service->calendar, NULL, 0, arena, out);
    return strcmp(name, CALENDARS_WEST) == 0 &&
           codec_calendar_of(west_calendar(service), west_regions, COUNT_OF(west_regions), arena,
                             out);
}

/* --- documents --- */

static void forget(struct kept_calendar *one)
{
    for (size_t i = 0; one && i < one->region_count; i++)
        free(one->regions[i]);
    for (size_t i = 0; one && i < one->team_count; i++)
        free(one->teams[i]);
    free(one);
}

static size_t keep_names(char *const *from, size_t count, char **to)
{
    size_t kept_count = 0;

    for (size_t i = 0; i < count && i < CODEC_CALENDAR_NAMES; i++) {
        to[kept_count] = strdup(from[i]);
        if (to[kept_count])
            kept_count++;
    }
    return kept_count;
}

static void forget_documents(struct calendars_kept *kept)
{
    for (size_t i = 0; i < kept->count; i++)
        forget(kept->list[i]);
    kept->count = 0;
}

void calendars_in_force_free(void *counters)
{
    struct calendars_kept *kept = &((struct complaints_counters *)counters)->calendars;
    struct kept_zone *zone, *next;

    forget_documents(kept);
    free(kept->west);
    for (zone = kept->zones; zone; zone = next) {
        next = zone->next;
        free(zone);
    }
    *kept = (struct calendars_kept){.is_read = false};
}

/* NULL: it cannot be used; what was saved was checked. */
static struct kept_calendar *keep(const struct service *service,
                                  const struct codec_calendar *document)
{
    struct kept_calendar *one = calloc(1, sizeof(*one));
    char field[CALENDARS_FIELD_BYTES], zone_why[200];
    const struct zone *zone =
        calendars_in_force_zone(service, document->zone, zone_why, sizeof(zone_why));
    const char *why;

    if (!one || !zone || codec_calendar_fill(document, zone, &one->calendar, field, &why) != OK) {
        free(one);
        return NULL;
    }
    one->region_count = keep_names(document->regions, document->region_count, one->regions);
    one->team_count = keep_names(document->teams, document->team_count, one->teams);
    return one;
}

static void renew(struct calendar_look *look, struct arena *arena)
{
    const struct service *service = look->owner;
    struct calendars_kept *kept = kept_of(service);

    forget_documents(kept);
    for (size_t i = 0; i < look->rows.count && kept->count < CALENDARS_MAX; i++) {
        struct codec_calendar document;

        if (!codec_calendar_read(look->rows.list[i].document, arena, &document))
            continue;
        kept->list[kept->count] = keep(service, &document);
        if (kept->list[kept->count])
            kept->count++;
    }
    kept->is_read = true;
    kept->rows = look->present;
}

/* -1: not read yet. */
static int64_t known(const struct calendars_kept *kept)
{
    return kept->is_read ? kept->rows : -1;
}

static void arrived(struct calendar_look *look, struct arena *arena)
{
    if (look->present != known(kept_of(look->owner)) && !arena_is_full(arena))
        renew(look, arena);
}

void calendars_in_force_ask(struct request *req)
{
    struct calendar_look *look = arena_take(req->arena, sizeof(*look));

    if (!look)
        return; /* the request ends with a full arena */
    *look = (struct calendar_look){
        .known = known(kept_of(req->service)), .arrived = arrived, .owner = (void *)req->service};
    calendar_row_look(req, look);
}

/* --- finding --- */

struct text calendars_in_force_code_of(const char *name)
{
    if (strcmp(name, CALENDARS_BUSINESS) == 0)
        return TEXT_OF("");
    return (struct text){name, strlen(name)};
}

const struct calendar *calendars_in_force_find(const struct service *service, struct text code)
{
    const struct calendars_kept *kept = kept_of(service);

    for (size_t i = 0; i < kept->count; i++)
        if (is_named(code.bytes ? code : TEXT_OF(CALENDARS_BUSINESS), kept->list[i]->calendar.name))
            return &kept->list[i]->calendar;
    return is_named(code, CALENDARS_WEST) ? west_calendar(service) : &service->calendar;
}

static bool is_among(struct text name, char *const *list, size_t count, bool is_beginning)
{
    for (size_t i = 0; i < count; i++)
        if (is_beginning ? begins_with(name, list[i]) : is_named(name, list[i]))
            return true;
    return false;
}

static bool has_document(const struct calendars_kept *kept, const char *name)
{
    for (size_t i = 0; i < kept->count; i++)
        if (strcmp(kept->list[i]->calendar.name, name) == 0)
            return true;
    return false;
}

struct text calendars_in_force_code(const struct service *service, struct text team,
                                    struct text region)
{
    const struct calendars_kept *kept = kept_of(service);

    for (size_t i = 0; team.bytes > 0 && i < kept->count; i++)
        if (is_among(team, kept->list[i]->teams, kept->list[i]->team_count, false))
            return calendars_in_force_code_of(kept->list[i]->calendar.name);
    for (size_t i = 0; region.bytes > 0 && i < kept->count; i++)
        if (is_among(region, kept->list[i]->regions, kept->list[i]->region_count, true))
            return calendars_in_force_code_of(kept->list[i]->calendar.name);
    if (!has_document(kept, CALENDARS_WEST) &&
        is_among(region, (char *const *)west_regions, COUNT_OF(west_regions), true))
        return TEXT_OF(CALENDARS_WEST);
    return TEXT_OF("");
}

bool calendars_in_force_list(const struct service *service, const struct calendar_rows *rows,
                             struct arena *arena, struct codec_calendar **out, size_t *count)
{
    static const char *const built_in[] = {CALENDARS_BUSINESS, CALENDARS_WEST};
    struct codec_calendar *list =
        arena_take_array(arena, rows->count + COUNT_OF(built_in), sizeof(*list));
    size_t n = 0;

    if (!list)
        return false;
    for (size_t b = 0; b < COUNT_OF(built_in); b++) {
        bool is_replaced = false;

        for (size_t i = 0; i < rows->count; i++)
            is_replaced = is_replaced || strcmp(rows->list[i].name, built_in[b]) == 0;
        if (!is_replaced && !calendars_in_force_built_in(service, built_in[b], arena, &list[n++]))
            return false;
    }
    for (size_t i = 0; i < rows->count; i++)
        if (!codec_calendar_read(rows->list[i].document, arena, &list[n++]))
            return false;
    *out = list;
    *count = n;
    return true;
}

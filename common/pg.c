#include "common/pg.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pg_internal.h"

struct pg *pg_new(struct loop *loop, const struct pg_options *options)
{
    struct pg *pg = calloc(1, sizeof(*pg));

    if (!pg)
        return NULL;
    pg->loop = loop;
    pg->options = *options;
    pg->quick.pg = pg->slow.pg = pg;
    pg_link_init(&pg->quick.link, pg, &pg->quick, "read");
    pg_link_init(&pg->slow.link, pg, &pg->slow, "slow");
    pg_link_init(&pg->write, pg, NULL, "write");
    return pg;
}

void pg_add_statements(struct pg *pg, const struct pg_statement *table, size_t count)
{
    assert(pg->table_count < COUNT_OF(pg->statements));
    for (size_t i = 0; i < pg->table_count; i++)
        assert(pg->statements[i] != table); /* a name is prepared once */
    pg->statements[pg->table_count] = table;
    pg->statement_counts[pg->table_count++] = count;
}

void pg_connect(struct pg *pg)
{
    pg_link_connect(&pg->quick.link);
    pg_link_connect(&pg->slow.link);
    pg_link_connect(&pg->write);
}

/* It begins when all three connections are up, and ends with the quick one or the writing one: that
 * the slow one is lost alone concerns nobody's short question. */
bool pg_is_ready(const struct pg *pg)
{
    return pg->quick.link.state == PG_LINK_READY && pg->write.state == PG_LINK_READY &&
           (pg->was_ready || pg->slow.link.state == PG_LINK_READY);
}

const char *pg_why_down(const struct pg *pg)
{
    if (pg->quick.link.state != PG_LINK_READY)
        return pg->quick.link.why_down;
    if (pg->write.state != PG_LINK_READY)
        return pg->write.why_down;
    return pg_is_ready(pg) ? "" : pg->slow.link.why_down;
}

const char *pg_why_refused(const struct pg *pg)
{
    return pg->why_refused;
}

void pg_tell_readiness(struct pg *pg)
{
    bool ready = pg_is_ready(pg);

    if (ready == pg->was_ready)
        return;
    pg->was_ready = ready;
    if (pg->changed)
        pg->changed(pg->changed_owner, ready);
}

void pg_flush(void *owner)
{
    struct pg *pg = owner;

    pg_read_flush(&pg->quick);
    pg_read_flush(&pg->slow);
    pg_write_flush(pg);
}

void pg_listen(struct pg *pg, const char *channel, void (*woken)(void *owner), void *owner)
{
    struct pg_channel *added = &pg->channels[pg->channel_count++];

    assert(pg->channel_count <= PG_MAX_CHANNELS);
    snprintf(added->name, sizeof(added->name), "%s", channel);
    added->woken = woken;
    added->owner = owner;
}

void pg_watch(struct pg *pg, void (*changed)(void *owner, bool ready), void *owner)
{
    pg->changed = changed;
    pg->changed_owner = owner;
}

const struct pg_counters *pg_counters(const struct pg *pg)
{
    return &pg->counters;
}

void pg_close(struct pg *pg)
{
    pg->is_closing = true;
    pg_link_close(&pg->quick.link);
    pg_link_close(&pg->slow.link);
    pg_link_close(&pg->write);
    pg_read_lost(&pg->quick);
    pg_read_lost(&pg->slow);
    pg_write_lost(pg);
}

void pg_free(struct pg *pg)
{
    if (!pg)
        return;
    for (size_t i = 0; i < pg->turn.send_room; i++) {
        free(pg->turn.sends[i].args);
        free(pg->turn.sends[i].units);
    }
    free(pg->turn.sends);
    free(pg);
}

bool pg_is_out_of_room(const char *sqlstate)
{
    return strncmp(sqlstate, "53", 2) == 0 || strncmp(sqlstate, "58", 2) == 0;
}

bool pg_is_wrong_server(const char *sqlstate)
{
    return strcmp(sqlstate, "25006") == 0 || strcmp(sqlstate, "0A000") == 0;
}

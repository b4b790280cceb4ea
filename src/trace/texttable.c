/* texttable.c - the interned texts of a trace, found by id.
 * SPDX-License-Identifier: MIT */
#include "trace/texttable.h"

#include <stdlib.h> /* calloc, free */
#include <string.h> /* memcpy */

#include "trace/format.h" /* TRACE_*, trace_text_record_nbytes */

/* 2^19 texts in at most 2^20 slots of 16 bytes: 16 MiB. */
enum { MAX_INDEXED = 1 << 19, FIRST_SLOTS = 1 << 8 };

/* Open addressing by id; id 0 = free. */
struct slot {
    uint64_t id;
    uint64_t value; /* index: file << 40 | offset / 8; kept texts: the pointer */
};

struct slots {
    struct slot *slots;
    size_t n_slots, n_used;
};

struct text_table {
    struct slots index;
    struct slots kept;
    bool overflows;
};

static struct slot *find_slot(const struct slots *map, uint64_t id)
{
    size_t i = id & (map->n_slots - 1);
    while (map->slots[i].id != 0 && map->slots[i].id != id)
        i = (i + 1) & (map->n_slots - 1);
    return &map->slots[i];
}

static bool grow(struct slots *map)
{
    if (map->n_slots != 0 && map->n_used < map->n_slots / 2)
        return true;
    struct slots larger = {.n_slots = map->n_slots ? map->n_slots * 2 : FIRST_SLOTS, .n_used = map->n_used};
    larger.slots = calloc(larger.n_slots, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < map->n_slots; i++) {
        if (map->slots[i].id != 0)
            *find_slot(&larger, map->slots[i].id) = map->slots[i];
    }
    free(map->slots);
    *map = larger;
    return true;
}

/* The first value of an id stays. */
static bool put(struct slots *map, uint64_t id, uint64_t value)
{
    if (!grow(map))
        return false;
    struct slot *slot = find_slot(map, id);
    if (slot->id == 0) {
        *slot = (struct slot){id, value};
        map->n_used++;
    }
    return true;
}

static bool get(const struct slots *map, uint64_t id, uint64_t *value_out)
{
    if (map->n_slots == 0 || id == 0)
        return false;
    const struct slot *slot = find_slot(map, id);
    *value_out = slot->value;
    return slot->id == id;
}

struct text_table *text_table_create(void)
{
    return calloc(1, sizeof(struct text_table));
}

void text_table_destroy(struct text_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->kept.n_slots; i++) {
        if (table->kept.slots[i].id != 0)
            free((void *)(uintptr_t)table->kept.slots[i].value);
    }
    free(table->kept.slots);
    free(table->index.slots);
    free(table);
}

/* The record at data + at: its length (0 = no more, -1 = damaged), its text's id and length. */
static int64_t decode(const uint8_t *data, uint32_t at, uint64_t *id_out, uint32_t *text_nbytes_out)
{
    if (at + 8 > TRACE_BLOCK_NBYTES)
        return 0;
    uint32_t text_nbytes = load32_le(data + at), check = load32_le(data + at + 4);
    if (text_nbytes == 0 && check == 0)
        return 0;
    if (text_nbytes > TRACE_TEXT_MAX || at + trace_text_record_nbytes(text_nbytes) > TRACE_BLOCK_NBYTES)
        return -1;
    *id_out = digest_id(data + at + 8, text_nbytes);
    *text_nbytes_out = text_nbytes;
    return (uint32_t)*id_out == check ? (int64_t)trace_text_record_nbytes(text_nbytes) : -1;
}

bool text_table_add(struct text_table *table, uint32_t file, uint64_t offset, const uint8_t *data, int64_t n_records,
                    uint32_t *fault_at_out)
{
    uint32_t at = 0, text_nbytes;
    int64_t n = 0, nbytes;
    for (uint64_t id; (nbytes = decode(data, at, &id, &text_nbytes)) > 0; n++) {
        uint64_t place = (uint64_t)file << 40 | (offset + at) / 8, found;
        bool known = get(&table->index, id, &found);
        if (!known && table->index.n_used >= MAX_INDEXED) {
            table->overflows = true;
        } else if (!known && !put(&table->index, id, place)) {
            *fault_at_out = UINT32_MAX;
            return false;
        }
        at += (uint32_t)nbytes;
    }
    *fault_at_out = at;
    return nbytes == 0 && (n_records < 0 || n == n_records);
}

bool text_table_find(const struct text_table *table, uint64_t id, uint32_t *file_out, uint64_t *offset_out)
{
    uint64_t place;
    if (!get(&table->index, id, &place))
        return false;
    *file_out = (uint32_t)(place >> 40);
    *offset_out = (place & (((uint64_t)1 << 40) - 1)) * 8;
    return true;
}

bool text_table_overflows(const struct text_table *table)
{
    return table->overflows;
}

int64_t text_block_search(const uint8_t *data, uint64_t id)
{
    uint32_t at = 0, text_nbytes;
    int64_t nbytes;
    for (uint64_t found; (nbytes = decode(data, at, &found, &text_nbytes)) > 0; at += (uint32_t)nbytes) {
        if (found == id)
            return at;
    }
    return -1;
}

const char *text_table_kept(const struct text_table *table, uint64_t id)
{
    uint64_t pointer;
    return get(&table->kept, id, &pointer) ? (const char *)(uintptr_t)pointer : NULL;
}

const char *text_table_keep(struct text_table *table, uint64_t id, const char *text, size_t text_nbytes)
{
    char *copy = malloc(text_nbytes + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, text_nbytes);
    copy[text_nbytes] = '\0';
    if (!put(&table->kept, id, (uintptr_t)copy)) {
        free(copy);
        return NULL;
    }
    return copy;
}

/*
 * gram_set: a hash table with open addressing (see gram_set.h).
 *
 * Eight blocks of messages have some ten thousand grams: each is met many times, and written once.
 */
#include "gram_set.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

enum { ROOM_AT_FIRST = 1024 };

void gram_set_init(struct gram_set *set) {
    *set = (struct gram_set){.room = ROOM_AT_FIRST};
    set->rows = sc_xcalloc(set->room, sizeof *set->rows);
}

void gram_set_deinit(struct gram_set *set) {
    free(set->rows);
    *set = (struct gram_set){0};
}

/* Where the gram is, or is to be. */
static struct gram_set_row *row_of(const struct gram_set *set, gram_code code) {
    uint64_t mixed = code * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(mixed ^ mixed >> 32) & (set->room - 1);
    while (set->rows[at].code != 0 && set->rows[at].code != code) {
        at = (at + 1) & (set->room - 1);
    }
    return &set->rows[at];
}

static void grow(struct gram_set *set) {
    struct gram_set old = *set;
    set->room *= 2;
    set->rows = sc_xcalloc(set->room, sizeof *set->rows);
    for (size_t i = 0; i < old.room; i++) {
        if (old.rows[i].code != 0) {
            *row_of(set, old.rows[i].code) = old.rows[i];
        }
    }
    free(old.rows);
}

struct addition {
    struct gram_set *set;
    uint8_t bit;
};

static void add_code(void *context, gram_code code) {
    const struct addition *addition = context;
    struct gram_set *set = addition->set;
    struct gram_set_row *row = row_of(set, code);
    set->count += row->code == 0;
    row->code = code;
    row->blocks |= addition->bit;
    if (set->count * 2 > set->room) {
        grow(set);
    }
}

void gram_set_add(struct gram_set *set, const struct folded *folded, unsigned block) {
    struct addition addition = {set, (uint8_t)(1U << block)};
    gram_each(folded, add_code, &addition);
}

static void write_row(const struct gram_set_row *row, unsigned first, FILE *out) {
    struct gram gram = gram_of_code(row->code);
    char blocks[GRAM_SET_BLOCKS];
    size_t count = 0;
    for (unsigned i = 0; i < GRAM_SET_BLOCKS; i++) {
        if (row->blocks >> i & 1) {
            blocks[count++] = (char)(first + i);
        }
    }
    fputc((int)gram.bytes, out);
    fwrite(gram.text, 1, gram.bytes, out);
    fputc((int)count, out);
    fwrite(blocks, 1, count, out);
}

size_t gram_set_write(const struct gram_set *set, size_t *place, size_t most, unsigned first,
                      FILE *out) {
    size_t count = 0;
    for (; *place < set->room && count < most; ++*place) {
        if (set->rows[*place].code != 0) {
            write_row(&set->rows[*place], first, out);
            count++;
        }
    }
    return count;
}

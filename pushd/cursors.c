/*
 * cursors: the rooms of one reader and where it stands in them (see cursors.h).
 *
 * A plain list: a reader has a few rooms, and the one that is looked for is mostly near the end.
 */
#include "cursors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <stonechat/memory.h>
#include <stonechat/token.h>

enum { CAPACITY_FIRST = 4, DIGITS_MAX = 18, ONE_MAX = SC_ID_MAX + 2 * 20 + 4 };

void cursors_init(struct cursors *cursors) {
    *cursors = (struct cursors){0};
}

void cursors_deinit(struct cursors *cursors) {
    free(cursors->list);
    cursors_init(cursors);
}

/* --- the list --- */

/* `count`: it isn't there. */
static size_t place_of(const struct cursors *cursors, const char *room) {
    for (size_t i = cursors->count; i-- > 0;) {
        if (strcmp(cursors->list[i].room, room) == 0) {
            return i;
        }
    }
    return cursors->count;
}

const struct sc_cursor *cursors_find(const struct cursors *cursors, const char *room) {
    size_t place = place_of(cursors, room);
    return place < cursors->count ? &cursors->list[place] : NULL;
}

void cursors_forget(struct cursors *cursors, const char *room) {
    size_t place = place_of(cursors, room);
    if (place < cursors->count) {
        cursors->count--;
        memmove(&cursors->list[place], &cursors->list[place + 1],
                (cursors->count - place) * sizeof *cursors->list);
    }
}

static struct sc_cursor *append(struct cursors *cursors) {
    if (cursors->count == cursors->capacity) {
        cursors->capacity = cursors->capacity == 0 ? CAPACITY_FIRST : cursors->capacity * 2;
        cursors->list = sc_xrealloc(cursors->list, cursors->capacity * sizeof *cursors->list);
    }
    return &cursors->list[cursors->count++];
}

void cursors_set(struct cursors *cursors, const char *room, uint64_t seq, uint64_t at) {
    char name[SC_ID_MAX + 1];
    snprintf(name, sizeof name, "%s", room); /* it may be one that stands in the list */
    cursors_forget(cursors, name);
    struct sc_cursor *cursor = append(cursors);
    *cursor = (struct sc_cursor){.seq = seq, .at = at};
    strcpy(cursor->room, name);
}

/* --- ids --- */

struct scan {
    const char *at, *end;
};

static bool scan_char(struct scan *scan, char wanted) {
    if (scan->at == scan->end || *scan->at != wanted) {
        return false;
    }
    scan->at++;
    return true;
}

/* As it is, or as URLSearchParams writes it. */
static bool scan_comma(struct scan *scan) {
    if (scan->end - scan->at >= 3 && strncasecmp(scan->at, "%2c", 3) == 0) {
        scan->at += 3;
        return true;
    }
    return scan_char(scan, ',');
}

static bool scan_number(struct scan *scan, uint64_t *out) {
    const char *begin = scan->at;
    *out = 0;
    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9') {
        *out = *out * 10 + (uint64_t)(*scan->at++ - '0');
        if (scan->at - begin > DIGITS_MAX) {
            return false;
        }
    }
    return scan->at > begin;
}

static bool scan_room(struct scan *scan, char out[SC_ID_MAX + 1]) {
    const char *dot = memchr(scan->at, '.', (size_t)(scan->end - scan->at));
    if (dot == NULL || !sc_id_valid(scan->at, (size_t)(dot - scan->at))) {
        return false;
    }
    size_t bytes = (size_t)(dot - scan->at);
    memcpy(out, scan->at, bytes);
    out[bytes] = '\0';
    scan->at = dot;
    return true;
}

static bool scan_cursor(struct scan *scan, struct sc_cursor *out) {
    return scan_room(scan, out->room) && scan_char(scan, '.') && scan_number(scan, &out->seq) &&
           scan_char(scan, '.') && scan_number(scan, &out->at);
}

/* What it names first has been active last. */
static void turn_round(struct cursors *cursors) {
    for (size_t i = 0, j = cursors->count; i + 1 < j; i++) {
        struct sc_cursor first = cursors->list[i];
        cursors->list[i] = cursors->list[--j];
        cursors->list[j] = first;
    }
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted: nobody knows yet who has sent this, and looking each up would be work for them to give.
 */
static bool names_one_twice(const struct cursors *cursors) {
    const char **names = sc_xcalloc(cursors->count + 1, sizeof *names);
    for (size_t i = 0; i < cursors->count; i++) {
        names[i] = cursors->list[i].room;
    }
    qsort(names, cursors->count, sizeof *names, compare_names);
    bool twice = false;
    for (size_t i = 1; i < cursors->count; i++) {
        twice = twice || strcmp(names[i - 1], names[i]) == 0;
    }
    free(names);
    return twice;
}

bool cursors_read(struct cursors *cursors, const char *id, size_t bytes) {
    struct scan scan = {id, id + bytes};
    do {
        struct sc_cursor cursor;
        if (!scan_cursor(&scan, &cursor)) {
            return false;
        }
        *append(cursors) = cursor;
    } while (scan_comma(&scan));
    turn_round(cursors);
    return scan.at == scan.end && !names_one_twice(cursors);
}

size_t cursors_write(const struct cursors *cursors, char out[CURSORS_ID_MAX]) {
    size_t bytes = 0;
    for (size_t i = cursors->count; i-- > 0;) {
        char one[ONE_MAX];
        const struct sc_cursor *cursor = &cursors->list[i];
        int count = snprintf(one, sizeof one, "%s%s.%" PRIu64 ".%" PRIu64, bytes > 0 ? "," : "",
                             cursor->room, cursor->seq, cursor->at);
        if (bytes + (size_t)count > CURSORS_ID_MAX) {
            break;
        }
        memcpy(out + bytes, one, (size_t)count);
        bytes += (size_t)count;
    }
    return bytes;
}

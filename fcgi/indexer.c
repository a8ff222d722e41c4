/*
 * indexer: from blocks of messages to grams in Redis (see indexer.h).
 *
 * A message by itself costs Redis a command for each of its hundred grams: more than sending it
 * does. Eight blocks at once have each gram but a few times, are written by some twenty short
 * scripts, and only by those rooms that are large enough to need an index: a small room's would be
 * larger than its log. A batch counts as done with its last gram; who dies before that has done
 * nothing that doing it again would harm.
 *
 * The index may name a block in which nothing is to be found any more, since what is deleted or
 * edited stays in it; it must never fail to name one in which something is.
 */
#include "indexer.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "gram_set.h"
#include "postings.h"
#include "store_search.h"
#include "trail.h"
#include "wording.h"

enum {
    BATCH_BLOCKS = GRAM_SET_BLOCKS,
    BATCH_ENTRIES = BATCH_BLOCKS * BLOCK_ENTRIES,
    BATCHES_A_TURN = 4,
    GRAMS_A_CALL = 400 /* a third of a millisecond of Redis's time */
};

bool indexer_is_behind(int64_t head, int64_t indexed) {
    return head >= (indexed + BATCH_BLOCKS) * BLOCK_ENTRIES;
}

bool indexer_fills_batch(uint64_t seq) {
    return seq % BATCH_ENTRIES == 0;
}

/* The last entry of the batch that entry `seq` is in. */
static int64_t end_of_batch(int64_t seq) {
    return ((seq - 1) / BATCH_ENTRIES + 1) * BATCH_ENTRIES;
}

/* --- what there is --- */

struct reading {
    const char *room;
    int64_t first; /* block */
    struct gram_set grams;
    enum sc_error error;
};

static void ask_block(void *context, size_t i, struct ask *out) {
    const struct reading *reading = context;
    int64_t low = block_first(reading->first + (int64_t)i);
    store_search_block_ask(out, reading->room, "", low, low + BLOCK_ENTRIES - 1);
}

static void take_block(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct reading *reading = context;
    reading->error = error != SC_OK ? error : reading->error;
    for (size_t row = 1; error == SC_OK && row + 1 < answer_count(answer); row += 2) {
        struct wording wording;
        if (wording_init(&wording, answer, row)) {
            struct folded folded;
            folded_init(&folded, wording.text, wording.bytes);
            gram_set_add(&reading->grams, &folded, (unsigned)i);
            folded_deinit(&folded);
        }
        wording_deinit(&wording);
    }
}

static enum sc_error read_batch(struct link *link, struct reading *reading) {
    struct link_batch batch = {BATCH_BLOCKS, ask_block, take_block, reading};
    enum sc_error error = link_run(link, &batch);
    return error == SC_OK ? reading->error : error;
}

/* --- what is written --- */

/* Some of the grams of a set, of which `first` is the first block; whether they were the last. */
static enum sc_error write_some(struct link *link, struct store_grams *grams,
                                const struct gram_set *set, size_t *place, int64_t first,
                                int64_t done) {
    char *rows = NULL;
    FILE *out = open_memstream(&rows, &grams->rows_bytes);
    gram_set_write(set, place, GRAMS_A_CALL, (unsigned)(first % POSTINGS_BLOCKS), out);
    fclose(out);
    grams->rows = rows;
    grams->done = *place == set->room ? done : 0;
    enum sc_error error = store_grams_add(link, grams);
    free(rows);
    return error;
}

static enum sc_error write_all(struct link *link, const char *room, const struct gram_set *set,
                               int64_t first, int64_t need, int64_t done) {
    struct store_grams grams = {.room = room, .segment = first / POSTINGS_BLOCKS, .need = need};
    enum sc_error error = SC_OK;
    for (size_t place = 0; place < set->room && error == SC_OK;) {
        link_extend(link);
        error = write_some(link, &grams, set, &place, first, done);
    }
    return error;
}

static enum sc_error run_batch(struct link *link, const char *room, int64_t indexed) {
    struct reading reading = {.room = room, .first = indexed};
    gram_set_init(&reading.grams);
    enum sc_error error = read_batch(link, &reading);
    if (error == SC_OK) {
        error = write_all(link, room, &reading.grams, indexed, 0, indexed + BATCH_BLOCKS);
    }
    gram_set_deinit(&reading.grams);
    return error;
}

static void run(struct link *link, const char *room) {
    enum sc_error error = SC_OK;
    for (int turn = 0; turn < BATCHES_A_TURN && error == SC_OK; turn++) {
        int64_t head, indexed;
        link_extend(link);
        error = store_grams_state(link, room, &head, &indexed);
        if (error != SC_OK || !indexer_is_behind(head, indexed)) {
            return;
        }
        error = run_batch(link, room, indexed);
    }
}

/* One at a time in a program: two would do the same twice. Elsewhere that does no harm. */
void indexer_run(struct link *link, const char *room) {
    static atomic_flag busy = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&busy)) {
        run(link, room);
        atomic_flag_clear(&busy);
    }
}

/* --- what changes --- */

/* A batch that is not complete yet is read later, and with the new text. */
enum sc_error indexer_note(struct link *link, const char *room, int64_t seq, const char *text,
                           size_t bytes) {
    struct gram_set grams;
    struct folded folded;
    gram_set_init(&grams);
    folded_init(&folded, text, bytes);
    gram_set_add(&grams, &folded, 0);
    enum sc_error error = write_all(link, room, &grams, block_of(seq), end_of_batch(seq), 0);
    folded_deinit(&folded);
    gram_set_deinit(&grams);
    return error == SC_CONFLICT ? SC_OK : error;
}

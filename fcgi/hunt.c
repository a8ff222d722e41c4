/*
 * hunt: reads block after block until a page is found (see hunt.h).
 *
 * A find may be shown once everything younger has been looked into, in every room: so the room
 * whose unread part reaches furthest up is read from first. Several blocks are read in one round
 * trip, more each time, since a word that was not found at once is a rare one.
 */
#include "hunt.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/event.h>
#include <stonechat/memory.h>

#include "indexer.h"
#include "message_view.h"
#include "store_search.h"
#include "wording.h"

enum {
    BLOCKS_MAX = 64,     /* that one call reads */
    SEGMENTS_MAX = 1024, /* that one call asks the index of */
    PICKS_MAX = 16,      /* blocks, or rooms, in one round trip */
    RANGES_MAX = 50      /* highlights of one message */
};

void hunt_init(struct hunt *hunt, struct link *link, const char *user, const struct needle *needle,
               size_t limit) {
    *hunt = (struct hunt){.link = link,
                          .user = user,
                          .needle = needle,
                          .limit = limit,
                          .blocks_left = BLOCKS_MAX,
                          .segments_left = SEGMENTS_MAX};
}

void hunt_deinit(struct hunt *hunt) {
    for (size_t i = 0; i < hunt->finds_count; i++) {
        free(hunt->finds[i].text);
    }
    free(hunt->finds);
    free(hunt->order);
    free(hunt->rooms);
}

void hunt_add_room(struct hunt *hunt, const char *room) {
    size_t size = (hunt->rooms_count + 1) * sizeof *hunt->rooms;
    hunt->rooms = sc_xrealloc(hunt->rooms, size);
    struct hunt_room *new = &hunt->rooms[hunt->rooms_count++];
    *new = (struct hunt_room){.over = true};
    memcpy(new->id, room, strnlen(room, SC_ID_MAX));
}

/* --- which is younger --- */

static int64_t youth(const struct hunt_place *a, const struct hunt_place *b) {
    int rooms = strcmp(a->room, b->room);
    if (rooms == 0) {
        return a->seq - b->seq;
    }
    return a->at != b->at ? a->at - b->at : rooms;
}

static int by_youth(const struct hunt_place *a, const struct hunt_place *b) {
    int64_t difference = youth(b, a);
    return (difference > 0) - (difference < 0);
}

static int rooms_by_youth(const void *a, const void *b) {
    const struct hunt_room *const *left = a, *const *right = b;
    return by_youth(&(*left)->bound, &(*right)->bound);
}

static int finds_by_youth(const void *a, const void *b) {
    const struct hunt_find *left = a, *right = b;
    return by_youth(&left->place, &right->place);
}

/* --- where to begin --- */

struct beginning {
    struct hunt *hunt;
    const struct hunt_place *from;
};

/* Among messages of one instant the rooms' ids decide. */
static void ask_place(void *context, size_t i, struct ask *out) {
    const struct beginning *beginning = context;
    const struct hunt_place *from = beginning->from;
    const char *room = beginning->hunt->rooms[i].id;
    int order = from ? strcmp(room, from->room) : 0;
    store_search_place_ask(out, room, beginning->hunt->user, from && order == 0 ? from->seq : 0,
                           order == 0 ? 0 : from->at - (order > 0));
}

static void take_place(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct hunt *hunt = ((struct beginning *)context)->hunt;
    struct hunt_room *room = &hunt->rooms[i];
    room->error = error;
    if (error != SC_OK) {
        return;
    }
    int64_t seq = answer_number(answer, PLACE_SEQ);
    int64_t indexed = answer_number(answer, PLACE_INDEXED);
    room->over = seq == 0;
    room->behind = indexer_is_behind(answer_number(answer, PLACE_HEAD), indexed);
    room->bound.at = answer_number(answer, PLACE_AT);
    room->bound.seq = seq + 1;
    memcpy(room->bound.room, room->id, sizeof room->id);
    trail_begin(&room->trail, hunt->needle, seq, answer_number(answer, PLACE_TRIMMED), indexed);
}

static enum sc_error begin(struct hunt *hunt, const struct hunt_place *from) {
    struct beginning beginning = {hunt, from};
    struct link_batch batch = {hunt->rooms_count, ask_place, take_place, &beginning};
    hunt->order = sc_xcalloc(hunt->rooms_count + 1, sizeof(struct hunt_room *));
    return link_run(hunt->link, &batch);
}

/* --- what to read next --- */

static void put_in_order(struct hunt *hunt) {
    hunt->order_count = 0;
    for (size_t i = 0; i < hunt->rooms_count; i++) {
        if (!hunt->rooms[i].over) {
            hunt->order[hunt->order_count++] = &hunt->rooms[i];
        }
    }
    qsort(hunt->order, hunt->order_count, sizeof(struct hunt_room *), rooms_by_youth);
}

static void give_up(struct hunt_room *room, enum sc_error error) {
    room->error = error;
    room->over = true;
}

/* Questions to the index, for several rooms in one round trip. */
struct questions {
    const struct hunt *hunt;
    size_t count;
    struct question {
        struct hunt_room *room;
        int64_t segment;
        int64_t place; /* of it in what the trail is told */
    } rows[PICKS_MAX * TRAIL_SEGMENTS];
};

static void ask_segment(void *context, size_t i, struct ask *out) {
    const struct questions *questions = context;
    const struct question *question = &questions->rows[i];
    const struct needle *needle = questions->hunt->needle;
    store_grams_ask(out, question->room->id, question->segment, needle->grams, needle->grams_count);
}

static void take_segment(void *context, size_t i, enum sc_error error,
                         const struct answer *answer) {
    const struct questions *questions = context;
    const struct question *question = &questions->rows[i];
    if (error != SC_OK) {
        give_up(question->room, error);
        return;
    }
    for (size_t gram = 0; gram < questions->hunt->needle->grams_count; gram++) {
        size_t bytes;
        const char *blocks = answer_text(answer, gram, &bytes);
        trail_tell(&question->room->trail, question->place, blocks, bytes);
    }
}

static void add_questions(struct questions *questions, struct hunt_room *room) {
    int64_t first;
    int64_t count = trail_ask(&room->trail, &first);
    for (int64_t i = 0; i < count; i++) {
        questions->rows[questions->count++] = (struct question){room, first + i, i};
    }
}

/* What the index rules out counts as looked into. Whether the room's next block is known now, or
 * that there is none. */
static bool knows_next(struct hunt_room *room) {
    int64_t block = trail_next(&room->trail);
    int64_t seen = block_first(room->trail.block + 1);
    room->over = block == TRAIL_END;
    room->bound.seq = seen < room->bound.seq ? seen : room->bound.seq;
    return block != TRAIL_UNKNOWN;
}

/* The first rooms in order get to know their next block, unless the index has been asked enough.
 * Others come to be the first when some are over: whether that may have happened. */
static enum sc_error consult_first(struct hunt *hunt, bool *again_out) {
    struct questions questions = {.hunt = hunt};
    *again_out = false;
    for (size_t i = 0; i < hunt->order_count && i < PICKS_MAX; i++) {
        struct hunt_room *room = hunt->order[i];
        if (!knows_next(room) && hunt->segments_left > 0) {
            add_questions(&questions, room);
        }
        *again_out |= room->over;
    }
    *again_out |= questions.count > 0;
    hunt->segments_left -= (int64_t)questions.count;
    struct link_batch batch = {questions.count, ask_segment, take_segment, &questions};
    return link_run(hunt->link, &batch);
}

static enum sc_error consult(struct hunt *hunt) {
    enum sc_error error = SC_OK;
    bool again = true;
    while (again && error == SC_OK) {
        put_in_order(hunt);
        error = consult_first(hunt, &again);
    }
    put_in_order(hunt);
    return error;
}

/* --- reading --- */

struct picks {
    struct hunt *hunt;
    size_t count;
    struct pick {
        struct hunt_room *room;
        int64_t low, high;
        int64_t oldest_at; /* 0: there was no message */
        enum sc_error error;
    } rows[PICKS_MAX];
};

static bool pick_one(struct picks *picks, struct hunt_room *room) {
    int64_t block = trail_next(&room->trail);
    if (block < 0) {
        return false;
    }
    int64_t low = block_first(block);
    int64_t high = low + BLOCK_ENTRIES - 1;
    int64_t highest = room->bound.seq - 1;
    picks->rows[picks->count++] =
        (struct pick){.room = room, .low = low, .high = high < highest ? high : highest};
    trail_pass(&room->trail);
    return true;
}

/* A block of each of the first rooms; where there are fewer, several of each. */
static void pick(struct picks *picks, size_t most) {
    struct hunt *hunt = picks->hunt;
    bool picked = true;
    picks->count = 0;
    while (picked && picks->count < most) {
        picked = false;
        for (size_t i = 0; i < hunt->order_count && picks->count < most; i++) {
            picked |= pick_one(picks, hunt->order[i]);
        }
    }
}

static void ask_block(void *context, size_t i, struct ask *out) {
    const struct picks *picks = context;
    const struct pick *row = &picks->rows[i];
    store_search_block_ask(out, row->room->id, picks->hunt->user, row->low, row->high);
}

static struct hunt_find *add_find(struct hunt *hunt, const struct hunt_room *room,
                                  const struct sc_event_head *head) {
    if (hunt->finds_count == hunt->finds_room) {
        hunt->finds_room = hunt->finds_room * 2 + 64;
        hunt->finds = sc_xrealloc(hunt->finds, hunt->finds_room * sizeof *hunt->finds);
    }
    struct hunt_find *find = &hunt->finds[hunt->finds_count++];
    *find = (struct hunt_find){.place = {.at = (int64_t)head->at, .seq = (int64_t)head->seq}};
    memcpy(find->place.room, room->id, sizeof room->id);
    return find;
}

/* The message, with one more member before its end. */
static void write_find(struct hunt_find *find, const struct answer *answer, size_t row,
                       const char *user, const struct needle_range *ranges, size_t count) {
    FILE *text = open_memstream(&find->text, &find->bytes);
    message_view_write(text, answer, row, user);
    fseeko(text, -1, SEEK_CUR);
    fputs(",\"highlights\":[", text);
    for (size_t i = 0; i < count; i++) {
        fprintf(text, "%s[%u,%u]", i ? "," : "", ranges[i].from, ranges[i].to);
    }
    fputs("]}", text);
    fclose(text);
}

/* Whether the message was found. */
static bool look_into(struct picks *picks, size_t i, const struct answer *answer, size_t row) {
    struct hunt *hunt = picks->hunt;
    struct wording wording;
    struct sc_event_head head;
    struct needle_range ranges[RANGES_MAX];
    size_t bytes;
    size_t count = 0;
    const char *entry = answer_text(answer, row, &bytes);
    if (sc_event_peek(entry, bytes, &head)) {
        picks->rows[i].oldest_at = (int64_t)head.at;
    }
    if (wording_init(&wording, answer, row)) {
        count = needle_find(hunt->needle, wording.text, wording.bytes, ranges, RANGES_MAX);
    }
    if (count > 0) {
        write_find(add_find(hunt, picks->rows[i].room, &head), answer, row, hunt->user, ranges,
                   count);
    }
    wording_deinit(&wording);
    return count > 0;
}

/* From its newest message on; of one block no more than a page can show and one. */
static void take_block(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct picks *picks = context;
    size_t found = 0;
    picks->rows[i].error = error;
    for (size_t row = answer_count(answer); row > 2 && found <= picks->hunt->limit; row -= 2) {
        found += look_into(picks, i, answer, row - 2);
    }
}

/* In the order in which they were picked, so that the last of a room's blocks has its say. */
static void move_bounds(struct picks *picks) {
    for (size_t i = 0; i < picks->count; i++) {
        struct pick *row = &picks->rows[i];
        row->room->bound.seq = row->low;
        if (row->oldest_at > 0) {
            row->room->bound.at = row->oldest_at;
        }
        if (row->error != SC_OK) {
            give_up(row->room, row->error);
        }
    }
}

static enum sc_error read_some(struct hunt *hunt, size_t most) {
    struct picks picks = {.hunt = hunt};
    pick(&picks, (int64_t)most < hunt->blocks_left ? most : (size_t)hunt->blocks_left);
    hunt->blocks_left -= (int64_t)picks.count;
    if (picks.count == 0) {
        hunt->blocks_left = 0; /* the index has been asked enough */
    }
    struct link_batch batch = {picks.count, ask_block, take_block, &picks};
    enum sc_error error = link_run(hunt->link, &batch);
    move_bounds(&picks);
    return error;
}

/* --- the page --- */

/* How many finds have nothing younger before them that is still unread. */
static size_t count_settled(struct hunt *hunt) {
    size_t count = 0;
    if (hunt->finds_count > 0) {
        qsort(hunt->finds, hunt->finds_count, sizeof *hunt->finds, finds_by_youth);
    }
    while (
        count < hunt->finds_count &&
        (hunt->order_count == 0 || youth(&hunt->finds[count].place, &hunt->order[0]->bound) >= 0)) {
        count++;
    }
    return count;
}

static void conclude(struct hunt *hunt) {
    bool full = hunt->settled > hunt->limit;
    hunt->shown = full ? hunt->limit : hunt->settled;
    hunt->more = full || hunt->order_count > 0;
    if (full) {
        hunt->next = hunt->finds[hunt->limit - 1].place;
    } else if (hunt->more) {
        hunt->next = hunt->order[0]->bound;
    }
}

/* That a room is not the user's to see is between the two; Redis's troubles concern the search. */
static enum sc_error first_trouble(const struct hunt *hunt) {
    for (size_t i = 0; i < hunt->rooms_count; i++) {
        enum sc_error error = hunt->rooms[i].error;
        if (error != SC_OK && error != SC_NOT_FOUND && error != SC_FORBIDDEN) {
            return error;
        }
    }
    return SC_OK;
}

static enum sc_error seek(struct hunt *hunt) {
    size_t most = 1;
    enum sc_error error = consult(hunt);
    while (error == SC_OK && hunt->order_count > 0 && hunt->settled <= hunt->limit &&
           hunt->blocks_left > 0) {
        error = read_some(hunt, most);
        if (error == SC_OK) {
            error = consult(hunt);
        }
        hunt->settled = count_settled(hunt);
        most = most * 2 < PICKS_MAX ? most * 2 : PICKS_MAX;
    }
    return error;
}

enum sc_error hunt_run(struct hunt *hunt, const struct hunt_place *from) {
    enum sc_error error = begin(hunt, from);
    if (error == SC_OK) {
        error = seek(hunt);
    }
    if (error == SC_OK) {
        error = first_trouble(hunt);
    }
    if (error == SC_OK) {
        conclude(hunt);
    }
    return error;
}

const char *hunt_behind(const struct hunt *hunt) {
    for (size_t i = 0; i < hunt->rooms_count; i++) {
        if (hunt->rooms[i].behind) {
            return hunt->rooms[i].id;
        }
    }
    return NULL;
}

/*
 * handle_rooms: one's own rooms, and new ones; for one alone see handle_room, for all public ones
 * directory.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "directory.h"
#include "membership.h"
#include "room_view.h"
#include "store_names.h"
#include "store_rooms.h"
#include "store_users.h"

enum { NAME, TITLE, TOPIC, KIND };

const struct form_field rooms_create_fields[] = {
    [NAME] = {"name", FORM_NAME, .required = true},
    [TITLE] = {"title", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1,
               .most_setting = LIMIT(display_chars)},
    [TOPIC] = {"topic", FORM_TEXT, .shape = SC_TEXT_MAYBE, .most_setting = LIMIT(about_chars)},
    [KIND] = {"kind", FORM_WORD, .required = true, .choices = "public|private"},
    {.name = NULL},
};

/* What the caller's own rooms are put together from. */
struct listing {
    struct store_caller caller;
    const struct answer *ids; /* room, seq, room, seq, ... */
    size_t count;
    struct listed {
        const char *id;
        int64_t activity;
        char *text; /* but for its end; NULL: not to be seen any more */
        size_t bytes;
        char peer[SC_ID_MAX + 1]; /* of a direct room, else "" */
        const struct user *person;
    } * rooms;
};

static void ask_view(void *context, size_t i, struct ask *out) {
    const struct listing *listing = context;
    store_room_view_ask(out, answer_text(listing->ids, 2 * i, NULL), &listing->caller);
}

static void take_view(void *context, size_t i, enum sc_error error, const struct answer *answer) {
    struct listing *listing = context;
    struct listed *listed = &listing->rooms[i];
    if (error != SC_OK || answer_text(answer, VIEW_ROLE, NULL)[0] == '\0') {
        return;
    }
    listed->id = answer_text(listing->ids, 2 * i, NULL);
    listed->activity = room_view_activity(answer);
    FILE *text = open_memstream(&listed->text, &listed->bytes);
    room_view_open(text, listed->id, listing->caller.id, answer, -1);
    fclose(text);
    snprintf(listed->peer, sizeof listed->peer, "%s", answer_text(answer, VIEW_PEER, NULL));
}

static int by_activity(const void *a, const void *b) {
    const struct listed *left = a, *right = b;
    if (left->activity != right->activity) {
        return left->activity < right->activity ? 1 : -1;
    }
    return left->text && right->text ? strcmp(left->id, right->id) : 0;
}

static void write_listing(struct exchange *x, struct listing *listing) {
    FILE *body = reply_begin(&x->reply, 200);
    const char *comma = "";
    qsort(listing->rooms, listing->count, sizeof *listing->rooms, by_activity);
    fputs("{\"rooms\":[", body);
    for (size_t i = 0; i < listing->count; i++) {
        if (!listing->rooms[i].text) {
            continue;
        }
        fputs(comma, body);
        fwrite(listing->rooms[i].text, 1, listing->rooms[i].bytes, body);
        room_view_close(body, listing->rooms[i].peer[0] != '\0', listing->rooms[i].person);
        comma = ",";
    }
    fputs("]}", body);
}

/* The other sides of the direct rooms: `users` has a place for each room. */
static enum sc_error load_peers(struct link *link, struct listing *listing, struct user *users) {
    size_t count = 0;
    for (size_t i = 0; i < listing->count; i++) {
        struct listed *listed = &listing->rooms[i];
        if (listed->peer[0]) {
            listed->person = &users[count];
            memcpy(users[count++].id, listed->peer, sizeof listed->peer);
        }
    }
    return store_users(link, users, count);
}

static enum sc_error reply_own(struct exchange *x, struct listing *listing) {
    struct user *peers = sc_xcalloc(listing->count + 1, sizeof *peers);
    enum sc_error error = load_peers(x->link, listing, peers);
    if (error == SC_OK) {
        write_listing(x, listing);
    }
    for (size_t i = 0; i < listing->count; i++) {
        user_deinit(&peers[i]);
    }
    free(peers);
    return error;
}

static enum sc_error list_own(struct exchange *x) {
    struct answer ids;
    enum sc_error error = store_user_rooms(x->link, x->session.user.id, &ids);
    struct listing listing = {handle_caller(x), &ids, answer_count(&ids) / 2, NULL};
    listing.rooms = sc_xcalloc(listing.count + 1, sizeof *listing.rooms);
    struct link_batch batch = {listing.count, ask_view, take_view, &listing};
    if (error == SC_OK) {
        error = link_run(x->link, &batch);
    }
    if (error == SC_OK) {
        error = reply_own(x, &listing);
    }
    for (size_t i = 0; i < listing.count; i++) {
        free(listing.rooms[i].text);
    }
    free(listing.rooms);
    answer_deinit(&ids);
    return error;
}

enum sc_error handle_rooms_list(struct exchange *x) {
    return directory_is_asked(&x->form) ? directory_reply(x) : list_own(x);
}

static enum sc_error may_open(struct exchange *x) {
    int64_t count;
    enum sc_error error = store_user_rooms_count(x->link, x->session.user.id, &count);
    return error == SC_OK && count >= SC_ROOMS_MAX ? SC_FORBIDDEN : error;
}

/* Only these own their name: that a name is taken must not tell of a private room. */
static bool is_public(const struct exchange *x) {
    return strcmp(x->form.values[KIND].text, "public") == 0;
}

/* The room itself, under a name that is claimed already and is kept with it. */
static enum sc_error open_room(struct exchange *x, const char *id, uint64_t *seq_out) {
    const struct form_value *values = x->form.values;
    const struct sc_person person = user_person(&x->session.user);
    char *tail = sc_member_tail(id, &person, "joined", &person, NULL);
    const struct store_room room = {
        .id = id,
        .owner = person.id,
        .tail = tail,
        .name = values[NAME].text,
        .title = values[TITLE].given ? values[TITLE].text : values[NAME].text,
        .topic = values[TOPIC].given ? values[TOPIC].text : "",
        .kind = values[KIND].text,
    };
    enum sc_error error = store_room_open(x->link, &room, seq_out);
    if (error == SC_OK && is_public(x)) {
        error = store_name_keep(x->link, STORE_ROOM_NAME, values[NAME].folded, id);
    }
    if (error != SC_OK && is_public(x)) {
        store_name_release(x->link, STORE_ROOM_NAME, values[NAME].folded, id);
    }
    free(tail);
    return error;
}

/* Into its owner's list, and into the directory. */
static enum sc_error show_room(struct exchange *x, const char *id, uint64_t seq) {
    const struct form_value *values = x->form.values;
    enum sc_error error = membership_begin(x->link, id, x->session.user.id, seq);
    if (error == SC_OK && is_public(x)) {
        error = store_index_add(x->link, STORE_ROOM_NAME, values[NAME].folded, id);
    }
    return error;
}

enum sc_error handle_rooms_create(struct exchange *x) {
    char id[SC_ID_MAX + 1];
    uint64_t seq;
    sc_id_new(id);
    enum sc_error error = may_open(x);
    if (error == SC_OK && is_public(x)) {
        error = store_name_claim(x->link, STORE_ROOM_NAME, x->form.values[NAME].folded, id);
    }
    if (error == SC_OK) {
        error = open_room(x, id, &seq);
    }
    if (error == SC_OK) {
        error = show_room(x, id, seq);
    }
    if (error == SC_OK) {
        error = handle_reply_room(x, 201, id);
    }
    if (error == SC_OK) {
        handle_note(x, "room_opened", "room", id);
    }
    return error;
}

/*
 * handle_export: a room's whole log as NDJSON, one entry a line, as clients received them.
 *
 * However long the log is, one piece of it is in memory at a time, and the next is asked for when
 * the client has taken that. What ends an export early (the client is gone or too slow, Redis is
 * away, the user was put out of the room) is cut in such a way that nobody takes it for the end.
 */
#include "handle.h"

#include <stdatomic.h>
#include <string.h>

#include <stonechat/log.h>

#include "rate.h"
#include "store_export.h"

static const char NDJSON_TYPE[] = "application/x-ndjson";

/* Each holds a thread for as long as its client likes: never more than a quarter of them. */
enum { AT_ONCE = 2 };

static atomic_int under_way;

static bool enter(const struct exchange *x) {
    int64_t quarter = x->site->settings->http_threads / 4;
    int most = quarter >= AT_ONCE ? AT_ONCE : 1;
    if (atomic_fetch_add(&under_way, 1) < most) {
        return true;
    }
    atomic_fetch_sub(&under_way, 1);
    return false;
}

static void leave(void) {
    atomic_fetch_sub(&under_way, 1);
}

static void begin(struct exchange *x, const char *room) {
    char disposition[SC_ID_MAX + 64];
    snprintf(disposition, sizeof disposition, "attachment; filename=\"%s.ndjson\"", room);
    reply_begin_stream(&x->reply, 200, NDJSON_TYPE);
    reply_header(&x->reply, "Content-Disposition", disposition);
}

static bool send_entries(struct exchange *x, const struct answer *piece) {
    for (size_t i = EXPORT_ENTRIES; i < answer_count(piece); i++) {
        size_t bytes;
        const char *entry = answer_text(piece, i, &bytes);
        fwrite(entry, 1, bytes, x->reply.body);
        fputc('\n', x->reply.body);
    }
    return reply_flush(&x->reply);
}

/* Sends one piece and moves on to the next; UNAVAILABLE when the client takes no more. */
static enum sc_error pass_on(struct exchange *x, struct store_export *at) {
    struct answer piece;
    link_extend(x->link);
    enum sc_error error = store_export_piece(x->link, at, &piece);
    if (error == SC_OK && !x->reply.streamed) {
        begin(x, at->room);
    }
    if (error == SC_OK && !send_entries(x, &piece)) {
        error = SC_UNAVAILABLE;
    }
    at->last = answer_number(&piece, EXPORT_LAST);
    at->seq = answer_number(&piece, EXPORT_NEXT);
    answer_deinit(&piece);
    return error;
}

static enum sc_error pass_all_on(struct exchange *x, const char *room) {
    struct store_export at = {.room = room,
                              .user = x->session.user.id,
                              .admin = strcmp(x->session.user.role, "admin") == 0,
                              .seq = 1};
    enum sc_error error = SC_OK;
    while (error == SC_OK && at.seq > 0) {
        error = pass_on(x, &at);
    }
    return error;
}

enum sc_error handle_export_read(struct exchange *x) {
    const char *room = handle_room_id(x);
    enum sc_error error = room ? SC_OK : SC_NOT_FOUND;
    if (room && !enter(x)) {
        error = SC_BUSY;
    } else if (room) {
        error = pass_all_on(x, room);
        leave();
    }
    if (x->reply.streamed) {
        x->reply.cut = error != SC_OK;
        handle_note(x, x->reply.cut ? "export_cut" : "exported", "room", room);
        return SC_OK;
    }
    rate_undo(x, RATE_EXPORTS); /* nothing came of it */
    return error;
}

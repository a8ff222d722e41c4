/*
 * fake_reader: a connection without a socket, and somebody at its other end who checks everything.
 *
 * Takes the place of conn.c: a queue with the same bound and the same ways of shedding. The reader
 * takes bytes as slowly as a test likes and holds what it gets against what it was promised: in one
 * room entries in order, none missing, none twice since it last resumed or was told to reset.
 */
#ifndef FAKE_READER_H
#define FAKE_READER_H

#include "fake_redis.h"
#include "outbox.h"
#include "readers.h"
#include "sub.h"

/* What a reader knows of one room. */
struct fake_view {
    struct sub *sub;
    bool begun;      /* resumed, or joined: it may be sent entries */
    bool owed;       /* caught_up has to come */
    uint64_t first;  /* the first entry that it should have got since then */
    uint64_t next;   /* the one that has to come now */
    uint64_t resets; /* how often it was told to start over */
    uint64_t at[FAKE_LOG_MAX];
};

struct fake_reader {
    struct conn conn;
    bool here;
    struct fake_view views[FAKE_ROOMS];
    unsigned char wire[1 << 17]; /* what has come and is no whole frame yet */
    size_t wire_bytes;
    uint64_t sheds;
};

static struct {
    uint32_t queue_bytes;
    char fault[256]; /* the first promise that was broken; "" while all is well */
} fake_readers;

#define READER_FAULT(...)                                                                          \
    do {                                                                                           \
        if (fake_readers.fault[0] == '\0') {                                                       \
            snprintf(fake_readers.fault, sizeof fake_readers.fault, __VA_ARGS__);                  \
        }                                                                                          \
    } while (0)

/* --- what room and sub call --- */

bool conn_has_room(const struct conn *conn) {
    return !conn->full && conn->outbox.bytes < fake_readers.queue_bytes;
}

void conn_await_drain(struct conn *conn) {
    conn->full = true;
}

static inline struct fake_reader *fake_reader_of(struct conn *conn) {
    return (struct fake_reader *)((char *)conn - offsetof(struct fake_reader, conn));
}

static inline void fake_on_dropped(void *context, const struct frame *frame) {
    struct fake_reader *reader = context;
    for (int room = 0; room < FAKE_ROOMS; room++) {
        struct sub *sub = reader->views[room].sub;
        if (frame->kind != FRAME_PASSING && sub != NULL && sub->room->serial == frame->room) {
            sub_rewind(sub, frame);
        }
    }
}

bool conn_send(struct conn *conn, struct frame *frame) {
    struct fake_reader *reader = fake_reader_of(conn);
    bool fits = conn_has_room(conn);
    if (fits || frame->kind == FRAME_CONTROL) {
        outbox_push(&conn->outbox, frame);
    }
    if (!fits && !conn->full) {
        reader->sheds++;
        outbox_shed(&conn->outbox, fake_on_dropped, reader);
        conn_await_drain(conn);
    }
    if (!fits && frame->kind != FRAME_CONTROL) {
        fake_on_dropped(reader, frame);
    }
    return fits;
}

bool conn_send_now(struct conn *conn, struct frame *frame) {
    return conn_send(conn, frame);
}

void conn_send_rest(struct conn *conn, struct frame *frame, size_t sent) {
    (void)conn;
    (void)frame;
    (void)sent;
    abort(); /* no lane of these is ever straight */
}

/* --- what the reader does --- */

static inline void fake_say(struct fake_reader *reader, const char *json) {
    struct frame *frame = frame_text(FRAME_CONTROL, json, strlen(json));
    conn_send(&reader->conn, frame);
    frame_unref(&frame);
}

/* Whatever comes behind this in the queue is judged by a new beginning, at entry `first`; 0: goes
 * on as before. */
static inline void fake_begin(struct fake_reader *reader, int room, uint64_t first, bool owed) {
    char json[96];
    snprintf(json, sizeof json,
             "{\"type\":\"pong\",\"room\":\"%s\",\"seq\":%" PRIu64 ",\"id\":\"%d\"}",
             fake_ids[room], first, owed);
    fake_say(reader, json);
}

static inline uint64_t fake_number(const char *json, const char *name) {
    const char *found = strstr(json, name);
    return found != NULL ? strtoull(found + strlen(name), NULL, 10) : 0;
}

static inline void fake_take_entry(struct fake_view *view, const struct sc_event_head *head) {
    if (!view->begun) {
        READER_FAULT("entry %" PRIu64 " before resume", head->seq);
    } else if (head->seq != view->next) {
        READER_FAULT("entry %" PRIu64 " came instead of %" PRIu64, head->seq, view->next);
    } else {
        view->at[view->next++ - 1] = head->at;
    }
}

static inline void fake_take_mark(struct fake_view *view, enum sc_event_type type,
                                  const char *json) {
    uint64_t seq = fake_number(json, "\"seq\":");
    if (type == SC_EVENT_PONG) {
        view->begun = true;
        view->owed = fake_number(json, "\"id\":\"") != 0;
        view->first = seq > 0 ? seq : view->first;
        view->next = seq > 0 ? seq : view->next;
    } else if (type == SC_EVENT_LEFT) {
        view->begun = view->owed = false;
    } else if (type == SC_EVENT_RESET) {
        view->resets++;
        view->owed = false;
        view->first = view->next = seq + 1;
    } else if (type != SC_EVENT_CAUGHT_UP) {
        READER_FAULT("nobody expects %.99s", json);
    } else if (view->next != seq + 1) {
        READER_FAULT("caught_up to %" PRIu64 " while waiting for %" PRIu64, seq, view->next);
    } else {
        view->owed = false;
    }
}

static inline void fake_take_frame(struct fake_reader *reader, const unsigned char *payload,
                                   size_t bytes) {
    struct sc_event_head head;
    char json[FAKE_JSON_MAX];
    memcpy(json, payload, bytes);
    json[bytes] = '\0';
    struct fake_view *view = &reader->views[fake_room(strstr(json, "\"room\":\"") + 8)];
    if (!sc_event_peek(json, bytes, &head)) {
        READER_FAULT("not an event: %.99s", json);
    } else if (sc_event_is_logged(head.type)) {
        fake_take_entry(view, &head);
    } else {
        fake_take_mark(view, head.type, json);
    }
}

/* Takes one whole frame off what has come; returns its bytes, 0 when there is none. */
static inline size_t fake_take_wire(struct fake_reader *reader, size_t at) {
    const unsigned char *wire = reader->wire + at;
    size_t left = reader->wire_bytes - at;
    size_t head = left > 1 && wire[1] == 126 ? 4 : 2;
    if (left < head) {
        return 0;
    }
    size_t payload = head == 2 ? wire[1] : (size_t)wire[2] << 8 | wire[3];
    if (left < head + payload) {
        return 0;
    }
    if (wire[0] != 0x81 || payload >= FAKE_JSON_MAX) {
        READER_FAULT("a frame was torn");
        return left;
    }
    fake_take_frame(reader, wire + head, payload);
    return head + payload;
}

/* The bytes that a socket would take now; the queue, if it was full, is drained when empty. */
static inline bool fake_receive(struct fake_reader *reader, size_t most) {
    struct iovec piece;
    bool any = false;
    while (most > 0 && outbox_gather(&reader->conn.outbox, &piece, 1) > 0) {
        size_t bytes = piece.iov_len < most ? piece.iov_len : most;
        memcpy(reader->wire + reader->wire_bytes, piece.iov_base, bytes);
        reader->wire_bytes += bytes;
        outbox_sent(&reader->conn.outbox, bytes);
        most -= bytes;
        any = true;
        size_t at = 0, taken;
        while ((taken = fake_take_wire(reader, at)) > 0) {
            at += taken;
        }
        memmove(reader->wire, reader->wire + at, reader->wire_bytes - at);
        reader->wire_bytes -= at;
    }
    if (outbox_is_empty(&reader->conn.outbox) && reader->conn.full) {
        reader->conn.full = false;
        for (int room = 0; room < FAKE_ROOMS; room++) {
            if (reader->views[room].sub != NULL) {
                room_serve(reader->views[room].sub);
            }
        }
        any = true;
    }
    return any;
}

static inline void fake_leave(struct fake_reader *reader) {
    for (int room = 0; room < FAKE_ROOMS; room++) {
        if (reader->views[room].sub != NULL) {
            room_leave(&reader->views[room].sub);
        }
    }
    outbox_deinit(&reader->conn.outbox);
    reader->here = false;
}

/* Comes anew, with nothing. */
static inline void fake_come(struct fake_reader *reader) {
    reader->conn = (struct conn){0};
    reader->wire_bytes = 0;
    reader->here = true;
    for (int room = 0; room < FAKE_ROOMS; room++) {
        struct fake_view *view = &reader->views[room];
        view->sub = NULL;
        view->begun = view->owed = false;
        view->first = view->next = view->resets = 0;
    }
}

/* Resumes as client_commands does; `check`: the client named this cursor. */
static inline void fake_resume(struct fake_reader *reader, int room, uint64_t cursor, bool check,
                               uint64_t at) {
    struct sub *sub = reader->views[room].sub;
    readers_deliver(sub->room);
    fake_begin(reader, room, cursor + 1, check);
    sub->resumed = sub->resumed || check;
    sub->announce = sub->announce || check;
    sub_resume(sub, cursor, check, at);
    room_serve(sub);
}

/* Whether entries beyond the point from which it was to read have been sent already. */
static inline bool fake_is_late(const struct sub *sub) {
    uint64_t reached = sub->state == SUB_LIVE ? sub->room->seq : sub->cursor;
    return sub->state >= SUB_BEHIND && reached > sub->floor;
}

/* The same by the function that client_commands calls, which minds that. What is said here may be
 * what makes the queue too full, so that nobody is late any more. */
static inline void fake_resume_at_any_time(struct fake_reader *reader, int room, uint64_t cursor,
                                           uint64_t at) {
    struct sub *sub = reader->views[room].sub;
    readers_deliver(sub->room);
    if (fake_is_late(sub) && cursor >= sub->floor) {
        fake_begin(reader, room, 0, true);
    }
    if (!fake_is_late(sub)) {
        fake_begin(reader, room, cursor + 1, true);
    }
    sub->resumed = true;
    readers_resume(sub, cursor, at);
    room_serve(sub);
}

/* Nothing of the room may come behind this. */
static inline void fake_mute(struct fake_reader *reader, int room) {
    char json[64];
    readers_mute(reader->views[room].sub);
    snprintf(json, sizeof json, "{\"type\":\"left\",\"room\":\"%s\"}", fake_ids[room]);
    fake_say(reader, json);
}

static inline void fake_unmute(struct fake_reader *reader, int room) {
    struct sub *sub = reader->views[room].sub;
    readers_deliver(sub->room);
    fake_begin(reader, room, sub->room->seq + 1, true);
    readers_unmute(sub, false);
    room_serve(sub);
}

/* When all is calm: whatever it should hold, it holds, and as the log has it. */
static inline void fake_judge(const struct fake_reader *reader, int room) {
    const struct fake_view *view = &reader->views[room];
    const struct fake_log *log = &fake.logs[room];
    if (view->sub == NULL || view->sub->state == SUB_MUTED) {
        return;
    }
    if (view->sub->state != SUB_LIVE || view->next != log->end + 1) {
        READER_FAULT("state %d, waits for %" PRIu64 ", the room is at %" PRIu64
                     ", and the log ends at %" PRIu64,
                     (int)view->sub->state, view->next, view->sub->room->seq, log->end);
    }
    if (view->owed) {
        READER_FAULT("caught_up has never come");
    }
    for (uint64_t seq = view->first; seq < view->next && seq <= log->end; seq++) {
        if (view->at[seq - 1] != log->at[seq - 1]) {
            READER_FAULT("entry %" PRIu64 " is not the one of the log", seq);
        }
    }
}

#endif

/*
 * sse: from WebSocket frames to events (see sse.h).
 */
#include "sse.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/event.h>
#include <stonechat/memory.h>

#include "ws_frame.h"

enum { CAPACITY_FIRST = 512, OPCODE = 0x0f };

struct sse *sse_new(void) {
    struct sse *sse = sc_xcalloc(1, sizeof *sse);
    cursors_init(&sse->cursors);
    return sse;
}

void sse_free(struct sse **sse) {
    struct sse *mine = *sse;
    *sse = NULL;
    if (mine != NULL) {
        cursors_deinit(&mine->cursors);
        free(mine->text);
        free(mine);
    }
}

/* --- the text --- */

static char *make_room(struct sse *sse, size_t bytes) {
    if (sse->bytes + bytes > sse->capacity) {
        size_t doubled = sse->capacity == 0 ? CAPACITY_FIRST : sse->capacity * 2;
        sse->capacity = sse->bytes + bytes > doubled ? sse->bytes + bytes : doubled;
        sse->text = sc_xrealloc(sse->text, sse->capacity);
    }
    return sse->text + sse->bytes;
}

static void add(struct sse *sse, const char *text, size_t bytes) {
    memcpy(make_room(sse, bytes), text, bytes);
    sse->bytes += bytes;
}

void sse_say(struct sse *sse, const char *text) {
    add(sse, text, strlen(text));
}

/* A notice's JSON is as somebody else made it, perhaps over several lines: between its tokens, the
 * only place where JSON has an end of line, a space is the same. */
static void add_line(struct sse *sse, const char *json, size_t bytes) {
    char *line = make_room(sse, bytes);
    for (size_t i = 0; i < bytes; i++) {
        line[i] = json[i] == '\n' || json[i] == '\r' ? ' ' : json[i];
    }
    sse->bytes += bytes;
}

/* An empty one would make the client forget what it has. */
static void add_id(struct sse *sse) {
    if (sse->cursors.count == 0) {
        return;
    }
    sse_say(sse, "id: ");
    sse->bytes += cursors_write(&sse->cursors, make_room(sse, CURSORS_ID_MAX));
    sse_say(sse, "\n");
}

void sse_sent(struct sse *sse, size_t bytes) {
    sse->sent += bytes;
    if (sse->sent == sse->bytes) {
        free(sse->text);
        sse->text = NULL;
        sse->bytes = sse->sent = sse->capacity = 0;
    }
}

/* --- where the reader stands after an event --- */

static void stand_at_entry(struct sse *sse, const struct sc_event_head *head,
                           const struct sc_event_target *target) {
    cursors_set(&sse->cursors, target->room, head->seq, head->at);
}

/* What it came with was wrong, whatever its number. */
static void stand_anew(struct sse *sse, const struct sc_event_head *head,
                       const struct sc_event_target *target) {
    (void)head;
    cursors_set(&sse->cursors, target->room, target->seq, 0);
}

/* There already, as a rule. */
static void stand_at_mark(struct sse *sse, const struct sc_event_head *head,
                          const struct sc_event_target *target) {
    const struct sc_cursor *cursor = cursors_find(&sse->cursors, target->room);
    if (cursor == NULL || cursor->seq != target->seq) {
        stand_anew(sse, head, target);
    }
}

/* `seq` is that of the first entry that will come. */
static void stand_before(struct sse *sse, const struct sc_event_head *head,
                         const struct sc_event_target *target) {
    (void)head;
    cursors_set(&sse->cursors, target->room, target->seq > 0 ? target->seq - 1 : 0, 0);
}

static void stand_nowhere(struct sse *sse, const struct sc_event_head *head,
                          const struct sc_event_target *target) {
    (void)head;
    cursors_forget(&sse->cursors, target->room);
}

static void stand_as_before(struct sse *sse, const struct sc_event_head *head,
                            const struct sc_event_target *target) {
    (void)sse;
    (void)head;
    (void)target;
}

/* Those that bear an id, beside the entries. */
static void (*const stands[SC_EVENT_UNKNOWN + 1])(struct sse *, const struct sc_event_head *,
                                                  const struct sc_event_target *) = {
    [SC_EVENT_WELCOME] = stand_as_before, [SC_EVENT_CAUGHT_UP] = stand_at_mark,
    [SC_EVENT_RESET] = stand_anew,        [SC_EVENT_JOINED] = stand_before,
    [SC_EVENT_LEFT] = stand_nowhere,
};

static bool moves(struct sse *sse, const char *json, size_t bytes) {
    struct sc_event_head head;
    struct sc_event_target target;
    if (!sc_event_peek(json, bytes, &head)) {
        return false;
    }
    bool logged = sc_event_is_entry(&head);
    if ((!logged && stands[head.type] == NULL) || !sc_event_target(json, bytes, &target)) {
        return false;
    }
    (logged ? stand_at_entry : stands[head.type])(sse, &head, &target);
    return true;
}

/* --- events --- */

static void write_text(struct sse *sse, const char *json, size_t bytes) {
    if (moves(sse, json, bytes)) {
        add_id(sse);
    }
    sse_say(sse, "data: ");
    add_line(sse, json, bytes);
    sse_say(sse, "\n\n");
}

static void add_quoted(struct sse *sse, const char *text, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '"' || text[i] == '\\') {
            sse_say(sse, "\\");
        }
        add_line(sse, text + i, 1);
    }
}

static void add_retry(struct sse *sse, const char *reason, size_t bytes) {
    static const char word[] = "{\"retry_ms\":";
    char line[64];
    if (bytes > sizeof word - 1 && memcmp(reason, word, sizeof word - 1) == 0) {
        int digits = (int)strspn(reason + sizeof word - 1, "0123456789");
        snprintf(line, sizeof line, "retry: %.*s\n", digits, reason + sizeof word - 1);
        sse_say(sse, line);
    }
}

static void write_close(struct sse *sse, const char *payload, size_t bytes) {
    char reason[WS_CONTROL_MAX + 1] = "", line[64];
    const unsigned char *code = (const unsigned char *)payload;
    size_t reason_bytes = bytes > 2 ? bytes - 2 : 0;
    memcpy(reason, payload + 2, reason_bytes);
    add_retry(sse, reason, reason_bytes);
    snprintf(line, sizeof line, "event: close\ndata: {\"code\":%d,\"reason\":\"",
             bytes >= 2 ? code[0] << 8 | code[1] : 1000);
    sse_say(sse, line);
    add_quoted(sse, reason, reason_bytes);
    sse_say(sse, "\"}\n\n");
}

/* Nothing but these is ever said to a client that can't speak. */
static void write_frame(struct sse *sse, enum ws_opcode opcode, const char *payload, size_t bytes) {
    if (opcode == WS_TEXT) {
        write_text(sse, payload, bytes);
    } else if (opcode == WS_CLOSE) {
        write_close(sse, payload, bytes);
    } else {
        sse_say(sse, ":\n\n");
    }
}

size_t sse_write(struct sse *sse, const unsigned char *wire, size_t bytes) {
    size_t taken = 0;
    do {
        uint64_t payload;
        size_t head = ws_own_head(wire + taken, &payload);
        write_frame(sse, (enum ws_opcode)(wire[taken] & OPCODE), (const char *)wire + taken + head,
                    (size_t)payload);
        taken += head + (size_t)payload;
    } while (taken < bytes && !sse_is_full(sse));
    return taken;
}

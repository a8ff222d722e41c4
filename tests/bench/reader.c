/*
 * reader: the upgrade, frames, and what they tell (see reader.h).
 */
#include "reader.h"

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { OP_TEXT = 1, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };
enum { PAYLOAD_SMALL = 125 };
static const uint64_t SECOND_NS = 1000000000, MILLISECOND_NS = 1000000;

static const struct credential *credential_of(const struct ear *ear, const struct reader *reader) {
    static const struct credential none;
    const struct crowd_plan *plan = ear->plan;
    return plan->credentials == NULL ? &none
                                     : &plan->credentials[reader->index % plan->credentials_count];
}

/* A path that ends so wants the room's id: the floor, which says nothing of its own. */
static bool names_room(const struct ear *ear) {
    const char *path = ear->plan->path;
    return path[strlen(path) - 1] == '=';
}

static bool is_of_stonechat(const struct ear *ear, const struct reader *reader) {
    return credential_of(ear, reader)->room != NULL && !names_room(ear);
}

/* A server that has gone meanwhile is noticed when reading. */
static void put(const struct reader *reader, const void *bytes, size_t count) {
    ssize_t sent = send(reader->fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent != (ssize_t)count && errno != EPIPE && errno != ECONNRESET) {
        err(1, "what a reader says isn't taken");
    }
}

/* --- the upgrade --- */

void reader_ask(const struct ear *ear, struct reader *reader) {
    const struct credential *credential = credential_of(ear, reader);
    bool named = names_room(ear) && credential->room != NULL;
    char text[1024], authorization[256] = "";
    if (credential->token != NULL) {
        snprintf(authorization, sizeof authorization, "Authorization: Bearer %s\r\n",
                 credential->token);
    }
    int bytes = snprintf(text, sizeof text,
                         "GET %s%s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n",
                         ear->plan->path, named ? credential->room : "", authorization);
    reader->state = READER_ASKING;
    reader->greetings = 0;
    reader->wait_ns = 0;
    put(reader, text, (size_t)bytes);
}

static void enter(struct ear *ear, struct reader *reader) {
    uint64_t began = atomic_load(&ear->all->controls[ear->plan->group].began_ns);
    reader->state = READER_IN;
    atomic_fetch_add(&ear->tally->in, 1);
    if (ear->now_ns > began) {
        histogram_add(&ear->tally->entering, ear->now_ns - began);
    }
}

/* Whole seconds: within the last of them as chance has it. */
static uint64_t retry_after_ns(const char *answer) {
    const char *line = strcasestr(answer, "\r\nRetry-After: ");
    uint64_t ns = line == NULL ? SECOND_NS : strtoull(line + 15, NULL, 10) * SECOND_NS;
    return ns + (uint64_t)random() % SECOND_NS;
}

static void take_refusal(struct ear *ear, struct reader *reader, const unsigned char *bytes,
                         size_t count) {
    char answer[1024];
    snprintf(answer, sizeof answer, "%.*s", (int)count, (const char *)bytes);
    if (!ear->plan->returns || strncmp(answer, "HTTP/1.1 503", 12) != 0) {
        errx(1, "refused: %s", answer);
    }
    atomic_fetch_add(&ear->tally->refused, 1);
    reader->wait_ns = retry_after_ns(answer);
}

static size_t take_answer(struct ear *ear, struct reader *reader, const unsigned char *bytes,
                          size_t count) {
    const unsigned char *end = memmem(bytes, count, "\r\n\r\n", 4);
    if (end == NULL) {
        return 0;
    }
    if (memcmp(bytes, "HTTP/1.1 101", 12) != 0) {
        take_refusal(ear, reader, bytes, count);
        return count;
    }
    reader->state = READER_GREETING;
    if (ear->plan->greetings == 0 && !is_of_stonechat(ear, reader)) {
        enter(ear, reader);
    }
    return (size_t)(end - bytes) + 4;
}

/* --- numbers --- */

static uint64_t digits(const unsigned char *at, size_t most) {
    uint64_t value = 0;
    for (size_t i = 0; i < most && at[i] >= '0' && at[i] <= '9'; i++) {
        value = value * 10 + (uint64_t)(at[i] - '0');
    }
    return value;
}

/* The number behind `name` in the JSON; 0 when there is none. */
static uint64_t member(const unsigned char *json, size_t bytes, const char *name) {
    size_t length = strlen(name);
    const unsigned char *found = memmem(json, bytes, name, length);
    return found == NULL ? 0 : digits(found + length, (size_t)(json + bytes - found) - length);
}

static void check(struct ear *ear, uint64_t *newest, uint64_t number) {
    if (number <= *newest) {
        atomic_fetch_add(&ear->tally->duplicates, 1);
        return;
    }
    if (number > *newest + 1) {
        atomic_fetch_add(&ear->tally->gaps, number - *newest - 1);
    }
    *newest = number;
}

/* Nearly always where it stood last time. */
static const unsigned char *find_mark(struct ear *ear, const unsigned char *payload, size_t bytes) {
    size_t needed = MARK_BYTES + MARK_TIME_DIGITS + 1 + MARK_NUMBER_DIGITS;
    if (ear->mark_at + needed <= bytes && memcmp(payload + ear->mark_at, MARK, MARK_BYTES) == 0) {
        return payload + ear->mark_at + MARK_BYTES;
    }
    const unsigned char *found = memmem(payload, bytes, MARK, MARK_BYTES);
    if (found == NULL || (size_t)(payload + bytes - found) < needed) {
        return NULL;
    }
    ear->mark_at = (size_t)(found - payload);
    return found + MARK_BYTES;
}

static void take_time(struct ear *ear, const unsigned char *mark) {
    uint64_t sent = digits(mark, MARK_TIME_DIGITS);
    uint64_t since = atomic_load_explicit(&ear->all->since_ns, memory_order_relaxed);
    if (since != 0 && sent >= since && ear->now_ns > sent) {
        histogram_add(&ear->tally->latency, ear->now_ns - sent);
    }
}

static void take_marked(struct ear *ear, struct reader *reader, const unsigned char *payload,
                        size_t bytes) {
    const unsigned char *mark = find_mark(ear, payload, bytes);
    if (mark != NULL) {
        ear->deliveries++;
        check(ear, &reader->number, digits(mark + MARK_TIME_DIGITS + 1, MARK_NUMBER_DIGITS));
        take_time(ear, mark);
    }
}

/* --- what a reader says; masked with zeros (RFC 6455 section 5.2) --- */

static void say(const struct reader *reader, int opcode, const void *payload, size_t bytes) {
    unsigned char frame[6 + PAYLOAD_SMALL] = {(unsigned char)(0x80 | opcode),
                                              (unsigned char)(0x80 | bytes)};
    if (bytes > PAYLOAD_SMALL) {
        errx(2, "too much to say");
    }
    memcpy(frame + 6, payload, bytes);
    put(reader, frame, 6 + bytes);
}

static void greet(struct ear *ear, struct reader *reader) {
    const struct crowd_plan *plan = ear->plan;
    if (++reader->greetings == 1 && plan->say != NULL) {
        say(reader, OP_TEXT, plan->say, strlen(plan->say));
    }
    if (reader->greetings == plan->greetings) {
        enter(ear, reader);
    }
}

/* --- a reader of a Stonechat room --- */

/* With a cursor it is in when the replay is done, without one at once. */
static void on_welcome(struct ear *ear, struct reader *reader, const unsigned char *json,
                       size_t bytes) {
    const struct credential *credential = credential_of(ear, reader);
    char text[PAYLOAD_SMALL + 1] = "{\"type\":\"resume\",\"cursors\":{}}";
    if (reader->seq == 0) {
        reader->seq = credential->seq;
        reader->at = credential->at;
    }
    if (reader->seq == 0) {
        const unsigned char *room = memmem(json, bytes, credential->room, strlen(credential->room));
        reader->seq = room == NULL ? 0 : member(room, (size_t)(json + bytes - room), "\"seq\":");
        say(reader, OP_TEXT, text, strlen(text));
        enter(ear, reader);
        return;
    }
    snprintf(text, sizeof text,
             reader->at > 0 ? "{\"type\":\"resume\",\"cursors\":{\"%s\":[%" PRIu64 ",%" PRIu64 "]}}"
                            : "{\"type\":\"resume\",\"cursors\":{\"%s\":%" PRIu64 "}}",
             credential->room, reader->seq, reader->at);
    say(reader, OP_TEXT, text, strlen(text));
}

static void on_caught_up(struct ear *ear, struct reader *reader, const unsigned char *json,
                         size_t bytes) {
    (void)json;
    (void)bytes;
    if (reader->state == READER_GREETING) {
        enter(ear, reader);
    }
}

static void on_reset(struct ear *ear, struct reader *reader, const unsigned char *json,
                     size_t bytes) {
    atomic_fetch_add(&ear->tally->resets, 1);
    reader->seq = member(json, bytes, "\"seq\":");
    reader->at = 0;
    on_caught_up(ear, reader, json, bytes);
}

static void on_entry(struct ear *ear, struct reader *reader, const unsigned char *json,
                     size_t bytes) {
    uint64_t seq = member(json, bytes, "\"seq\":");
    const unsigned char *mark = find_mark(ear, json, bytes);
    if (seq > 0) {
        check(ear, &reader->seq, seq);
        reader->at = member(json, bytes, "\"at\":");
        ear->deliveries += mark != NULL;
    }
    if (mark != NULL) {
        take_time(ear, mark);
    }
}

static void take_event(struct ear *ear, struct reader *reader, const unsigned char *json,
                       size_t bytes) {
    static const struct {
        const char *begins;
        void (*on)(struct ear *, struct reader *, const unsigned char *, size_t);
    } events[] = {
        {"{\"type\":\"message\"", on_entry},       {"{\"type\":\"member\"", on_entry},
        {"{\"type\":\"caught_up\"", on_caught_up}, {"{\"type\":\"welcome\"", on_welcome},
        {"{\"type\":\"reset\"", on_reset},
    };
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        size_t length = strlen(events[i].begins);
        if (bytes >= length && memcmp(json, events[i].begins, length) == 0) {
            events[i].on(ear, reader, json, bytes);
            return;
        }
    }
}

/* --- frames --- */

static void take_text(struct ear *ear, struct reader *reader, const unsigned char *payload,
                      size_t bytes) {
    if (is_of_stonechat(ear, reader)) {
        take_event(ear, reader, payload, bytes);
    } else if (reader->state == READER_IN) {
        take_marked(ear, reader, payload, bytes);
    } else {
        greet(ear, reader);
    }
}

/* The server then ends the connection (RFC 6455 section 5.5.1). */
static void take_close(struct ear *ear, struct reader *reader, const unsigned char *payload,
                       size_t bytes) {
    unsigned code = bytes >= 2 ? (unsigned)(payload[0] << 8 | payload[1]) : 1005;
    if (code == 1012 || code == 1001) {
        atomic_fetch_add(&ear->tally->restarts, 1);
        reader->wait_ns = member(payload, bytes, "\"retry_ms\":") * MILLISECOND_NS;
    } else {
        atomic_fetch_add(&ear->tally->closed, 1);
        warnx("closed with %u", code);
    }
    say(reader, OP_CLOSE, payload, bytes);
}

/* Returns the bytes of the frame that begins here, 0 while it isn't all there. */
static size_t take_frame(struct ear *ear, struct reader *reader, const unsigned char *at,
                         size_t count_left) {
    size_t head = 2, payload = count_left < 2 ? 0 : at[1] & 0x7f;
    size_t extended = payload == 126 ? 2 : payload == 127 ? 8 : 0;
    if (count_left < head + extended) {
        return 0;
    }
    if (extended > 0) {
        payload = 0;
        for (size_t i = 0; i < extended; i++) {
            payload = payload << 8 | at[head + i];
        }
    }
    head += extended;
    if (count_left < head + payload) {
        return 0;
    }
    switch (at[0] & 0x0f) {
    case OP_TEXT:
        take_text(ear, reader, at + head, payload);
        break;
    case OP_PING:
        say(reader, OP_PONG, at + head, payload);
        break;
    case OP_CLOSE:
        take_close(ear, reader, at + head, payload);
        break;
    default:
        break;
    }
    return head + payload;
}

size_t reader_take(struct ear *ear, struct reader *reader, const unsigned char *bytes,
                   size_t count) {
    size_t at = 0, taken;
    do {
        taken = reader->state == READER_ASKING ? take_answer(ear, reader, bytes + at, count - at)
                                               : take_frame(ear, reader, bytes + at, count - at);
        at += taken;
    } while (taken > 0 && at < count);
    return at;
}

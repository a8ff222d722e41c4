/*
 * inbox: from bytes to messages, case by case from tests/fixtures/frame/ and cut after every byte.
 *
 * A case's file `frames` holds one frame a line: its first byte in hexadecimal, then its payload,
 * with \xHH escapes, or `*N` for N letters; it is masked by the suite. A line `raw` holds bytes in
 * hexadecimal as they are. In deflated_valid and deflated_invalid permessage-deflate was agreed
 * upon.
 */
#include "suite.h"

#include <stonechat/limits.h>

#include "fixture.h"
#include "inbox.h"
#include "masked.h"

enum { WIRE_MAX = 1 << 16 };

struct wire {
    unsigned char bytes[WIRE_MAX];
    size_t count;
};

/* --- reading a case --- */

static size_t unescape(const char *text, unsigned char *out) {
    size_t count = 0;
    if (*text == '*') {
        count = strtoul(text + 1, NULL, 10);
        memset(out, 'a', count);
        return count;
    }
    while (*text != '\0') {
        if (text[0] == '\\' && text[1] == 'x') {
            char hex[3] = {text[2], text[3], '\0'};
            out[count++] = (unsigned char)strtoul(hex, NULL, 16);
            text += 4;
        } else {
            out[count++] = (unsigned char)*text++;
        }
    }
    return count;
}

static void add_raw(struct wire *wire, const char *text) {
    while (*text != '\0') {
        char *end;
        unsigned long byte = strtoul(text, &end, 16);
        if (end == text) {
            break;
        }
        wire->bytes[wire->count++] = (unsigned char)byte;
        text = end;
    }
}

static void add_line(struct wire *wire, const char *line) {
    static unsigned char payload[WIRE_MAX];
    if (strncmp(line, "raw ", 4) == 0) {
        add_raw(wire, line + 4);
        return;
    }
    char *rest;
    unsigned first = (unsigned)strtoul(line, &rest, 16);
    size_t bytes = unescape(*rest == ' ' ? rest + 1 : rest, payload);
    wire->count += masked_frame(wire->bytes + wire->count, first, payload, bytes);
}

static void read_wire(const struct fixture *fixture, struct wire *wire) {
    static char text[FIXTURE_TEXT_MAX];
    char *rest = text, *line;
    strcpy(text, fixture->input);
    wire->count = 0;
    while ((line = strsep(&rest, "\n")) != NULL) {
        if (*line != '\0') {
            add_line(wire, line);
        }
    }
}

/* --- showing what comes out --- */

static void show_payload(struct fixture *fixture, const struct inbox_item *item) {
    if (item->count > 100) {
        fixture_got(fixture, "*%zu", item->count);
        return;
    }
    for (size_t i = 0; i < item->count; i++) {
        fixture_got(fixture, item->bytes[i] < ' ' ? "\\x%02x" : "%c", item->bytes[i]);
    }
}

static void show_item(struct fixture *fixture, const struct inbox_item *item) {
    static const char *const words[] = {"nothing", "fragment", "text", "ping",
                                        "pong",    "close",    "fault"};
    fixture_got(fixture, "%s%s", fixture->got[0] != '\0' ? "\n" : "", words[item->kind]);
    if (item->kind == INBOX_CLOSE) {
        fixture_got(fixture, " %u", item->close_code);
    } else if (item->kind == INBOX_FAULT) {
        fixture_got(fixture, " %s", sc_error_row(item->error)->code);
    } else if (item->count > 0) {
        fixture_got(fixture, " ");
        show_payload(fixture, item);
    }
}

/* Gives the inbox what was kept and then `count` more bytes, as conn.c does. */
static bool give(struct fixture *fixture, struct inbox *inbox, const unsigned char *bytes,
                 size_t count) {
    unsigned char *all = malloc(inbox->kept_bytes + count + 1);
    size_t have = inbox_unkeep(inbox, all);
    memcpy(all + have, bytes, count);
    have += count;
    size_t taken = 0;
    bool going = true;
    while (going) {
        /* A copy that ends where the bytes end: to read beyond is found out. */
        unsigned char *exact = malloc(have - taken + 1);
        memcpy(exact, all + taken, have - taken);
        struct inbox_item item = inbox_take(inbox, exact, have - taken);
        if (item.kind != INBOX_NOTHING) {
            show_item(fixture, &item);
        }
        taken += item.taken;
        going = item.kind != INBOX_NOTHING && item.kind != INBOX_FAULT;
        bool fault = item.kind == INBOX_FAULT;
        free(exact);
        if (fault) {
            free(all);
            return false;
        }
    }
    inbox_keep(inbox, all + taken, have - taken);
    free(all);
    return true;
}

static bool may_deflate;

/* In pieces of `first` bytes, of `step` each after that. */
static void decode_in_pieces(struct fixture *fixture, const struct wire *wire, size_t first,
                             size_t step) {
    struct inbox inbox;
    size_t at = first;
    inbox_init(&inbox);
    inbox.may_deflate = may_deflate;
    bool fine = give(fixture, &inbox, wire->bytes, first);
    while (fine && at < wire->count) {
        size_t count = step < wire->count - at ? step : wire->count - at;
        fine = give(fixture, &inbox, wire->bytes + at, count);
        at += count;
    }
    inbox_deinit(&inbox);
}

static struct wire wire;

static void decode(struct fixture *fixture) {
    read_wire(fixture, &wire);
    decode_in_pieces(fixture, &wire, wire.count, 1);
}

/* Stops at the first split that gives something else. */
static void decode_split_everywhere(struct fixture *fixture) {
    read_wire(fixture, &wire);
    size_t stride = wire.count > 1000 ? 61 : 1;
    for (size_t first = 0; first <= wire.count; first += stride) {
        fixture->got[0] = '\0';
        decode_in_pieces(fixture, &wire, first, wire.count);
        if (strcmp(fixture->got, fixture->expect) != 0) {
            fixture_got(fixture, "\n(split after %zu bytes)", first);
            return;
        }
    }
}

static void decode_byte_by_byte(struct fixture *fixture) {
    read_wire(fixture, &wire);
    decode_in_pieces(fixture, &wire, 0, 1);
}

static void legal_frames_arrive(void **state) {
    (void)state;
    fixtures_walk("frame/valid", "frames", decode);
}

static void what_is_not_legal_is_a_fault(void **state) {
    (void)state;
    fixtures_walk("frame/invalid", "frames", decode);
}

static void frames_split_after_every_byte_still_arrive(void **state) {
    (void)state;
    fixtures_walk("frame/valid", "frames", decode_split_everywhere);
    fixtures_walk("frame/valid", "frames", decode_byte_by_byte);
}

static void faults_split_after_every_byte_are_still_found(void **state) {
    (void)state;
    fixtures_walk("frame/invalid", "frames", decode_split_everywhere);
    fixtures_walk("frame/invalid", "frames", decode_byte_by_byte);
}

static void walk_deflated(const char *folder) {
    may_deflate = true;
    fixtures_walk(folder, "frames", decode);
    fixtures_walk(folder, "frames", decode_split_everywhere);
    fixtures_walk(folder, "frames", decode_byte_by_byte);
    may_deflate = false;
}

static void deflated_messages_arrive_however_they_are_cut(void **state) {
    (void)state;
    walk_deflated("frame/deflated_valid");
}

static void what_is_deflated_wrongly_is_a_fault(void **state) {
    (void)state;
    walk_deflated("frame/deflated_invalid");
}

static void agreeing_to_deflate_changes_nothing_else(void **state) {
    (void)state;
    may_deflate = true;
    fixtures_walk("frame/valid", "frames", decode);
    may_deflate = false;
}

static void an_announced_length_allocates_nothing(void **state) {
    (void)state;
    unsigned char head[] = {0x81, 0x80 | 126, 0x10, 0x00, 1, 2, 3, 4};
    struct inbox inbox;
    inbox_init(&inbox);
    assert_int_equal(inbox_take(&inbox, head, sizeof head).kind, INBOX_NOTHING);
    assert_null(inbox.message);
    assert_null(inbox.kept);
    inbox_deinit(&inbox);
}

static void nothing_is_held_between_messages(void **state) {
    (void)state;
    unsigned char bytes[64];
    size_t count = masked_frame(bytes, 0x01, "a", 1);
    count += masked_frame(bytes + count, 0x80, "b", 1);
    struct inbox inbox;
    inbox_init(&inbox);
    struct inbox_item item = inbox_take(&inbox, bytes, count);
    assert_int_equal(item.kind, INBOX_FRAGMENT);
    assert_non_null(inbox.message);
    size_t taken = item.taken;
    item = inbox_take(&inbox, bytes + taken, count - taken);
    assert_int_equal(item.kind, INBOX_TEXT);
    assert_memory_equal(item.bytes, "ab", 2);
    taken += item.taken;
    assert_int_equal(inbox_take(&inbox, bytes + taken, count - taken).kind, INBOX_NOTHING);
    assert_null(inbox.message);
    assert_null(inbox.kept);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(legal_frames_arrive),
        cmocka_unit_test(what_is_not_legal_is_a_fault),
        cmocka_unit_test(frames_split_after_every_byte_still_arrive),
        cmocka_unit_test(faults_split_after_every_byte_are_still_found),
        cmocka_unit_test(deflated_messages_arrive_however_they_are_cut),
        cmocka_unit_test(what_is_deflated_wrongly_is_a_fault),
        cmocka_unit_test(agreeing_to_deflate_changes_nothing_else),
        cmocka_unit_test(an_announced_length_allocates_nothing),
        cmocka_unit_test(nothing_is_held_between_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

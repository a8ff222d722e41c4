/*
 * deflate: messages there and back, and what others pack, case by case from
 * tests/fixtures/deflate/.
 *
 * A case's file `packed` holds bytes in hexadecimal, `*N BYTE` for N times the same.
 */
#include "suite.h"

#include <stonechat/limits.h>

#include "deflate.h"
#include "fixture.h"

static unsigned char packed[1 << 16];

static size_t read_packed(const char *text) {
    size_t count = 0;
    char *end;
    while (*(text += strspn(text, " \n")) != '\0') {
        unsigned long times = 1;
        if (*text == '*') {
            times = strtoul(text + 1, &end, 10);
            text = end;
        }
        memset(packed + count, (int)strtoul(text, &end, 16), times);
        count += times;
        text = end;
    }
    return count;
}

/* From memory that ends where the bytes end. */
static enum sc_error unpack_exact(size_t count, const unsigned char **out, size_t *bytes) {
    unsigned char *exact = malloc(count + 1);
    memcpy(exact, packed, count);
    enum sc_error error = deflate_unpack(exact, count, out, bytes);
    free(exact);
    return error;
}

static void unpack(struct fixture *fixture) {
    const unsigned char *message;
    size_t bytes;
    enum sc_error error = unpack_exact(read_packed(fixture->input), &message, &bytes);
    if (error != SC_OK) {
        fixture_got(fixture, "%s", sc_error_row(error)->code);
    } else if (bytes > 100) {
        fixture_got(fixture, "*%zu", bytes);
    } else {
        fixture_got(fixture, "%.*s", (int)bytes, (const char *)message);
    }
}

static void what_others_pack_is_unpacked(void **state) {
    (void)state;
    fixtures_walk("deflate/valid", "packed", unpack);
}

static void what_is_broken_or_too_large_is_refused(void **state) {
    (void)state;
    fixtures_walk("deflate/invalid", "packed", unpack);
}

static void assert_there_and_back(const char *text, size_t bytes) {
    const unsigned char *message;
    size_t count, packed_bytes = deflate_pack(text, bytes, packed, sizeof packed);
    assert_true(packed_bytes > 0);
    assert_int_equal(unpack_exact(packed_bytes, &message, &count), SC_OK);
    assert_int_equal(count, bytes);
    assert_memory_equal(message, text, bytes);
}

static void a_message_of_any_length_comes_back(void **state) {
    (void)state;
    static const char words[] = "{\"type\":\"message\",\"room\":\"lobby\"} 你好 ";
    char text[SC_CLIENT_FRAME_MAX];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)(words[i * 7 % (sizeof words - 1)] + (char)(i / 900));
    }
    for (size_t bytes = 0; bytes <= sizeof text; bytes += bytes < 300 ? 1 : 61) {
        assert_there_and_back(text, bytes);
    }
    assert_there_and_back(text, sizeof text);
}

/* Even one that zlib has to store as it is. */
static void noise_comes_back(void **state) {
    (void)state;
    char noise[SC_CLIENT_FRAME_MAX];
    unsigned next = 1;
    for (size_t i = 0; i < sizeof noise; i++) {
        next = next * 1103515245 + 12345;
        noise[i] = (char)(next >> 16);
    }
    assert_there_and_back(noise, sizeof noise);
}

static void what_has_no_room_is_not_packed(void **state) {
    (void)state;
    static const char text[] = "Shall we meet at four, or shall we not meet at four?";
    size_t bytes = deflate_pack(text, sizeof text, packed, sizeof packed);
    for (size_t room = 0; room < bytes + 16; room++) {
        size_t got = deflate_pack(text, sizeof text, packed, room);
        assert_int_equal(got, room > bytes + 4 ? bytes : 0);
    }
    assert_there_and_back(text, sizeof text);
}

/* Neither direction knows anything of the message before. */
static void messages_are_independent(void **state) {
    (void)state;
    static const char text[] = "the same words again and again, the same words";
    unsigned char first[200];
    size_t bytes = deflate_pack(text, sizeof text, first, sizeof first);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(deflate_pack(text, sizeof text, packed, sizeof packed), bytes);
        assert_memory_equal(packed, first, bytes);
    }
}

/* What refers to before the message's beginning doesn't find the message before. */
static void a_broken_message_spoils_no_other(void **state) {
    (void)state;
    const unsigned char *message;
    size_t bytes;
    assert_there_and_back("hello hello hello", 17);
    memcpy(packed, "\x4a\x04\x11\x00", 4);
    size_t count = read_packed("4a 04 11 00");
    assert_int_equal(unpack_exact(count, &message, &bytes), SC_BAD_DEFLATE);
    assert_there_and_back("hello hello hello", 17);
}

/* No cut of a message passes for a whole one of other content. */
static void a_message_cut_anywhere_is_broken(void **state) {
    (void)state;
    static const char text[] = "Shall we meet at four, or shall we not meet at four?";
    const unsigned char *message;
    size_t bytes, count = deflate_pack(text, sizeof text, packed, sizeof packed);
    for (size_t some = 0; some < count; some++) {
        assert_int_equal(unpack_exact(some, &message, &bytes), SC_BAD_DEFLATE);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_others_pack_is_unpacked),
        cmocka_unit_test(what_is_broken_or_too_large_is_refused),
        cmocka_unit_test(a_message_of_any_length_comes_back),
        cmocka_unit_test(noise_comes_back),
        cmocka_unit_test(what_has_no_room_is_not_packed),
        cmocka_unit_test(messages_are_independent),
        cmocka_unit_test(a_broken_message_spoils_no_other),
        cmocka_unit_test(a_message_cut_anywhere_is_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * ws_frame: heads of frames, from every place where one can be cut.
 */
#include "suite.h"

#include "ws_frame.h"

static bool may_deflate; /* whether RSV1 was agreed upon */

/* Reads a head that ends where its memory ends. */
static enum sc_error read_exact(const unsigned char *bytes, size_t count, struct ws_head *out) {
    unsigned char *exact = malloc(count + 1);
    memcpy(exact, bytes, count);
    enum sc_error error = ws_head_read(exact, count, may_deflate, out);
    free(exact);
    return error;
}

/* A masked head of the shortest form. */
static size_t masked_head(unsigned char *out, unsigned first, uint64_t payload) {
    size_t bytes = ws_head_write(out, (enum ws_opcode)(first & 0x0f), payload);
    out[0] = (unsigned char)first;
    out[1] |= 0x80;
    memcpy(out + bytes, "mask", 4);
    return bytes + 4;
}

static const uint64_t lengths[] = {0,
                                   1,
                                   124,
                                   125,
                                   126,
                                   127,
                                   65534,
                                   65535,
                                   65536,
                                   1u << 20,
                                   UINT32_MAX,
                                   UINT32_MAX + 1ull,
                                   INT64_MAX - 1,
                                   INT64_MAX};

static void a_head_is_read_when_it_is_all_there(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(lengths); i++) {
        unsigned char bytes[WS_HEAD_MAX];
        struct ws_head head;
        size_t count = masked_head(bytes, 0x81, lengths[i]);
        for (size_t some = 0; some < count; some++) {
            assert_int_equal(read_exact(bytes, some, &head), SC_OK);
            assert_int_equal(head.bytes, 0);
        }
        assert_int_equal(read_exact(bytes, count, &head), SC_OK);
        assert_int_equal(head.bytes, count);
        assert_int_equal(head.payload, lengths[i]);
        assert_int_equal(head.opcode, WS_TEXT);
        assert_true(head.fin);
        assert_memory_equal(head.mask, "mask", 4);
    }
}

/* RFC 6455 section 5.2: every first byte, without more. */
static bool first_byte_is_legal(unsigned first) {
    unsigned opcode = first & 0x0f;
    bool fin = (first & 0x80) != 0;
    return (first & 0x70) == 0 &&
           (opcode <= 2 || ((opcode == 8 || opcode == 9 || opcode == 10) && fin));
}

static void the_first_byte_alone_tells_what_is_not_legal(void **state) {
    (void)state;
    for (unsigned first = 0; first < 256; first++) {
        unsigned char byte = (unsigned char)first;
        struct ws_head head;
        assert_int_equal(read_exact(&byte, 1, &head),
                         first_byte_is_legal(first) ? SC_OK : SC_PROTOCOL_ERROR);
    }
}

static void what_is_not_masked_is_refused_at_once(void **state) {
    (void)state;
    for (unsigned length = 0; length < 128; length++) {
        unsigned char bytes[2] = {0x81, (unsigned char)length};
        struct ws_head head;
        assert_int_equal(read_exact(bytes, 2, &head), SC_PROTOCOL_ERROR);
    }
}

static void a_control_frame_is_short(void **state) {
    (void)state;
    for (unsigned opcode = WS_CLOSE; opcode <= WS_PONG; opcode++) {
        unsigned char bytes[2] = {(unsigned char)(0x80 | opcode), 0x80 | 125};
        struct ws_head head;
        assert_int_equal(read_exact(bytes, 2, &head), SC_OK);
        bytes[1]++;
        assert_int_equal(read_exact(bytes, 2, &head), SC_PROTOCOL_ERROR);
        bytes[1]++;
        assert_int_equal(read_exact(bytes, 2, &head), SC_PROTOCOL_ERROR);
    }
}

/* A length in `extended` bytes, without a mask behind it. */
static enum sc_error read_length(size_t extended, uint64_t length) {
    unsigned char bytes[10] = {0x81, (unsigned char)(0x80 | (extended == 2 ? 126 : 127))};
    struct ws_head head;
    for (size_t i = 0; i < extended; i++) {
        bytes[2 + i] = (unsigned char)(length >> 8 * (extended - 1 - i));
    }
    return read_exact(bytes, 2 + extended, &head);
}

static void a_length_has_its_shortest_form(void **state) {
    (void)state;
    assert_int_equal(read_length(2, 0), SC_PROTOCOL_ERROR);
    assert_int_equal(read_length(2, 125), SC_PROTOCOL_ERROR);
    assert_int_equal(read_length(2, 126), SC_OK);
    assert_int_equal(read_length(2, 65535), SC_OK);
    assert_int_equal(read_length(8, 0), SC_PROTOCOL_ERROR);
    assert_int_equal(read_length(8, 65535), SC_PROTOCOL_ERROR);
    assert_int_equal(read_length(8, 65536), SC_OK);
}

static void a_length_has_no_top_bit(void **state) {
    (void)state;
    assert_int_equal(read_length(8, INT64_MAX), SC_OK);
    assert_int_equal(read_length(8, (uint64_t)1 << 63), SC_PROTOCOL_ERROR);
    assert_int_equal(read_length(8, UINT64_MAX), SC_PROTOCOL_ERROR);
    assert_int_equal(read_length(8, UINT64_MAX - 3), SC_PROTOCOL_ERROR);
}

static void what_is_written_is_the_shortest_form(void **state) {
    (void)state;
    static const size_t bytes_of[] = {2, 2, 2, 2, 4, 4, 4, 4, 10, 10, 10, 10, 10, 10};
    for (size_t i = 0; i < ROWS(lengths); i++) {
        unsigned char bytes[WS_HEAD_MAX];
        assert_int_equal(ws_head_write(bytes, WS_TEXT, lengths[i]), bytes_of[i]);
        assert_int_equal(bytes[0], 0x81);
        assert_int_equal(bytes[1] & 0x80, 0);
    }
}

static void masking_twice_changes_nothing(void **state) {
    (void)state;
    static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    unsigned char hello[] = {0x7f, 0x9f, 0x4d, 0x51, 0x58}; /* RFC 6455 section 5.7 */
    ws_unmask(hello, sizeof hello, mask);
    assert_memory_equal(hello, "Hello", 5);
    for (size_t count = 0; count < 40; count++) {
        unsigned char *bytes = calloc(1, count + 1);
        ws_unmask(bytes, count, mask);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(bytes[i], mask[i % 4]);
        }
        ws_unmask(bytes, count, mask);
        for (size_t i = 0; i <= count; i++) {
            assert_int_equal(bytes[i], 0);
        }
        free(bytes);
    }
}

static void close_codes_are_those_that_may_be_sent(void **state) {
    (void)state;
    for (unsigned code = 0; code < 70000; code++) {
        bool legal =
            (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
            (code >= 3000 && code <= 4999);
        assert_int_equal(ws_close_code_is_legal(code), legal);
    }
}

static void only_the_first_frame_of_a_message_may_be_deflated(void **state) {
    (void)state;
    struct ws_head head;
    unsigned char bytes[WS_HEAD_MAX];
    for (unsigned first = 0; first < 256; first++) {
        size_t count = masked_head(bytes, first, 5);
        may_deflate = false;
        enum sc_error without = read_exact(bytes, count, &head);
        may_deflate = true;
        enum sc_error with = read_exact(bytes, count, &head);
        unsigned opcode = first & 0x0f;
        bool deflated = (first & 0x70) == 0x40 && (opcode == WS_TEXT || opcode == WS_BINARY);
        assert_int_equal(with, deflated ? SC_OK : without);
        assert_true(with != SC_OK || head.deflated == deflated);
    }
    may_deflate = false;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_is_read_when_it_is_all_there),
        cmocka_unit_test(only_the_first_frame_of_a_message_may_be_deflated),
        cmocka_unit_test(the_first_byte_alone_tells_what_is_not_legal),
        cmocka_unit_test(what_is_not_masked_is_refused_at_once),
        cmocka_unit_test(a_control_frame_is_short),
        cmocka_unit_test(a_length_has_its_shortest_form),
        cmocka_unit_test(a_length_has_no_top_bit),
        cmocka_unit_test(what_is_written_is_the_shortest_form),
        cmocka_unit_test(masking_twice_changes_nothing),
        cmocka_unit_test(close_codes_are_those_that_may_be_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

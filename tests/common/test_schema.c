/*
 * schema: names of keys and channels, built and read.
 */
#include "suite.h"

#include <signal.h>

#include <stonechat/schema.h>

#include "child.h"

#define ID_32 "abcdefghijklmnopqrstuvwxyz012345"

static void a_key_is_its_row_with_the_ids_in_place(void **state) {
    (void)state;
    assert_string_equal(sc_key(SC_KEY_ROOM, "lobby").text, "{r:lobby}:room");
    assert_string_equal(sc_key(SC_KEY_MESSAGE_KEY, "lobby", "anna", "k-1").text,
                        "{r:lobby}:key:anna:k-1");
    assert_string_equal(sc_key(SC_KEY_NAME, "张伟").text, "name:张伟");
    assert_string_equal(sc_key(SC_KEY_USER_INDEX).text, "index:users");
    assert_string_equal(sc_channel(SC_CHANNEL_ROOM_LIVE, "lobby").text, "{r:lobby}:live");
    assert_string_equal(sc_channel(SC_CHANNEL_NOTICE).text, "chat:message");
}

static void a_key_knows_its_length(void **state) {
    (void)state;
    struct sc_key key = sc_key(SC_KEY_TICKET, "abc");
    assert_int_equal(key.bytes, strlen("ticket:abc"));
    assert_int_equal(key.text[key.bytes], '\0');
}

/* No row has more than three holes; what is given beyond a row's holes is never read. */
static struct sc_key longest_key(enum sc_key_kind kind) {
    static char part[SC_NAME_MAX_BYTES + 1];
    size_t bytes = kind == SC_KEY_NAME || kind == SC_KEY_ROOM_NAME ? SC_NAME_MAX_BYTES : SC_KEY_MAX;
    memset(part, 'x', bytes);
    part[bytes] = '\0';
    return sc_key(kind, part, part, part);
}

static void every_row_has_room_for_its_longest_ids(void **state) {
    (void)state;
    for (int kind = 0; kind < SC_KEY_COUNT; kind++) {
        struct sc_key key = longest_key((enum sc_key_kind)kind);
        assert_int_equal(key.bytes, strlen(key.text));
        assert_null(strchr(key.text, '%'));
    }
}

static void key_of_bytes(void *context) {
    size_t bytes = *(const size_t *)context;
    char *part = calloc(1, bytes + 1);
    memset(part, 'x', bytes);
    size_t made = sc_key(SC_KEY_NAME, part).bytes;
    free(part);
    exit(made == bytes + strlen("name:") ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void a_key_that_would_be_cut_short_ends_the_process(void **state) {
    (void)state;
    static struct child child;
    size_t bytes = sizeof(((struct sc_key *)NULL)->text) - strlen("name:") - 1;
    child_run(&child, key_of_bytes, &bytes);
    assert_int_equal(child.exit_code, EXIT_SUCCESS);
    bytes++;
    child_run(&child, key_of_bytes, &bytes);
    assert_int_equal(child.signal, SIGABRT);
    assert_non_null(strstr(child.err, "event=key_too_long"));
}

static void a_key_gives_its_id_back_to_whoever_knows_its_row(void **state) {
    (void)state;
    static const char *const others[] = {
        "{r:lobby}:log", "{r:}:room", "{r:a}:room ", "{r:A}:room", "{r:a}:key:b:room", "nodes", ""};
    struct sc_key key = sc_key(SC_KEY_ROOM, ID_32);
    char id[SC_ID_MAX + 1];
    assert_true(sc_key_parse(SC_KEY_ROOM, key.text, key.bytes, id));
    assert_string_equal(id, ID_32);
    for (size_t i = 0; i < ROWS(others); i++) {
        assert_case(!sc_key_parse(SC_KEY_ROOM, others[i], strlen(others[i]), id), others[i]);
    }
}

static void a_channel_built_is_read_as_the_same(void **state) {
    (void)state;
    for (int kind = 0; kind < SC_CHANNEL_COUNT; kind++) {
        struct sc_key name = sc_channel((enum sc_channel_kind)kind, ID_32);
        enum sc_channel_kind found;
        char id[SC_ID_MAX + 1];
        assert_case(sc_channel_parse(name.text, name.bytes, &found, id), name.text);
        assert_int_equal(found, kind);
        bool is_one = kind == SC_CHANNEL_NOTICE || kind == SC_CHANNEL_PRESENCE;
        assert_string_equal(id, is_one ? "" : ID_32);
    }
}

static void a_name_that_is_no_channel_is_refused(void **state) {
    (void)state;
    static const char *const names[] = {
        "",
        "{r:}:live",
        "{r:lobby}:liv",
        "{r:lobby}:live ",
        "{r:lobby:live",
        "{r:LOBBY}:live",
        "{r:lob}by}:live",
        "{r:" ID_32 "6}:live",
        "{x:lobby}:live",
        "{u:}:live",
        "chat:messag",
        "chat:message:",
        "chat:message:room:",
        "chat:message:room:a b",
        "chat:message:user:a:b",
        "canary:",
        "}:live",
        "{r:",
    };
    for (size_t i = 0; i < ROWS(names); i++) {
        /* Exactly as long as it is, so that the sanitizer sees a look beyond the end. */
        size_t bytes = strlen(names[i]);
        char *name = malloc(bytes + (bytes == 0));
        memcpy(name, names[i], bytes);
        enum sc_channel_kind kind;
        char id[SC_ID_MAX + 1];
        assert_case(!sc_channel_parse(name, bytes, &kind, id), names[i]);
        free(name);
    }
}

static void a_nul_within_a_channels_name_is_not_its_end(void **state) {
    (void)state;
    enum sc_channel_kind kind;
    char id[SC_ID_MAX + 1];
    assert_false(sc_channel_parse("chat:message\0", 13, &kind, id));
    assert_false(sc_channel_parse("{r:a\0b}:live", 12, &kind, id));
}

static void keys_of_one_room_user_or_node_share_a_slot(void **state) {
    (void)state;
    static const char *const formats[] = {
#define X(name, format, type, what) format,
        SC_KEYS(X)
#undef X
    };
    for (size_t i = 0; i < ROWS(formats); i++) {
        const char *tag = strchr(formats[i], '{');
        assert_case(tag == NULL || strncmp(formats[i], "{r:%s}:", 7) == 0 ||
                        strncmp(formats[i], "{u:%s}:", 7) == 0 ||
                        strncmp(formats[i], "{n:%s}:", 7) == 0 ||
                        strncmp(formats[i], "{push}:", 7) == 0,
                    formats[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_its_row_with_the_ids_in_place),
        cmocka_unit_test(a_key_knows_its_length),
        cmocka_unit_test(every_row_has_room_for_its_longest_ids),
        cmocka_unit_test(a_key_that_would_be_cut_short_ends_the_process),
        cmocka_unit_test(a_key_gives_its_id_back_to_whoever_knows_its_row),
        cmocka_unit_test(a_channel_built_is_read_as_the_same),
        cmocka_unit_test(a_name_that_is_no_channel_is_refused),
        cmocka_unit_test(a_nul_within_a_channels_name_is_not_its_end),
        cmocka_unit_test(keys_of_one_room_user_or_node_share_a_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

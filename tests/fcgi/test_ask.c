/* ask: words by length, in the order in which Redis wants them. */
#include "suite.h"

#include "ask.h"

static void assert_word(const struct ask *ask, int i, const char *word) {
    assert_int_equal(ask->words_bytes[i], strlen(word));
    assert_memory_equal(ask->words[i], word, strlen(word));
}

static void a_script_goes_by_its_hash_with_its_keys_first(void **state) {
    (void)state;
    const struct sc_script *script = &sc_scripts[SC_SCRIPT_ROOM_VIEW];
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_ROOM_VIEW);
    ask_key(&ask, sc_key(SC_KEY_ROOM, "lobby"));
    ask_key(&ask, sc_key(SC_KEY_LOG, "lobby"));
    ask_text(&ask, "u1");
    ask_number(&ask, -5);
    ask_seal(&ask, true);
    assert_int_equal(ask.words_count, 7);
    assert_word(&ask, 0, "EVALSHA");
    assert_word(&ask, 1, script->sha1);
    assert_word(&ask, 2, "2");
    assert_word(&ask, 3, "{r:lobby}:room");
    assert_word(&ask, 4, "{r:lobby}:log");
    assert_word(&ask, 5, "u1");
    assert_word(&ask, 6, "-5");
    ask_seal(&ask, false);
    assert_word(&ask, 0, "EVAL");
    assert_int_equal(ask.words_bytes[1], script->bytes);
    assert_ptr_equal(ask.words[1], script->text);
    assert_word(&ask, 2, "2");
}

static void a_command_is_just_its_words(void **state) {
    (void)state;
    struct ask ask;
    ask_command(&ask, "SET");
    ask_key(&ask, sc_key(SC_KEY_TICKET, "h"));
    ask_bytes(&ask, "a\r\n$1\0b", 7);
    ask_seal(&ask, true);
    assert_int_equal(ask.words_count, 3);
    assert_word(&ask, 0, "SET");
    assert_word(&ask, 1, "ticket:h");
    assert_int_equal(ask.words_bytes[2], 7);
    assert_memory_equal(ask.words[2], "a\r\n$1\0b", 7);
}

static void a_channel_is_a_word_and_no_key(void **state) {
    (void)state;
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_ROOM_VIEW);
    ask_key(&ask, sc_key(SC_KEY_ROOM, "lobby"));
    ask_channel(&ask, sc_channel(SC_CHANNEL_USER_LIVE, "u1"));
    ask_seal(&ask, true);
    assert_word(&ask, 2, "1");
    assert_word(&ask, 4, "{u:u1}:live");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_goes_by_its_hash_with_its_keys_first),
        cmocka_unit_test(a_command_is_just_its_words),
        cmocka_unit_test(a_channel_is_a_word_and_no_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

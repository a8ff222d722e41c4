/*
 * command: what clients say, case by case from tests/fixtures/command/, and its limits.
 */
#include "suite.h"

#include <inttypes.h>

#include <stonechat/command.h>

#include "fixture.h"

/* resume ROOM:SEQ@AT ...   or   ping [ID]   or   subscribe ROOM ... and its like */
static void show_command(struct fixture *fixture, const struct sc_command *command) {
    static const char *const words[] = {
#define X(name, word) word,
        SC_COMMANDS(X)
#undef X
    };
    fixture_got(fixture, "%s", words[command->type]);
    for (size_t i = 0; i < command->cursors_count; i++) {
        const struct sc_cursor *cursor = &command->cursors[i];
        fixture_got(fixture, " %s:%" PRIu64 "@%" PRIu64, cursor->room, cursor->seq, cursor->at);
    }
    for (size_t i = 0; i < command->rooms_count; i++) {
        fixture_got(fixture, " %s", command->rooms[i]);
    }
    if (command->id != NULL) {
        fixture_got(fixture, " \"%s\"", command->id);
    }
}

static void decode(struct fixture *fixture) {
    struct sc_command command;
    char *exact = malloc(fixture->input_bytes + 1);
    memcpy(exact, fixture->input, fixture->input_bytes);
    enum sc_error error = sc_command_decode(exact, fixture->input_bytes, &command);
    free(exact);
    if (error == SC_OK) {
        show_command(fixture, &command);
        sc_command_deinit(&command);
    } else {
        fixture_got(fixture, "%s", sc_error_row(error)->code);
    }
}

static void valid_commands_say_what_they_should(void **state) {
    (void)state;
    fixtures_walk("command/valid", "json", decode);
}

static void invalid_commands_are_refused(void **state) {
    (void)state;
    fixtures_walk("command/invalid", "json", decode);
}

static enum sc_error decode_text(const char *json) {
    struct sc_command command;
    enum sc_error error = sc_command_decode(json, strlen(json), &command);
    sc_command_deinit(&command);
    return error;
}

static void a_command_cut_short_anywhere_is_bad_json(void **state) {
    (void)state;
    static const char json[] = "{\"type\":\"resume\",\"cursors\":{\"lobby\":[12,1790000000000]}}";
    for (size_t bytes = 0; bytes + 1 < sizeof json; bytes++) {
        struct sc_command command;
        assert_int_equal(sc_command_decode(json, bytes, &command), SC_BAD_JSON);
    }
    assert_int_equal(decode_text(json), SC_OK);
}

/* A ping with an id of `bytes` bytes. */
static enum sc_error ping_with(size_t bytes) {
    char json[256];
    snprintf(json, sizeof json, "{\"type\":\"ping\",\"id\":\"%0*d\"}", (int)bytes, 7);
    return decode_text(json);
}

static void the_length_of_a_pings_id_is_crossed_by_one(void **state) {
    (void)state;
    assert_int_equal(ping_with(SC_PING_ID_MAX), SC_OK);
    assert_int_equal(ping_with(SC_PING_ID_MAX + 1), SC_INVALID);
}

/* A resume of `rooms` rooms. */
static enum sc_error resume_of(int rooms) {
    char *json = malloc((size_t)rooms * 16 + 64);
    char *at = json + sprintf(json, "{\"type\":\"resume\",\"cursors\":{");
    for (int i = 0; i < rooms; i++) {
        at += sprintf(at, "%s\"r%d\":%d", i > 0 ? "," : "", i, i);
    }
    strcpy(at, "}}");
    enum sc_error error = decode_text(json);
    free(json);
    return error;
}

static void the_number_of_cursors_is_crossed_by_one(void **state) {
    (void)state;
    assert_int_equal(resume_of(SC_ROOMS_MAX), SC_OK);
    assert_int_equal(resume_of(SC_ROOMS_MAX + 1), SC_BAD_JSON);
}

static void nothing_is_held_after_it_was_given_back(void **state) {
    (void)state;
    struct sc_command command;
    static const char json[] = "{\"type\":\"ping\",\"id\":\"x\"}";
    assert_int_equal(sc_command_decode(json, sizeof json - 1, &command), SC_OK);
    sc_command_deinit(&command);
    assert_null(command.id);
    sc_command_deinit(&command);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_commands_say_what_they_should),
        cmocka_unit_test(invalid_commands_are_refused),
        cmocka_unit_test(a_command_cut_short_anywhere_is_bad_json),
        cmocka_unit_test(the_length_of_a_pings_id_is_crossed_by_one),
        cmocka_unit_test(the_number_of_cursors_is_crossed_by_one),
        cmocka_unit_test(nothing_is_held_after_it_was_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

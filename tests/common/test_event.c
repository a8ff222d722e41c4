/*
 * event: heads and targets, case by case from tests/fixtures/event/, and what is encoded.
 */
#include "suite.h"

#include <inttypes.h>

#include <stonechat/event.h>

#include "fixture.h"

static const char *const words[] = {
#define X(name, word, logged) word,
    SC_EVENTS(X)
#undef X
        "unknown",
};

/* TYPE SEQ N AT | room=R user=U session=S spared=P gone=G seq=Q     (either may be `no`) */
static void decode(struct fixture *fixture) {
    struct sc_event_head head;
    struct sc_event_target target;
    char *exact = malloc(fixture->input_bytes + 1);
    memcpy(exact, fixture->input, fixture->input_bytes);
    if (sc_event_peek(exact, fixture->input_bytes, &head)) {
        fixture_got(fixture, "%s %" PRIu64 " %" PRIu64 " %" PRIu64, words[head.type], head.seq,
                    head.n, head.at);
    } else {
        fixture_got(fixture, "no");
    }
    if (sc_event_target(exact, fixture->input_bytes, &target)) {
        fixture_got(fixture, " | room=%s user=%s session=%s spared=%s gone=%d seq=%" PRIu64,
                    target.room, target.user, target.session, target.spared, target.gone,
                    target.seq);
    } else {
        fixture_got(fixture, " | no");
    }
    free(exact);
}

static void events_are_read_as_they_should(void **state) {
    (void)state;
    fixtures_walk("event", "json", decode);
}

static void a_head_cut_short_anywhere_is_none(void **state) {
    (void)state;
    static const char json[] = "{\"type\":\"message\",\"seq\":12,\"n\":10,\"at\":1790000000000,";
    struct sc_event_head head;
    for (size_t bytes = 0; bytes + 1 < sizeof json; bytes++) {
        char *exact = malloc(bytes + 1);
        memcpy(exact, json, bytes);
        assert_false(sc_event_peek(exact, bytes, &head));
        free(exact);
    }
    assert_true(sc_event_peek(json, sizeof json - 1, &head));
}

static void assert_json(char *got, const char *expected) {
    assert_string_equal(got, expected);
    free(got);
}

static const struct sc_person anna = {"anna1", "anna", "Anna"};
static const struct sc_person bob = {"bob1", "bob", "B\"ob\\"};

static void frames_are_encoded_as_the_contract_says(void **state) {
    (void)state;
    const struct sc_room_seq rooms[] = {{"lobby", 12}, {"dev", 0}};
    assert_json(
        sc_welcome_encode("c1", "{\"id\":\"anna1\"}", 25, rooms, 2),
        "{\"type\":\"welcome\",\"conn\":\"c1\",\"user\":{\"id\":\"anna1\"},\"heartbeat\":25,"
        "\"rooms\":[{\"id\":\"lobby\",\"seq\":12},{\"id\":\"dev\",\"seq\":0}]}");
    assert_json(sc_welcome_encode("c1", "{}", 25, NULL, 0),
                "{\"type\":\"welcome\",\"conn\":\"c1\",\"user\":{},\"heartbeat\":25,\"rooms\":[]}");
    assert_json(sc_mark_encode(SC_EVENT_CAUGHT_UP, "lobby", 12),
                "{\"type\":\"caught_up\",\"room\":\"lobby\",\"seq\":12}");
    assert_json(sc_mark_encode(SC_EVENT_RESET, "lobby", 0),
                "{\"type\":\"reset\",\"room\":\"lobby\",\"seq\":0}");
    assert_json(sc_left_encode("dev"), "{\"type\":\"left\",\"room\":\"dev\"}");
    assert_json(sc_read_encode("dev", &anna, 7),
                "{\"type\":\"read\",\"room\":\"dev\",\"user\":{\"id\":\"anna1\",\"name\":\"anna\","
                "\"display\":\"Anna\"},\"seq\":7}");
    assert_json(sc_typing_encode("dev", "{\"id\":\"anna1\"}"),
                "{\"type\":\"typing\",\"room\":\"dev\",\"user\":{\"id\":\"anna1\"}}");
    assert_json(sc_pong_encode(NULL), "{\"type\":\"pong\"}");
    assert_json(sc_pong_encode("a\"b"), "{\"type\":\"pong\",\"id\":\"a\\\"b\"}");
}

static void a_tail_completes_its_head(void **state) {
    (void)state;
    const struct sc_message message = {
        .room = "lobby", .from = bob, .text = "a\nb\0c", .text_bytes = 5, .key = "k1234567"};
    const struct sc_message reply = {
        .room = "lobby", .from = bob, .text = "", .key = "k1234567", .reply_to = 12};
    const struct sc_change edit = {
        .room = "dev", .from = anna, .target = 7, .text = "b", .text_bytes = 1};
    const struct sc_change heart = {
        .room = "dev", .from = anna, .target = 7, .emoji = "❤", .op = "add"};
    assert_json(sc_message_tail(&message),
                "\"room\":\"lobby\",\"from\":{\"id\":\"bob1\",\"name\":\"bob\",\"display\":"
                "\"B\\\"ob\\\\\"},\"text\":\"a\\nb\\u0000c\",\"key\":\"k1234567\"}");
    assert_json(sc_message_tail(&reply),
                "\"room\":\"lobby\",\"from\":{\"id\":\"bob1\",\"name\":\"bob\",\"display\":"
                "\"B\\\"ob\\\\\"},\"text\":\"\",\"key\":\"k1234567\",\"reply_to\":12}");
    assert_json(sc_change_tail(&edit),
                "\"room\":\"dev\",\"from\":{\"id\":\"anna1\",\"name\":\"anna\",\"display\":"
                "\"Anna\"},\"target\":7,\"text\":\"b\"}");
    assert_json(sc_change_tail(&heart),
                "\"room\":\"dev\",\"from\":{\"id\":\"anna1\",\"name\":\"anna\",\"display\":"
                "\"Anna\"},\"target\":7,\"emoji\":\"❤\",\"op\":\"add\"}");
    assert_json(sc_member_tail("lobby", &anna, "joined", &anna, NULL),
                "\"room\":\"lobby\",\"from\":{\"id\":\"anna1\",\"name\":\"anna\",\"display\":"
                "\"Anna\"},\"op\":\"joined\",\"user\":{\"id\":\"anna1\",\"name\":\"anna\","
                "\"display\":\"Anna\"}}");
    char *given = sc_member_tail("lobby", &anna, "role", &bob, "owner");
    assert_non_null(strstr(given, "\"op\":\"role\",\"user\":{\"id\":\"bob1\""));
    assert_non_null(strstr(given, "},\"role\":\"owner\"}"));
    free(given);
}

static void a_change_of_a_room_tells_what_has_changed(void **state) {
    (void)state;
    static const char *const fields[] = {"title", "新\"", "kind", "private", "keep_days", "30"};
    assert_json(sc_room_tail("lobby", &anna, fields, 6),
                "\"room\":\"lobby\",\"from\":{\"id\":\"anna1\",\"name\":\"anna\",\"display\":"
                "\"Anna\"},\"title\":\"新\\\"\",\"kind\":\"private\",\"keep_days\":30}");
}

static void what_a_program_says_is_told_from_what_a_person_says(void **state) {
    (void)state;
    const struct sc_message message = {.room = "lobby",
                                       .from = anna,
                                       .text = "up",
                                       .text_bytes = 2,
                                       .key = "k1234567",
                                       .is_bot = true};
    assert_json(sc_message_tail(&message),
                "\"room\":\"lobby\",\"from\":{\"id\":\"anna1\",\"name\":\"anna\",\"display\":"
                "\"Anna\",\"role\":\"bot\"},\"text\":\"up\",\"key\":\"k1234567\"}");
}

static void every_error_is_encoded_with_its_word(void **state) {
    (void)state;
    for (int error = 0; error < SC_ERROR_COUNT; error++) {
        char *json = sc_error_encode((enum sc_error)error);
        assert_case(strstr(json, sc_error_row((enum sc_error)error)->code) != NULL, json);
        free(json);
    }
}

static void a_message_is_shown_without_its_type(void **state) {
    (void)state;
    static const char entry[] = "{\"type\":\"message\",\"seq\":1}";
    static const char other[] = "{\"type\":\"member\",\"seq\":1}";
    size_t bytes;
    const char *rest = sc_message_without_type(entry, sizeof entry - 1, &bytes);
    assert_string_equal(rest, "\"seq\":1}");
    assert_int_equal(bytes, strlen(rest));
    assert_null(sc_message_without_type(other, sizeof other - 1, &bytes));
    assert_null(sc_message_without_type(entry, 5, &bytes));
}

/* A notice of `bytes` bytes around which sc_notice_encode puts its own. */
static bool notice_of(size_t bytes) {
    char *data = malloc(bytes + 1);
    memset(data, 'x', bytes);
    memcpy(data, "{\"a\":\"", 6);
    memcpy(data + bytes - 2, "\"}", 2);
    char *json = sc_notice_encode(data, bytes, NULL);
    bool fine = json != NULL && strlen(json) == bytes + strlen("{\"type\":\"notice\",\"data\":}");
    free(json);
    free(data);
    return fine;
}

static void the_length_of_a_notice_is_crossed_by_one(void **state) {
    (void)state;
    assert_true(notice_of(SC_NOTICE_MAX));
    assert_false(notice_of(SC_NOTICE_MAX + 1));
}

static void a_notice_keeps_the_sites_own_json(void **state) {
    (void)state;
    static const char data[] = "{ \"price\": 1.10, \"id\": 12345678901234567 }";
    assert_json(sc_notice_encode(data, sizeof data - 1, "lobby"),
                "{\"type\":\"notice\",\"room\":\"lobby\",\"data\":{ \"price\": 1.10, \"id\": "
                "12345678901234567 }}");
}

static void what_is_no_object_is_no_notice(void **state) {
    (void)state;
    static const char *const bad[] = {"",      "[]",           "1",
                                      "\"a\"", "{\"a\":1",     "{\"a\":1,\"a\":2}",
                                      "{} {}", "{\"a\":\xFF}", "{\"a\":\"\xED\xA0\x80\"}",
                                      "null"};
    for (size_t i = 0; i < ROWS(bad); i++) {
        assert_case(sc_notice_encode(bad[i], strlen(bad[i]), NULL) == NULL, bad[i]);
    }
    assert_null(sc_notice_encode("{}\0", 3, NULL));
    assert_null(sc_notice_encode("{\"price\":1\0}", 12, NULL));
}

static void a_user_shows_about_only_where_there_is_one(void **state) {
    (void)state;
    struct sc_user user = {anna, "member", 1790000000000, "", NULL};
    assert_json(sc_user_encode(&user),
                "{\"id\":\"anna1\",\"name\":\"anna\",\"display\":\"Anna\",\"role\":\"member\","
                "\"created_at\":1790000000000}");
    user.about = "hi";
    user.status = "away";
    assert_json(sc_user_encode(&user),
                "{\"id\":\"anna1\",\"name\":\"anna\",\"display\":\"Anna\",\"role\":\"member\","
                "\"created_at\":1790000000000,\"about\":\"hi\",\"status\":\"away\"}");
}

#define WHO "\"user\":{\"id\":\"a\",\"name\":\"n\",\"display\":\"D\"}"

static void presence_becomes_a_frame_and_a_list_of_rooms(void **state) {
    (void)state;
    static const char json[] = "{\"online\":false,\"rooms\":[\"a\",7,\"B\",\"\",\"b2\"]," WHO "}";
    struct sc_presence got;
    assert_true(sc_presence_decode(json, sizeof json - 1, &got));
    assert_string_equal(got.frame, "{\"type\":\"presence\"," WHO ",\"online\":false}");
    assert_int_equal(got.rooms_count, 2);
    assert_string_equal(got.rooms[0], "a");
    assert_string_equal(got.rooms[1], "b2");
    sc_presence_deinit(&got);
}

static void what_a_worker_tells_is_read_by_the_others(void **state) {
    (void)state;
    struct sc_presence got;
    char *person = sc_person_encode(&anna);
    char *json = sc_presence_encode(person, "lobby");
    assert_true(sc_presence_decode(json, strlen(json), &got));
    assert_non_null(strstr(got.frame, ",\"online\":true}"));
    assert_non_null(strstr(got.frame, person));
    assert_int_equal(got.rooms_count, 1);
    assert_string_equal(got.rooms[0], "lobby");
    sc_presence_deinit(&got);
    free(json);
    free(person);
}

static void what_is_no_presence_is_none(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "{" WHO ",\"online\":true}",
        "{" WHO ",\"rooms\":[]}",
        "{" WHO ",\"online\":1,\"rooms\":[]}",
        "{" WHO ",\"online\":true,\"rooms\":{}}",
        "{\"user\":{\"id\":\"a\"},\"online\":true,\"rooms\":[]}",
        "{\"user\":{\"id\":1,\"name\":\"n\",\"display\":\"D\"},\"online\":true,\"rooms\":[]}",
        "{\"user\":\"a\",\"online\":true,\"rooms\":[]}",
    };
    for (size_t i = 0; i < ROWS(bad); i++) {
        struct sc_presence got;
        assert_case(!sc_presence_decode(bad[i], strlen(bad[i]), &got), bad[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_read_as_they_should),
        cmocka_unit_test(a_head_cut_short_anywhere_is_none),
        cmocka_unit_test(frames_are_encoded_as_the_contract_says),
        cmocka_unit_test(a_tail_completes_its_head),
        cmocka_unit_test(a_change_of_a_room_tells_what_has_changed),
        cmocka_unit_test(what_a_program_says_is_told_from_what_a_person_says),
        cmocka_unit_test(every_error_is_encoded_with_its_word),
        cmocka_unit_test(a_message_is_shown_without_its_type),
        cmocka_unit_test(the_length_of_a_notice_is_crossed_by_one),
        cmocka_unit_test(a_notice_keeps_the_sites_own_json),
        cmocka_unit_test(what_is_no_object_is_no_notice),
        cmocka_unit_test(a_user_shows_about_only_where_there_is_one),
        cmocka_unit_test(presence_becomes_a_frame_and_a_list_of_rooms),
        cmocka_unit_test(what_a_worker_tells_is_read_by_the_others),
        cmocka_unit_test(what_is_no_presence_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

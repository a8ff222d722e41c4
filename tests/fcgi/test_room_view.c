/* room_view: a room's row, with the newest message as the text that it is. */
#include "suite.h"

#include "given.h"
#include "room_view.h"

static const char ENTRY[] =
    "{\"type\":\"message\",\"seq\":7,\"n\":3,\"at\":1790000000123,\"room\":\"r1\",\"text\":\"hi\"}";

/* {ok,"plans","Plans","","private",1790000000000,"u1",8,3,ROLE,6,1,2,LAST,"","",MUTED,0,0,"mentions"}
 */
static struct answer view_of_muted(const char *role, const char *last, int muted) {
    char wire[1024];
    snprintf(wire, sizeof wire,
             "*20\r\n$2\r\nok\r\n$5\r\nplans\r\n$5\r\nPlans\r\n$0\r\n\r\n$7\r\nprivate\r\n"
             "$13\r\n1790000000000\r\n$2\r\nu1\r\n:8\r\n:3\r\n$%zu\r\n%s\r\n:6\r\n:1\r\n"
             ":2\r\n$%zu\r\n%s\r\n$0\r\n\r\n$0\r\n\r\n:%d\r\n:0\r\n:0\r\n"
             "$8\r\nmentions\r\n",
             strlen(role), role, strlen(last), last, muted);
    return given_answer(wire);
}

static struct answer view(const char *role, const char *last) {
    return view_of_muted(role, last, -1);
}

static json_t *written_with(const struct answer *answer, int64_t online, bool direct,
                            const struct user *peer) {
    char *text = NULL;
    size_t bytes;
    FILE *body = open_memstream(&text, &bytes);
    room_view_open(body, "r1", "u1", answer, online);
    room_view_close(body, direct, peer);
    fclose(body);
    json_t *room = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(room);
    free(text);
    return room;
}

static json_t *written(const struct answer *answer, int64_t online) {
    return written_with(answer, online, false, NULL);
}

static void a_member_sees_the_newest_message(void **state) {
    (void)state;
    struct answer answer = view("owner", ENTRY);
    json_t *room = written(&answer, -1), *last;
    const char *role;
    int read, unread, mentions;
    assert_int_equal(json_unpack(room, "{s:s,s:i,s:i,s:i,s:o}", "role", &role, "read", &read,
                                 "unread", &unread, "mentions", &mentions, "last", &last),
                     0);
    assert_string_equal(role, "owner");
    assert_int_equal(read, 6);
    assert_int_equal(unread, 1);
    assert_int_equal(mentions, 2);
    assert_int_equal(json_integer_value(json_object_get(last, "seq")), 7);
    assert_null(json_object_get(last, "type"));
    assert_string_equal(json_string_value(json_object_get(room, "notify")), "mentions");
    assert_null(json_object_get(room, "muted_until"));
    assert_null(json_object_get(room, "peer"));
    assert_int_equal(room_view_activity(&answer), 1790000000123);
    json_decref(room);
    answer_deinit(&answer);
}

static void a_stranger_has_no_role_and_sees_no_message(void **state) {
    (void)state;
    struct answer answer = view("", "");
    json_t *room = written(&answer, -1);
    assert_true(json_is_null(json_object_get(room, "role")));
    assert_true(json_is_null(json_object_get(room, "last")));
    assert_int_equal(room_view_activity(&answer), 1790000000000);
    json_decref(room);
    answer_deinit(&answer);
}

static void a_large_room_tells_how_many_are_online(void **state) {
    (void)state;
    struct answer answer = view("owner", ENTRY);
    json_t *small = written(&answer, -1), *large = written(&answer, 0);
    assert_null(json_object_get(small, "online"));
    assert_true(json_is_integer(json_object_get(large, "online")));
    json_decref(small);
    json_decref(large);
    answer_deinit(&answer);
}

static void who_is_muted_sees_until_when(void **state) {
    (void)state;
    struct answer timed = view_of_muted("member", ENTRY, 17),
                  lasting = view_of_muted("member", "", 0);
    json_t *one = written(&timed, -1), *other = written(&lasting, -1);
    assert_int_equal(json_integer_value(json_object_get(one, "muted_until")), 17);
    assert_true(json_is_null(json_object_get(other, "muted_until")));
    json_decref(one);
    json_decref(other);
    answer_deinit(&timed);
    answer_deinit(&lasting);
}

static void a_direct_room_shows_the_other_side(void **state) {
    (void)state;
    struct user anna = {.id = "a1", .name = "anna", .display = "Anna"}, nobody = {.id = "b1"};
    struct answer answer = view("member", ENTRY);
    json_t *with = written_with(&answer, -1, true, &anna);
    json_t *without = written_with(&answer, -1, true, &nobody);
    const char *display;
    assert_int_equal(json_unpack(with, "{s:{s:s}}", "peer", "display", &display), 0);
    assert_string_equal(display, "Anna");
    assert_true(json_is_null(json_object_get(without, "peer")));
    json_decref(with);
    json_decref(without);
    answer_deinit(&answer);
}

static void the_directory_tells_how_many_are_in(void **state) {
    (void)state;
    struct answer answer = view("", ENTRY);
    json_t *room = room_view_listing("r1", &answer, 12);
    assert_int_equal(json_integer_value(json_object_get(room, "members")), 12);
    assert_null(json_object_get(room, "last"));
    assert_null(json_object_get(room, "unread"));
    json_decref(room);
    answer_deinit(&answer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_sees_the_newest_message),
        cmocka_unit_test(a_stranger_has_no_role_and_sees_no_message),
        cmocka_unit_test(who_is_muted_sees_until_when),
        cmocka_unit_test(a_direct_room_shows_the_other_side),
        cmocka_unit_test(a_large_room_tells_how_many_are_online),
        cmocka_unit_test(the_directory_tells_how_many_are_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

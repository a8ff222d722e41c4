/*
 * presence: who hears of whom, and in which rooms it is only a number.
 */
#include "client_bench.h"

static void publish_bob(const char *rooms_json) {
    char json[256];
    snprintf(
        json, sizeof json,
        "{\"user\":{\"id\":\"bob\",\"name\":\"b\",\"display\":\"B\"},\"online\":true,\"rooms\":%s}",
        rooms_json);
    presence_on_publication(&presence, json, strlen(json));
    bench_pass(&bench, 2);
}

#define BOB                                                                                        \
    "{\"type\":\"presence\",\"user\":{\"id\":\"bob\",\"name\":\"b\",\"display\":\"B\"},\"online\":true}"

static void who_came_online_is_told_once_however_many_rooms_are_shared(void **state) {
    (void)state;
    sign_in();
    publish_bob("[\"a\",\"b\"]");
    assert_hears(""); /* not before it has resumed */
    say("{\"type\":\"resume\",\"cursors\":{}}");
    publish_bob("[\"a\",\"b\",\"nosuchroom\"]");
    assert_hears(BOB);
    assert_hears("");
    publish_bob("[\"b\"]");
    assert_hears(BOB);
    publish_bob("[]");
    publish_bob("[\"nosuchroom\"]");
    publish_bob("{}");
    assert_hears("");
}

static void a_room_is_small_up_to_a_bound(void **state) {
    (void)state;
    bench.settings.limits_presence_members = told.members = 30;
    sign_in();
    say("{\"type\":\"resume\",\"cursors\":{}}");
    publish_bob("[\"a\"]");
    assert_hears(BOB);
    assert_int_equal(told.tells, 0);
    told.members++;
    presence_on_members(&presence, "a");
    bench_pass(&bench, 1);
    publish_bob("[\"a\"]");
    assert_hears("");
    assert_string_equal(presence.large, " a ");
    assert_int_equal(told.tells, 1);
    assert_int_equal(told.come, 1);
}

static void a_large_room_is_told_again_of_who_is_there(void **state) {
    (void)state;
    told.members = 1000;
    sign_in();
    bench_pass(&bench, 2);
    unsigned tells = told.tells;
    assert_int_equal(tells, FAKE_ROOMS);
    for (int i = 0; i < SC_ONLINE_S / 2; i++) {
        bench_pass(&bench, 1);
        peer_say(peer, 0x8a, "", 0);
    }
    assert_int_equal(told.tells, 2 * tells);
    hang_up();
    bench_pass(&bench, GRACE_SECONDS + 2);
    tells = told.tells;
    fake_leave(SC_OK, true);
    bench_pass(&bench, 2);
    assert_int_equal(told.gone, 1);
}

int main(void) {
    be_quiet();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(who_came_online_is_told_once_however_many_rooms_are_shared),
        TEST(a_room_is_small_up_to_a_bound),
        TEST(a_large_room_is_told_again_of_who_is_there),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}

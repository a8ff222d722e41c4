/* direct: the id of two users' room. */
#include "suite.h"

#include <stonechat/token.h>

#include "direct.h"

static void it_is_the_same_whoever_is_named_first(void **state) {
    (void)state;
    char one[SC_ID_MAX + 1], other[SC_ID_MAX + 1];
    direct_room_id("k3v9x2m7q4w8z1ta", "p8d5n1r6c0y4h7be", one);
    direct_room_id("p8d5n1r6c0y4h7be", "k3v9x2m7q4w8z1ta", other);
    assert_string_equal(one, other);
    assert_true(sc_id_valid(one, strlen(one)));
}

/* Rooms are found by it: it must be what it was before. */
static void it_never_changes(void **state) {
    (void)state;
    char id[SC_ID_MAX + 1];
    direct_room_id("anna1", "bob1", id);
    assert_string_equal(id, "8c53608d1b97a00ff6146eb815019a70");
}

static void two_pairs_are_two_rooms(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"a", "b"}, {"a", "a"}, {"b", "b"}, {"ab", "c"}, {"a", "bc"}};
    char ids[ROWS(pairs)][SC_ID_MAX + 1];
    for (size_t i = 0; i < ROWS(pairs); i++) {
        direct_room_id(pairs[i][0], pairs[i][1], ids[i]);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(ids[i], ids[j]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_same_whoever_is_named_first),
        cmocka_unit_test(it_never_changes),
        cmocka_unit_test(two_pairs_are_two_rooms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

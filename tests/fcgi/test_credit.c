/* credit: given, and taken once. */
#include "suite.h"

#include "credit.h"

static struct credit credit;

static void what_was_given_is_taken_once(void **state) {
    (void)state;
    struct sc_key key = sc_key(SC_KEY_USER_RATE, "ada", "messages");
    assert_false(credit_take(&credit, &key));
    credit_give(&credit, &key);
    credit_give(&credit, &key);
    assert_true(credit_take(&credit, &key));
    assert_false(credit_take(&credit, &key));
}

static void nobody_takes_what_is_another_ones(void **state) {
    (void)state;
    struct sc_key ada = sc_key(SC_KEY_USER_RATE, "ada", "messages"),
                  rooms = sc_key(SC_KEY_USER_RATE, "ada", "rooms"),
                  bob = sc_key(SC_KEY_USER_RATE, "bob", "messages");
    credit_give(&credit, &ada);
    assert_false(credit_take(&credit, &rooms));
    assert_false(credit_take(&credit, &bob));
    assert_true(credit_take(&credit, &ada));
}

/* A hundred thousand users share 4096 places: the latest of each place is in. */
static void too_many_push_each_other_out(void **state) {
    (void)state;
    enum { MANY = 100000 };
    char id[16];
    size_t taken = 0;
    for (int step = 0; step < 2 * MANY; step++) {
        snprintf(id, sizeof id, "u%d", step % MANY);
        struct sc_key key = sc_key(SC_KEY_USER_RATE, id, "messages");
        if (step < MANY) {
            credit_give(&credit, &key);
        } else {
            taken += credit_take(&credit, &key);
        }
    }
    assert_int_equal(taken, CREDIT_PLACES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_given_is_taken_once),
        cmocka_unit_test(nobody_takes_what_is_another_ones),
        cmocka_unit_test(too_many_push_each_other_out),
    };
    return cmocka_run_group_tests_name("fcgi/credit", tests, NULL, NULL);
}

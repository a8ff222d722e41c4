/* rate: whom a window belongs to. */
#include "suite.h"

#include "rate.h"

static const struct {
    const char *address;
    const char *known_as;
} cases[] = {
    {"192.0.2.7", "192.0.2.7"},
    {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
    {"2001:db8:1:2::ffff", "2001:db8:1:2::"},
    {"2001:db8:1:2:ff00::", "2001:db8:1:2::"},
    {"2001:db8:1:3::1", "2001:db8:1:3::"},
    {"::1", "::"},
    {"unix:", "local"},
    {"", "local"},
    {"192.0.2.7:evil}", "local"},
};

static void an_address_counts_by_itself_and_a_network_of_ipv6_as_one(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS(cases); i++) {
        char known_as[64];
        rate_address(cases[i].address, known_as);
        assert_string_equal(known_as, cases[i].known_as);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_counts_by_itself_and_a_network_of_ipv6_as_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * offer: headers, case by case from tests/fixtures/offer/. A case's file `values` holds the value
 * of one header a line.
 */
#include "suite.h"

#include "fixture.h"
#include "offer.h"

static void decode(struct fixture *fixture) {
    struct offer offer = {0};
    bool fine = true;
    char *rest = fixture->input, *line;
    while ((line = strsep(&rest, "\n")) != NULL && (rest != NULL || *line != '\0')) {
        size_t bytes = strlen(line);
        char *exact = malloc(bytes + 1);
        memcpy(exact, line, bytes);
        fine = offer_read((struct slice){exact, bytes}, &offer) && fine;
        free(exact);
    }
    fixture_got(fixture, "%s", !fine ? "malformed" : offer.taken ? "taken" : "none");
    if (fine && offer.server_window > 0) {
        fixture_got(fixture, " window %u", offer.server_window);
    }
}

static void the_first_offer_that_can_be_met_is_taken(void **state) {
    (void)state;
    fixtures_walk("offer/valid", "values", decode);
}

static void what_is_of_no_form_is_malformed(void **state) {
    (void)state;
    fixtures_walk("offer/invalid", "values", decode);
}

static void assert_answer(struct offer offer, const char *expected) {
    char *answer = offer_answer(&offer);
    assert_string_equal(answer, expected);
    free(answer);
}

static void the_answer_says_what_was_taken(void **state) {
    (void)state;
    assert_answer((struct offer){0}, "");
    assert_answer((struct offer){true, 0},
                  "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                  "client_no_context_takeover\r\n");
    assert_answer((struct offer){true, 15},
                  "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                  "client_no_context_takeover; server_max_window_bits=15\r\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_offer_that_can_be_met_is_taken),
        cmocka_unit_test(what_is_of_no_form_is_malformed),
        cmocka_unit_test(the_answer_says_what_was_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* web_push: the example of RFC 8291, byte by byte, and what is no key. */
#include "suite.h"

#include <sodium.h>

#include "web_push.h"

/* RFC 8291 section 5 and appendix A. */
#define TEXT "When I grow up, I want to be a watermelon"
#define P256DH                                                                                     \
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
#define AUTH    "BTBZMqHH6r4Tts7J_aSIgg"
#define SALT    "DGv6ra1nlYgDCS1FRnbzlw"
#define PRIVATE "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
#define BODY                                                                                       \
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIg"                     \
    "Dll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVB"                     \
    "St2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"

static size_t decoded(const char *text, unsigned char *out, size_t most) {
    size_t bytes = 0;
    assert_int_equal(sodium_base642bin(out, most, text, strlen(text), NULL, &bytes, NULL,
                                       sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                     0);
    return bytes;
}

static void the_example_of_the_rfc_comes_out_byte_by_byte(void **state) {
    (void)state;
    struct web_push_peer peer;
    unsigned char number[P256_NUMBER_BYTES], salt[WEB_PUSH_SALT_BYTES];
    unsigned char wanted[WEB_PUSH_RECORD], body[WEB_PUSH_RECORD];
    assert_true(web_push_peer_read(&peer, P256DH, AUTH));
    decoded(PRIVATE, number, sizeof number);
    decoded(SALT, salt, sizeof salt);
    EVP_PKEY *own = p256_from_private(number);
    assert_non_null(own);
    size_t bytes = web_push_encrypt_with(&peer, own, salt, TEXT, strlen(TEXT), body);
    assert_int_equal(bytes, decoded(BODY, wanted, sizeof wanted));
    assert_memory_equal(body, wanted, bytes);
    EVP_PKEY_free(own);
}

static void no_two_bodies_are_alike(void **state) {
    (void)state;
    struct web_push_peer peer;
    unsigned char one[WEB_PUSH_RECORD], other[WEB_PUSH_RECORD];
    assert_true(web_push_peer_read(&peer, P256DH, AUTH));
    size_t bytes = web_push_encrypt(&peer, TEXT, strlen(TEXT), one);
    assert_int_equal(bytes, WEB_PUSH_HEAD_BYTES + strlen(TEXT) + 1 + 16);
    assert_int_equal(web_push_encrypt(&peer, TEXT, strlen(TEXT), other), bytes);
    assert_memory_not_equal(one, other, WEB_PUSH_SALT_BYTES);
    assert_memory_not_equal(one + WEB_PUSH_HEAD_BYTES, other + WEB_PUSH_HEAD_BYTES, strlen(TEXT));
}

static void a_text_that_fills_the_record_goes_and_one_byte_more_does_not(void **state) {
    (void)state;
    static char text[WEB_PUSH_TEXT_MAX + 1];
    struct web_push_peer peer;
    unsigned char body[WEB_PUSH_RECORD];
    memset(text, 'x', sizeof text);
    assert_true(web_push_peer_read(&peer, P256DH, AUTH));
    assert_int_equal(web_push_encrypt(&peer, text, WEB_PUSH_TEXT_MAX, body), WEB_PUSH_RECORD);
    assert_int_equal(web_push_encrypt(&peer, text, WEB_PUSH_TEXT_MAX + 1, body), 0);
}

static void padding_of_base64_is_taken(void **state) {
    (void)state;
    struct web_push_peer peer;
    assert_true(web_push_peer_read(&peer, P256DH "=", AUTH "=="));
}

static const struct {
    const char *what, *p256dh, *auth;
} wrong[] = {
    {"nothing", "", ""},
    {"no base64url", "B!", AUTH},
    {"a point cut short", "BCVxsr7N_eNgVRqv", AUTH},
    {"a point beside the curve",
     "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8",
     AUTH},
    {"a compressed point", "AyVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx", AUTH},
    {"a secret too short", P256DH, "BTBZMqHH6r4Tts7J_aSI"},
    {"a secret too long", P256DH, AUTH "AAAA"},
};

static void what_is_no_key_is_none(void **state) {
    (void)state;
    struct web_push_peer peer;
    for (size_t i = 0; i < ROWS(wrong); i++) {
        assert_case(!web_push_peer_read(&peer, wrong[i].p256dh, wrong[i].auth), wrong[i].what);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_rfc_comes_out_byte_by_byte),
        cmocka_unit_test(no_two_bodies_are_alike),
        cmocka_unit_test(a_text_that_fills_the_record_goes_and_one_byte_more_does_not),
        cmocka_unit_test(padding_of_base64_is_taken),
        cmocka_unit_test(what_is_no_key_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

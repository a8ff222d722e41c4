/*
 * password: the rules for new ones.
 *
 * Called by form for every new password, and by account with the name that goes with it. The list
 * is common_passwords.txt beside this file, made into an array by the build.
 */
#include "password.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/limits.h>

#include "common_passwords.h"

enum { FOLDED_MAX = 64 }; /* bytes; longer than any on the list */

static int compare(const void *wanted, const void *row) {
    return strcmp(wanted, *(const char *const *)row);
}

static bool is_common(const char *password, size_t bytes) {
    char folded[FOLDED_MAX];
    if (bytes >= FOLDED_MAX) {
        return false;
    }
    sc_text_fold(password, bytes, folded, sizeof folded);
    return bsearch(folded, common_passwords, common_passwords_count, sizeof *common_passwords,
                   compare) != NULL;
}

enum sc_text_fault password_check(const struct sc_settings *settings, const char *password,
                                  size_t bytes) {
    enum sc_text_fault fault =
        sc_text_check(SC_TEXT_SECRET, password, bytes, (size_t)settings->limits_password_chars_min,
                      (size_t)settings->limits_password_chars, 0);
    return fault == SC_TEXT_FINE && is_common(password, bytes) ? SC_TEXT_COMMON : fault;
}

bool password_is_name(const char *folded_name, const char *password, size_t bytes) {
    static const char padding[] = "0123456789.,-_!?*#$@+= ";
    char folded[SC_NAME_MAX_BYTES + FOLDED_MAX];
    if (bytes >= sizeof folded) {
        return false;
    }
    sc_text_fold(password, bytes, folded, sizeof folded);
    const char *at = strstr(folded, folded_name);
    if (!at) {
        return false;
    }
    size_t before = (size_t)(at - folded);
    const char *rest = at + strlen(folded_name);
    return strspn(folded, padding) >= before && rest[strspn(rest, padding)] == '\0';
}

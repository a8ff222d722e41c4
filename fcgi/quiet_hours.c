/*
 * quiet_hours: the clock on the wall of whoever wishes for quiet; ICU knows the zones and their
 * summers.
 */
#include "quiet_hours.h"

#include <string.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { ZONE_MAX = 64 };

int quiet_minute(const char *text) {
    static const char form[] = "dd:dd";
    for (size_t i = 0; i < sizeof form; i++) {
        bool fits = form[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
        if (!fits) {
            return QUIET_NEVER;
        }
    }
    int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
    return hour < 24 && minute < 60 ? hour * 60 + minute : QUIET_NEVER;
}

static int32_t to_utf16(const char *zone, UChar out[ZONE_MAX]) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t length = 0;
    u_strFromUTF8(out, ZONE_MAX, &length, zone, -1, &status);
    return U_SUCCESS(status) && length > 0 && length < ZONE_MAX ? length : 0;
}

bool quiet_zone_valid(const char *zone) {
    UChar wide[ZONE_MAX], canonical[ZONE_MAX];
    UBool is_system = 0;
    UErrorCode status = U_ZERO_ERROR;
    int32_t length = to_utf16(zone, wide);
    if (length == 0) {
        return false;
    }
    ucal_getCanonicalTimeZoneID(wide, length, canonical, ZONE_MAX, &is_system, &status);
    return U_SUCCESS(status) && is_system;
}

/* Minutes of that zone's day. */
static int minute_at(const char *zone, int64_t now_ms) {
    UChar wide[ZONE_MAX];
    UErrorCode status = U_ZERO_ERROR;
    int32_t length = to_utf16(zone[0] ? zone : "Etc/UTC", wide);
    UCalendar *calendar = ucal_open(wide, length, "en", UCAL_GREGORIAN, &status);
    ucal_setMillis(calendar, (UDate)now_ms, &status);
    int minute = ucal_get(calendar, UCAL_HOUR_OF_DAY, &status) * 60 +
                 ucal_get(calendar, UCAL_MINUTE, &status);
    ucal_close(calendar);
    return U_SUCCESS(status) ? minute : QUIET_NEVER;
}

bool quiet_is(const struct quiet *quiet, int64_t now_ms) {
    if (now_ms < quiet->until_ms) {
        return true;
    }
    if (quiet->from == QUIET_NEVER || quiet->to == QUIET_NEVER || quiet->from == quiet->to) {
        return false;
    }
    int now = minute_at(quiet->zone, now_ms);
    return quiet->from < quiet->to ? now >= quiet->from && now < quiet->to
                                   : now >= quiet->from || now < quiet->to;
}

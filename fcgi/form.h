/*
 * form: the fields of a request, decoded by a table.
 *
 * Each endpoint that takes fields has one table of rows; form_decode takes them from the JSON body
 * or, where none is read, from the query, and finds all faults at once. What no row names is
 * ignored, so that nobody can set what he was not asked for.
 */
#ifndef FCGI_FORM_H
#define FCGI_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>
#include <stonechat/error.h>
#include <stonechat/settings.h>
#include <stonechat/text.h>

#include "request.h"

enum form_kind {
    FORM_TEXT,     /* a text of a shape (text.h) */
    FORM_NAME,     /* a user's or room's name; its normal form comes with it */
    FORM_PASSWORD, /* a new password */
    FORM_KEY,      /* a message's key */
    FORM_WORD,     /* one of `choices` */
    FORM_NUMBER,   /* a whole number */
    FORM_FLAG,     /* true or false: `number` is 1 or 0 */
    FORM_IDS,      /* an array of ids, none twice */
    FORM_OBJECT,   /* any JSON object */
    FORM_LIST      /* any JSON array, as `object` */
};

/* A limit that the operator may change, as a row's *_setting. */
#define LIMIT(key) offsetof(struct sc_settings, limits_##key)

struct form_field {
    const char *name; /* NULL ends the table */
    enum form_kind kind;
    bool required;
    enum sc_text_shape shape; /* TEXT */
    const char *choices;      /* WORD: separated by | */
    int64_t least, most;      /* NUMBER: the range; TEXT: characters; IDS: how many */
    size_t most_setting;      /* a LIMIT that stands in the place of `most`; 0: none */
    size_t bytes_setting;     /* TEXT: a LIMIT of bytes; 0: none */
};

enum { FORM_FIELDS_MAX = 6 };

struct form_value {
    bool given;
    const char *text;
    size_t bytes;
    char *folded; /* NAME: its normal form */
    int64_t number;
    json_t *object;
    enum sc_text_fault fault;
};

struct form {
    const struct form_field *fields;
    struct form_value values[FORM_FIELDS_MAX]; /* one for each row, in the same order */
    json_t *root;
    enum sc_text_fault body_fault; /* of the body as a whole: not UTF-8 */
};

/*
 * SC_OK, also for a body that is empty where no field is required; BAD_JSON when it is not one JSON
 * object within SC_JSON_DEPTH and SC_JSON_MEMBERS; INVALID when a field is at fault. form_deinit is
 * due whatever is returned. The request's memory is lent until then.
 */
enum sc_error form_decode(struct form *form, const struct form_field *fields,
                          const struct request *request, const struct sc_settings *settings);
void form_deinit(struct form *form);

/* Notes a fault that only the endpoint could see; returns INVALID. */
enum sc_error form_refuse(struct form *form, size_t field, enum sc_text_fault fault);

/* The faults as RFC 9457 shows them: [{field,code,detail}], a new reference; NULL when none. */
json_t *form_faults(const struct form *form);

#endif

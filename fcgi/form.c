/*
 * form: JSON or query in, checked values out.
 *
 * Called by route before a handler runs. The rules for texts stand in common's text, those for
 * passwords in password; here is only which field follows which rule.
 */
#include "form.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/json.h>
#include <stonechat/limits.h>
#include <stonechat/memory.h>
#include <stonechat/token.h>

#include "password.h"

/* What a rule checks a value with. */
struct rule {
    const struct form_field *field;
    const struct sc_settings *settings;
};

static int64_t setting(const struct rule *rule, size_t offset, int64_t otherwise) {
    return offset ? *(const int64_t *)((const char *)rule->settings + offset) : otherwise;
}

static enum sc_text_fault check_text(const struct rule *rule, struct form_value *value) {
    const struct form_field *field = rule->field;
    return sc_text_check(field->shape, value->text, value->bytes, (size_t)field->least,
                         (size_t)setting(rule, field->most_setting, field->most),
                         (size_t)setting(rule, field->bytes_setting, 0));
}

static enum sc_text_fault check_name(const struct rule *rule, struct form_value *value) {
    value->folded = sc_xcalloc(1, SC_NAME_MAX_BYTES + 1);
    return sc_name_fold(value->text, value->bytes, (size_t)rule->settings->limits_name_chars_min,
                        (size_t)rule->settings->limits_name_chars, value->folded);
}

static enum sc_text_fault check_password(const struct rule *rule, struct form_value *value) {
    return password_check(rule->settings, value->text, value->bytes);
}

static enum sc_text_fault check_key(const struct rule *rule, struct form_value *value) {
    (void)rule;
    if (sc_key_valid(value->text, value->bytes)) {
        return SC_TEXT_FINE;
    }
    if (value->bytes < SC_KEY_MIN) {
        return SC_TEXT_SHORT;
    }
    return value->bytes > SC_KEY_MAX ? SC_TEXT_LONG : SC_TEXT_CHARACTERS;
}

static enum sc_text_fault check_word(const struct rule *rule, struct form_value *value) {
    const char *choice = rule->field->choices;
    for (;;) {
        size_t bytes = strcspn(choice, "|");
        if (bytes == value->bytes && memcmp(choice, value->text, bytes) == 0) {
            return SC_TEXT_FINE;
        }
        if (choice[bytes] == '\0') {
            return SC_TEXT_CHOICE;
        }
        choice += bytes + 1;
    }
}

static enum sc_text_fault check_number(const struct rule *rule, struct form_value *value) {
    const struct form_field *field = rule->field;
    bool within = value->number >= field->least &&
                  value->number <= setting(rule, field->most_setting, field->most);
    return within ? SC_TEXT_FINE : SC_TEXT_RANGE;
}

static bool is_among(const json_t *ids, size_t count, const char *id) {
    size_t i = 0;
    while (i < count && strcmp(json_string_value(json_array_get(ids, i)), id) != 0) {
        i++;
    }
    return i < count;
}

static enum sc_text_fault check_ids(const struct rule *rule, struct form_value *value) {
    const struct form_field *field = rule->field;
    const json_t *ids = value->object;
    int64_t count = (int64_t)json_array_size(ids);
    if (count < field->least || count > setting(rule, field->most_setting, field->most)) {
        return SC_TEXT_RANGE;
    }
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const json_t *id = json_array_get(ids, i);
        if (!json_is_string(id)) {
            return SC_TEXT_TYPE;
        }
        if (!sc_id_valid(json_string_value(id), json_string_length(id)) ||
            is_among(ids, i, json_string_value(id))) {
            return SC_TEXT_CHOICE;
        }
    }
    return SC_TEXT_FINE;
}

static enum sc_text_fault check_nothing(const struct rule *rule, struct form_value *value) {
    (void)rule;
    (void)value;
    return SC_TEXT_FINE;
}

static const struct {
    json_type type;
    enum sc_text_fault (*check)(const struct rule *rule, struct form_value *value);
} kinds[] = {
    [FORM_TEXT] = {JSON_STRING, check_text},
    [FORM_NAME] = {JSON_STRING, check_name},
    [FORM_PASSWORD] = {JSON_STRING, check_password},
    [FORM_KEY] = {JSON_STRING, check_key},
    [FORM_WORD] = {JSON_STRING, check_word},
    [FORM_NUMBER] = {JSON_INTEGER, check_number},
    [FORM_IDS] = {JSON_ARRAY, check_ids},
    [FORM_FLAG] = {JSON_TRUE, check_nothing},
    [FORM_LIST] = {JSON_ARRAY, check_nothing},
    [FORM_OBJECT] = {JSON_OBJECT, check_nothing},
};

static enum sc_text_fault take_json(struct form_value *value, const struct form_field *field,
                                    json_t *json) {
    json_type type = json_is_false(json) ? JSON_TRUE : json_typeof(json);
    if (type != kinds[field->kind].type) {
        return SC_TEXT_TYPE;
    }
    value->given = true;
    value->text = json_string_value(json);
    value->bytes = json_string_length(json);
    value->number = json_is_true(json) ? 1 : json_integer_value(json);
    value->object = json;
    return SC_TEXT_FINE;
}

static enum sc_text_fault take_query(struct form_value *value, const struct form_field *field,
                                     const struct piece *piece) {
    value->given = true;
    value->text = piece->text;
    value->bytes = piece->bytes;
    if (kinds[field->kind].type != JSON_INTEGER) {
        return SC_TEXT_FINE;
    }
    size_t digits = strspn(piece->text, "0123456789");
    if (digits == 0 || digits != piece->bytes) {
        return SC_TEXT_TYPE;
    }
    value->number = digits <= 18 ? strtoll(piece->text, NULL, 10) : INT64_MAX;
    return SC_TEXT_FINE;
}

static enum sc_text_fault decode_field(struct form *form, size_t i, const struct request *request,
                                       const struct sc_settings *settings) {
    const struct form_field *field = &form->fields[i];
    struct form_value *value = &form->values[i];
    struct rule rule = {field, settings};
    json_t *json = json_object_get(form->root, field->name);
    const struct piece *piece = form->root ? NULL : request_query(request, field->name);
    enum sc_text_fault fault = SC_TEXT_FINE;

    if (json) {
        fault = take_json(value, field, json);
    } else if (piece) {
        fault = take_query(value, field, piece);
    } else if (field->required) {
        fault = SC_TEXT_REQUIRED;
    }
    if (fault == SC_TEXT_FINE && value->given) {
        fault = kinds[field->kind].check(&rule, value);
    }
    return fault;
}

static bool requires_any(const struct form *form) {
    for (size_t i = 0; form->fields[i].name; i++) {
        if (form->fields[i].required) {
            return true;
        }
    }
    return false;
}

/* Where nothing has to be said nothing at all may be said. */
static enum sc_error parse_body(struct form *form, const struct request *request) {
    if (request->body_bytes == 0 && !requires_any(form)) {
        form->root = json_object();
        return SC_OK;
    }
    if (!sc_utf8_valid(request->body, request->body_bytes)) {
        form->body_fault = SC_TEXT_UTF8;
        return SC_INVALID;
    }
    form->root = sc_json_load_object(request->body, request->body_bytes, SC_JSON_MEMBERS);
    return form->root ? SC_OK : SC_BAD_JSON;
}

enum sc_error form_decode(struct form *form, const struct form_field *fields,
                          const struct request *request, const struct sc_settings *settings) {
    *form = (struct form){.fields = fields};
    enum sc_error error = request->body ? parse_body(form, request) : SC_OK;
    if (error != SC_OK) {
        return error;
    }
    for (size_t i = 0; fields[i].name; i++) {
        form->values[i].fault = decode_field(form, i, request, settings);
        if (form->values[i].fault != SC_TEXT_FINE) {
            error = SC_INVALID;
        }
    }
    return error;
}

void form_deinit(struct form *form) {
    for (size_t i = 0; i < FORM_FIELDS_MAX; i++) {
        free(form->values[i].folded);
    }
    json_decref(form->root);
    *form = (struct form){0};
}

enum sc_error form_refuse(struct form *form, size_t field, enum sc_text_fault fault) {
    form->values[field].fault = fault;
    return SC_INVALID;
}

static void add_fault(json_t **faults, const char *field, enum sc_text_fault fault) {
    if (fault == SC_TEXT_FINE) {
        return;
    }
    if (!*faults) {
        *faults = json_array();
    }
    char *detail = sc_xasprintf("%s %s.", field, sc_text_fault_sentence(fault));
    json_array_append_new(*faults, json_pack("{s:s,s:s,s:s}", "field", field, "code",
                                             sc_text_fault_code(fault), "detail", detail));
    free(detail);
}

json_t *form_faults(const struct form *form) {
    json_t *faults = NULL;
    add_fault(&faults, "body", form->body_fault);
    for (size_t i = 0; form->fields && form->fields[i].name; i++) {
        add_fault(&faults, form->fields[i].name, form->values[i].fault);
    }
    return faults;
}

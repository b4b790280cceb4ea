/* command_environment.c - the environment that a command is started with.
 * SPDX-License-Identifier: MIT
 *
 * docs/architecture.md says what each variable means. The user's entries keep their order and their bytes; what we
 * change stands where it stood, what we add stands behind. */
#include <inttypes.h> /* PRIu64 */
#include <stdarg.h>   /* va_list */
#include <stdio.h>    /* vasprintf */
#include <stdlib.h>   /* malloc, getenv */
#include <string.h>   /* strlen, memcpy */
#include <unistd.h>   /* environ, access */

#include "launch/command_environment.h"
#include "launch/settings.h" /* struct setting */

static size_t find(const struct environment *environment, const char *name)
{
    size_t n_name = strlen(name);
    size_t i = 0;
    while (i < environment->n &&
           (strncmp(environment->entries[i], name, n_name) != 0 || environment->entries[i][n_name] != '='))
        i++;
    return i;
}

/* Takes an entry "name=value" over. */
static void put(struct environment *environment, size_t at, char *entry)
{
    if (entry == NULL) {
        environment->failed = true;
        return;
    }
    if (at < environment->n) {
        free(environment->entries[at]);
        environment->entries[at] = entry;
        return;
    }
    if (environment->n + 2 > environment->capacity) {
        size_t capacity = environment->capacity ? environment->capacity * 2 : 128;
        char **entries = realloc(environment->entries, capacity * sizeof *entries);
        if (entries == NULL) {
            free(entry);
            environment->failed = true;
            return;
        }
        environment->entries = entries;
        environment->capacity = capacity;
    }
    environment->entries[environment->n++] = entry;
    environment->entries[environment->n] = NULL;
}

__attribute__((format(printf, 3, 4))) static void set(struct environment *environment, const char *name,
                                                      const char *format, ...)
{
    char *value = NULL, *entry = NULL;
    va_list arguments;
    va_start(arguments, format);
    int n_value = vasprintf(&value, format, arguments);
    va_end(arguments);
    if (n_value < 0) {
        environment->failed = true;
        return;
    }
    if (asprintf(&entry, "%s=%s", name, value) < 0)
        entry = NULL;
    free(value);
    put(environment, find(environment, name), entry);
}

/* What execve() copies to the new stack for these entries: bytes, terminator and pointer of each. */
static size_t stack_nbytes(const struct environment *environment)
{
    size_t n = 0;
    for (size_t i = 0; i < environment->n; i++)
        n += strlen(environment->entries[i]) + 1 + sizeof(char *);
    return n;
}

/* --- ONESEED_CONFIG ------------------------------------------------------------------------------------------------ */

struct config {
    char *text;
    size_t n, capacity;
    bool failed;
};

static void config_byte(struct config *config, char byte)
{
    if (config->n + 1 >= config->capacity) {
        size_t capacity = config->capacity ? config->capacity * 2 : 1024;
        char *text = realloc(config->text, capacity);
        if (text == NULL) {
            config->failed = true;
            return;
        }
        config->text = text;
        config->capacity = capacity;
    }
    config->text[config->n++] = byte;
    config->text[config->n] = '\0';
}

static void config_add(struct config *config, const char *key, const char *value)
{
    static const char hex[] = "0123456789ABCDEF";
    if (value == NULL)
        return;
    if (config->n > 0)
        config_byte(config, ' ');
    for (const char *byte = key; *byte != '\0' && !config->failed; byte++)
        config_byte(config, *byte);
    config_byte(config, '=');
    for (const char *byte = value; *byte != '\0' && !config->failed; byte++) {
        unsigned char code = (unsigned char)*byte;
        if (code > ' ' && code != '%' && code != 0x7f) {
            config_byte(config, *byte);
            continue;
        }
        config_byte(config, '%');
        config_byte(config, hex[code >> 4]);
        config_byte(config, hex[code & 15]);
    }
}

static void config_add_number(struct config *config, const char *key, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, number);
    config_add(config, key, text);
}

/* The value that a row gives its variable; NULL when the row does not act, or when a value of the user's own stays. */
static const char *value_given(const struct setting *setting, const struct environment_inputs *inputs, char *value,
                               size_t value_nbytes)
{
    bool variable = setting->means == SETTING_VARIABLE || setting->means == SETTING_APPENDED;
    if (!variable || (!setting_acts(setting, inputs->controls) && !setting_varied(setting, inputs->options)))
        return NULL;
    if (setting->means == SETTING_VARIABLE && !setting_replaces(setting, inputs->options, getenv(setting->name)))
        return NULL;
    setting_value(setting, inputs->options, value, value_nbytes);
    return value;
}

/* For children whose environment the program makes anew: what they must be given again, a line each. */
static void config_add_settings(struct config *config, const struct environment_inputs *inputs)
{
    char lines[8192] = "", value[256];
    size_t n_settings, n = 0;
    const struct setting *table = settings_table(&n_settings);
    for (const struct setting *setting = table; setting < table + n_settings; setting++) {
        if (value_given(setting, inputs, value, sizeof value) == NULL)
            continue;
        int n_line = snprintf(lines + n, sizeof lines - n, "%s%s=%s", n ? "\n" : "", setting->name, value);
        if (n_line < 0 || (size_t)n_line >= sizeof lines - n) {
            config->failed = true;
            return;
        }
        n += (size_t)n_line;
    }
    if (n > 0)
        config_add(config, "settings", lines);
}

static void config_build(struct config *config, const struct environment_inputs *inputs)
{
    const struct launch_options *options = inputs->options;
    config_add(config, "session", inputs->session);
    config_add(config, "trace", inputs->trace);
    if (inputs->trace != NULL)
        config_add(config, "record", options->record);
    if (options->has_seed)
        config_add_number(config, "seed", options->seed);
    if (inputs->controls[0] != '\0')
        config_add(config, "controls", inputs->controls);
    config_add(config, "vary", options->vary);
    config_add(config, "only", options->only);
    config_add(config, "final", options->final_states);
    config_add(config, "sources", options->sources);
    if (options->imports)
        config_add(config, "imports", "1");
    if (options->own_seeds != OWN_SEEDS_KEPT)
        config_add(config, "own-seeds", options->own_seeds == OWN_SEEDS_SHIFTED ? "shift" : "note");
    if (options->lines_max > 0) {
        config_add_number(config, "lines_from", options->lines_from);
        config_add_number(config, "lines_max", options->lines_max);
    }
    if (options->strict)
        config_add(config, "strict", "1");
    config_add_settings(config, inputs);
}

/* --- The whole ----------------------------------------------------------------------------------------------------- */

static void apply_settings(struct environment *environment, const struct environment_inputs *inputs)
{
    size_t n_settings;
    const struct setting *table = settings_table(&n_settings);
    for (const struct setting *setting = table; setting < table + n_settings; setting++) {
        char value[256];
        if (value_given(setting, inputs, value, sizeof value) == NULL)
            continue;
        const char *users_own = getenv(setting->name);
        if (setting->means == SETTING_APPENDED && users_own != NULL && users_own[0] != '\0')
            set(environment, setting->name, "%s%c%s", users_own, setting->separator, value);
        else
            set(environment, setting->name, "%s", value);
    }
    char locale[64];
    if (settings_variant(inputs->options->vary, "locale", locale, sizeof locale) != NULL)
        set(environment, "LC_ALL", "%s", locale);
}

static void apply_support(struct environment *environment, const struct environment_inputs *inputs)
{
    char recorder[4200];
    const char *users_own = getenv("LD_PRELOAD");
    if (inputs->preload)
        set(environment, "LD_PRELOAD", "%s/liboneseed_preload.so%s%s", inputs->support, users_own != NULL ? ":" : "",
            users_own != NULL ? users_own : "");
    int n = snprintf(recorder, sizeof recorder, "%s/recorder", inputs->support);
    if (n < 0 || (size_t)n >= sizeof recorder || access(recorder, R_OK | X_OK) != 0)
        return;
    users_own = getenv("PYTHONPATH");
    set(environment, "PYTHONPATH", "%s%s%s", recorder, users_own != NULL && users_own[0] != '\0' ? ":" : "",
        users_own != NULL ? users_own : "");
    if (users_own != NULL)
        set(environment, "ONESEED_PYTHONPATH", "%s", users_own);
}

/* Settings, configuration and filler together always take this much more than the user's own environment, or a
 * multiple of it: the stack of the command then begins at the same place with and without a control. */
enum { ROOM_NBYTES = 8192 };

static void pad(struct environment *environment, size_t users_nbytes, struct config *config)
{
    static const char key[] = " pad=";
    size_t taken = stack_nbytes(environment) + strlen("ONESEED_CONFIG=") + config->n + 1 + sizeof(char *);
    size_t least = taken + sizeof key - 1;
    size_t room = ROOM_NBYTES;
    while (users_nbytes + room < least)
        room += ROOM_NBYTES;
    for (const char *byte = key; *byte != '\0'; byte++)
        config_byte(config, *byte);
    for (size_t n = users_nbytes + room - least; n > 0 && !config->failed; n--)
        config_byte(config, '.');
}

void environment_build(struct environment *environment, const struct environment_inputs *inputs)
{
    memset(environment, 0, sizeof *environment);
    for (char **entry = environ; *entry != NULL && !environment->failed; entry++)
        put(environment, environment->n, strdup(*entry));
    size_t users_nbytes = stack_nbytes(environment);
    apply_settings(environment, inputs);
    if (inputs->support == NULL || environment->failed)
        return;
    apply_support(environment, inputs);
    set(environment, "ONESEED_LANE", "0 - %0*d", ENVIRONMENT_PID_DIGITS, 0);
    struct config config = {NULL, 0, 0, false};
    config_build(&config, inputs);
    pad(environment, users_nbytes, &config);
    if (config.failed)
        environment->failed = true;
    else
        set(environment, "ONESEED_CONFIG", "%s", config.text);
    free(config.text);
    if (environment->failed)
        return;
    char *lane = environment->entries[find(environment, "ONESEED_LANE")];
    environment->lane = lane + strlen(lane) - ENVIRONMENT_PID_DIGITS;
}

void environment_clear(struct environment *environment)
{
    for (size_t i = 0; i < environment->n; i++)
        free(environment->entries[i]);
    free(environment->entries);
    memset(environment, 0, sizeof *environment);
}

/* settings.h - the table of everything that a level or a control sets outside of oneseed itself.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_LAUNCH_SETTINGS_H
#define ONESEED_LAUNCH_SETTINGS_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

#include "launch/launch.h" /* enum launch_level, struct launch_options */

enum setting_means {
    SETTING_VARIABLE, /* an environment variable; a value of the user's own wins */
    SETTING_APPENDED, /* an environment variable that is a list of flags: ours goes behind the user's */
    SETTING_LAUNCHER, /* done by the launcher before the command starts */
    SETTING_PRELOAD,  /* done inside every process by the preload */
    SETTING_RECORDER, /* done inside Python when the library is imported */
};

struct setting {
    const char *name;
    /* "%r": the root seed; "%s": it modulo 2^32; "%t": the number of threads; "%p": what makes glibc fill memory. */
    const char *value;
    enum launch_level level; /* the lowest level at which it acts; LAUNCH_BARE: at none, only by its control */
    const char *control;     /* it acts when this control is on … */
    const char *or_control;  /* … or this one; NULL = none */
    enum setting_means means;
    char separator; /* SETTING_APPENDED: between the user's flags and ours */
    const char *cost;
    const char *source; /* where it is documented */
};

const struct setting *settings_table(size_t *n_out);

const char *level_name(enum launch_level level);

/* Room for the longest list of controls that settings_controls() writes. */
enum { SETTINGS_CONTROLS_NBYTES = 1024 };

/* The controls that are on for these options, comma-separated: those of the level, then options->controls without
 * repetition. In an experiment a plain `op` becomes `op:one-thread`. False when the list is too long. */
bool settings_controls(const struct launch_options *options, char *list, size_t list_nbytes);

/* Is `word` in a comma-separated list? A word without a variant matches `word:variant`, too. NULL lists are empty. */
bool settings_listed(const char *list, const char *word);
/* The variant of the first entry `name:variant`; NULL when there is none. Copied into text. */
const char *settings_variant(const char *list, const char *name, char *text, size_t text_nbytes);

/* Does a row act under this list of controls? */
bool setting_acts(const struct setting *setting, const char *controls);

/* The value that a row gets for these options, and whether it replaces a value of the user's own: it does when the
 * row's control was asked for by name or is varied on purpose. */
void setting_value(const struct setting *setting, const struct launch_options *options, char *text, size_t text_nbytes);
bool setting_replaces(const struct setting *setting, const struct launch_options *options, const char *users_own);
/* True when options->vary alone makes the row act. */
bool setting_varied(const struct setting *setting, const struct launch_options *options);

#endif

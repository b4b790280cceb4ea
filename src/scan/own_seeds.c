/* own_seeds.c - programs that give their generators the same seed in every run: said once, with the line.
 * SPDX-License-Identifier: MIT
 *
 * A run tells which seeds the program gave, and where. The same seed at the same place in a run of another seed does not
 * come from the scan. */
#include "scan/own_seeds.h"

#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* free */
#include <string.h> /* strcmp */

#include "common/array.h" /* text_copy */
#include "scan/scan_inside.h"

/* Is this line (`# SEED FILE:LINE`, its length without the end) one of the lines of a text? */
static bool has_line(const char *text, const char *line, size_t n)
{
    for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
        if (strcspn(text, "\n") == n && memcmp(text, line, n) == 0)
            return true;
    return false;
}

static void say(struct scan *scan, const char *line, size_t n, unsigned n_more)
{
    char error[STUDY_ERROR_NBYTES], more[48] = "", text[600];
    const char *seed = line + 2, *place = memchr(seed, ' ', n - 2);
    if (!place)
        return;
    const char *here = scan->request->directory;
    size_t n_here = here ? strlen(here) : 0;
    place++;
    if (n_here > 0 && strncmp(place, here, n_here) == 0 && place[n_here] == '/')
        place += n_here + 1;
    if (n_more > 0)
        snprintf(more, sizeof more, " (and %u more place%s)", n_more, n_more == 1 ? "" : "s");
    snprintf(text, sizeof text, "%.*s%s seeds a generator with %.*s", (int)(line + n - place), place, more,
             (int)strcspn(seed, " "), seed);
    scan_say(
        scan,
        "%s in every run: what it draws is the same for all seeds. --reseed shifts such seeds by the run's, or the "
        "program takes them from ONESEED_SEED",
        text);
    if (!study_set_text(scan->study, "own_seeds", text, error))
        scan_refuse(scan, "%s", error);
}

void own_seeds_hear(struct scan *scan, const struct outcome *outcome)
{
    struct own_seeds *known = &scan->own_seeds;
    const char *first = NULL;
    size_t n_first = 0;
    unsigned n_same = 0;
    if (known->said || !outcome->own_seeds)
        return;
    if (!known->text) {
        known->text = text_copy(outcome->own_seeds);
        known->seed = outcome->task.seed;
        return;
    }
    if (known->seed == outcome->task.seed)
        return;
    for (const char *line = known->text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t n = strcspn(line, "\n");
        if (n < 4 || !has_line(outcome->own_seeds, line, n))
            continue;
        if (n_same++ == 0)
            first = line, n_first = n;
    }
    known->said = n_same > 0;
    if (first)
        say(scan, first, n_first, n_same - 1);
}

void own_seeds_clear(struct own_seeds *own_seeds)
{
    free(own_seeds->text);
    *own_seeds = (struct own_seeds){0};
}

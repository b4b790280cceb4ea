/* progress.h - one line on a terminal's stderr that shows what goes on, and disappears before the answer.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CLI_PROGRESS_H
#define ONESEED_CLI_PROGRESS_H

#include <stdbool.h> /* bool */

struct progress {
    bool enabled; /* stderr is a terminal that can erase a line, and nobody said --no-progress */
    bool shown;   /* the line stands there now */
};

void progress_init(struct progress *progress, bool wanted);
/* Replaces the line; cut at the terminal's width. No effect when disabled. */
void progress_show(struct progress *progress, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Removes the line. Call it before anything else is written to the terminal. */
void progress_erase(struct progress *progress);

#endif

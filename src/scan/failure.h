/* failure.h - why a run failed, in one line, from the end of its output.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_SCAN_FAILURE_H
#define ONESEED_SCAN_FAILURE_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */

enum { FAILURE_WORDS_NBYTES = 256 };

/* Output is untrusted: what `words` gets is one line of valid UTF-8 without control characters.
 *
 * The error of a Python traceback with the innermost line of the program's own files ("train.py:31: ValueError: …"; files below
 * `directory` are named from there), when it is what ended the run: nothing comes after it, or the exit status is Python's. True then.
 * Else the last line that is not blank. */
bool failure_words(const char *tail, int exit_status, const char *directory, char *words, size_t words_nbytes);
/* The last line that is not blank, "" when there is none. */
void failure_last_line(const char *tail, char *words, size_t words_nbytes);

#endif

/* fingerprint.h - what a scan's results depend on besides the seed: the command's files and its environment, as texts that can be compared.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_SCAN_FINGERPRINT_H
#define ONESEED_SCAN_FINGERPRINT_H

#include <stdbool.h> /* bool */

/* {"train.py": "digest", …}: the files that the command names, and for a Python script the *.py below its folder (at most 5,000): what it
 * may import. The caller frees it. */
char *fingerprint_files(char *const *argv);
/* The same when a run has said what it did import, lines `@ PATH`: the files that the command names, and these. */
char *fingerprint_imported(const char *before, char *const *argv, const char *modules);
/* The same files as they are now. Elsewhere, on another machine, files with absolute paths may lie in another place: they are not missed. */
char *fingerprint_again(const char *before, bool elsewhere);
/* {"python": "3.11.7", "numpy": "2.4.6", …, "OMP_NUM_THREADS": "1", …}: of a Python command its version and packages; the variables that are
 * known to change results. The caller frees it. */
char *fingerprint_environment(char *const *argv);
enum fingerprint_names {
    FINGERPRINT_COMMON,
    FINGERPRINT_KNOWN,
    FINGERPRINT_ALL
}; /* in both, in the first one, in any */
/* What differs between two such texts, as one line: "train.py changed, numpy was 1.26.4, is 2.0.0". NULL: nothing. The caller frees it. */
char *fingerprint_difference(const char *before, const char *now, enum fingerprint_names names);

/* Files that a run wrote itself are none that its result depends on: `before` without those that are different `now`.
 * Modules stay. The caller frees it. */
char *fingerprint_without_outputs(const char *before, const char *now);

#endif

/* state_report.h - the answers of `oneseed state`.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CLI_STATE_REPORT_H
#define ONESEED_CLI_STATE_REPORT_H

#include "state/state.h" /* struct state */
#include "state/write.h" /* struct out */

/* False: no memory. max_words: how far back the seed was looked for. */
bool state_show_text(const struct state *state, const struct state_seed *seed, uint64_t max_words);
bool state_show_json(const struct state *state, const struct state_seed *seed);
/* The states of a file: begin, add each (a state_visit), end. end gives false when there was no memory, and prints if is_complete. */
struct state_list {
    struct out out;
    bool json;
    size_t n;
};
void state_list_begin(struct state_list *list, bool json);
void state_list_add(void *list, const char *name, const struct state *state);
bool state_list_end(struct state_list *list, bool is_complete);
void state_distance_text(const struct state_distance *distance, uint64_t max_words);
void state_distance_json(const struct state *state, const struct state_distance *distance, uint64_t max_words);

#endif

/* state_report.h - the answers of `oneseed state`.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CLI_STATE_REPORT_H
#define ONESEED_CLI_STATE_REPORT_H

#include "state/state.h" /* struct state */

/* False: no memory. max_words: how far back the seed was looked for. */
bool state_show_text(const struct state *state, const struct state_seed *seed, uint64_t max_words);
bool state_show_json(const struct state *state, const struct state_seed *seed);
void state_distance_text(const struct state_distance *distance, uint64_t max_words);
void state_distance_json(const struct state *state, const struct state_distance *distance, uint64_t max_words);

#endif

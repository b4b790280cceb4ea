/* literal.h - a reader of JSON and of what Python prints for plain data: one grammar takes both.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_STATE_LITERAL_H
#define ONESEED_STATE_LITERAL_H

#include "state/plain.h" /* struct value */

/* Objects and dicts, arrays and lists and tuples, numbers, texts, true and True and their kin, and array([...], dtype=...), of which
 * only the numbers count. NULL: values->error says why, with the line. */
const struct value *literal_read(struct values *values, const uint8_t *text, size_t n);

#endif

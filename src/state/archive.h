/* archive.h - readers of zip archives (torch.save, numpy.savez) and of NumPy's .npy files.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_STATE_ARCHIVE_H
#define ONESEED_STATE_ARCHIVE_H

#include "state/plain.h" /* struct value */

bool archive_is_zip(const uint8_t *bytes, size_t n);
bool archive_is_npy(const uint8_t *bytes, size_t n);
/* torch.save's object, or the dict of numpy.savez. NULL: values->error says why. */
const struct value *archive_read_zip(struct values *values, const uint8_t *bytes, size_t n);
const struct value *archive_read_npy(struct values *values, const uint8_t *bytes, size_t n);

#endif

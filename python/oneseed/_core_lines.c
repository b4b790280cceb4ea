/* _core_lines.c - follows the user's lines and records what each read and what it bound or changed (docs/locating.md).
 * SPDX-License-Identifier: MIT */
#include "_core.h"
#include "_core_digest.h" /* core_digest_exec */

int core_lines_exec(PyObject *module)
{
    return core_digest_exec(module);
}

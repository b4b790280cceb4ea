/* torch_normal_scalar.c - PyTorch's normals one by one, with the cached half of a pair.
 * SPDX-License-Identifier: MIT */
#include "dialects/torch.h" /* torch_normal */

double torch_normal(oneseed_torch *state)
{
    if (state->has_normal) {
        state->has_normal = 0;
        return state->normal;
    }
    const double u1 = torch_f64(state);
    const double u2 = torch_f64(state);
    const double radius = sqrt(-2.0 * (torch_version(state) >= 20000 ? log1p(-u2) : log(1 - u2)));
    const double angle = 2.0 * 3.14159265358979323846 * u1;
    state->normal = radius * sin(angle);
    state->has_normal = 1;
    return radius * cos(angle);
}

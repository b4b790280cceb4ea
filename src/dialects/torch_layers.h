/* torch_layers.h - how a layer of torch.nn is made of parameters and smaller layers.
 * SPDX-License-Identifier: MIT
 *
 * After torch/nn/modules of 2.13. named_parameters() gives a module's own parameters in the order of their registration,
 * then those of its parts. */
#ifndef ONESEED_DIALECTS_TORCH_LAYERS_H
#define ONESEED_DIALECTS_TORCH_LAYERS_H

#include <stdbool.h> /* bool */

#include "oneseed.h" /* oneseed_torch_layer */

/* A part of a layer, as often as it stands there: "layers" of a TransformerEncoder are `n_copies` equal ones. */
struct torch_part {
    const char *name;
    bool is_list; /* its copies are name.0, name.1, … */
    size_t n_copies;
    oneseed_torch_layer layer;
};

enum { TORCH_PARTS_MAX = 7 };

/* The parts of a layer, in order; returns how many. */
size_t torch_layer_parts(const oneseed_torch_layer *layer, struct torch_part parts[TORCH_PARTS_MAX]);
/* Parameters of its own. */
size_t torch_layer_n_own(const oneseed_torch_layer *layer);
/* Own parameter k: name, shape and n; the offset is 0. */
void torch_layer_own(const oneseed_torch_layer *layer, size_t k, oneseed_torch_parameter *out);
/* Parameters and elements of the whole. The layer was checked. */
void torch_layer_total(const oneseed_torch_layer *layer, size_t *n_parameters_out, size_t *n_elements_out);

#endif

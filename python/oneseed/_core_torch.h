/* _core_torch.h - reads PyTorch's tensors from C, without the GIL and without its headers.
 * SPDX-License-Identifier: MIT
 *
 * Where the fields of a TensorImpl lie is found by looking at tensors whose shape, strides, dtype and address Python
 * has told; one that does not fit in every respect leaves the reader off. */
#ifndef ONESEED_CORE_TORCH_H
#define ONESEED_CORE_TORCH_H

#include "_core.h" /* PyObject */

/* What Python says of a sample tensor. */
struct core_torch_sample {
    const void *impl; /* Tensor._cdata */
    const void *data; /* of the storage, without the tensor's offset */
    int64_t sizes[2], strides[2], offset, numel;
    uint64_t keys;  /* torch._C._dispatch_keys().raw_repr() */
    uint16_t dtype; /* index of the scalar type */
};

/* Learns the layout from two samples of two dimensions each. */
bool core_torch_learn(const struct core_torch_sample samples[2]);
/* Plain dense CPU tensors have these dispatch keys (one call for each kind: with autograd, inference mode). */
void core_torch_accept_keys(uint64_t keys);

struct core_tensor {
    const char *data; /* first element; NULL when it cannot be read (other device, sparse, subclass, …) */
    uint64_t numel;
    uint32_t item_nbytes;
    uint16_t dtype;
    unsigned n_dims;
    const int64_t *sizes, *strides; /* in the tensor itself: valid while it is unchanged */
};

/* Describes a TensorImpl. Any thread. */
void core_torch_tensor(const void *impl, struct core_tensor *out);
/* Order-aware digest of dtype, shape and elements (logical order). Any thread; does not touch the GIL. */
void core_torch_digest(const struct core_tensor *tensor, uint64_t digest[2]);

#endif

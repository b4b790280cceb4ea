/* framework_settings.h - settings that programs make beside their seeds.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_FRAMEWORK_SETTINGS_H
#define ONESEED_DRAW_FRAMEWORK_SETTINGS_H

#include "draw/vm.h" /* struct module */

extern const struct module module_os, module_torch_backends, module_torch_backends_cudnn, module_torch_backends_cuda,
    module_torch_backends_matmul, module_torch_backends_mps;
extern const struct native torch_setting_functions[];
/* module.name = item, for the attributes of torch.backends; false: it is none of them. */
bool set_framework_flag(vm *m, const struct module *module, const char *name, value item);

#endif

# package.py - `import oneseed` in a Python that does not have the package: the tool's own.
# SPDX-License-Identifier: MIT
#
# Asked only when no finder of the program has it, so a package that is installed there wins. sys.path stays as it is.
import os
import sys

_external = sys.modules["_frozen_importlib_external"]


def spec():
    """Of the package that belongs to this tool; None: it was installed without one."""
    for folder in _folders():
        path = folder + "/__init__.py"
        if os.path.isfile(path):
            return _external.spec_from_file_location("oneseed", path, submodule_search_locations=[folder])
    return None


def _folders():
    """Beside the recorder, or, where a wheel has put the tool, in the site-packages of whichever Python that was."""
    support = os.path.dirname(os.path.dirname(__file__))
    yield support
    prefix = os.path.dirname(os.path.dirname(os.path.realpath(support)))
    for lib in (prefix + "/lib", prefix + "/lib64"):
        if not os.path.isdir(lib):
            continue
        for name in sorted(os.listdir(lib)):
            if name.startswith("python3"):
                yield "%s/%s/site-packages/oneseed" % (lib, name)
                yield "%s/%s/dist-packages/oneseed" % (lib, name)

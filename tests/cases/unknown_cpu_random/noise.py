import ctypes
import os

_library = ctypes.CDLL(os.path.join(os.path.dirname(os.path.abspath(__file__)), "libnoise.so"))
_library.start_value.restype = ctypes.c_uint64


class Noise:
    """A linear congruential generator; the processor gives the start."""

    def __init__(self):
        self.state = _library.start_value()

    def uniform(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) / 2**53

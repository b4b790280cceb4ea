from . import _tensorflow_nn as nn  # noqa: F401
from . import _tensorflow_random as random  # noqa: F401

__version__: str

bfloat16: str
half: str
float16: str
float32: str
float64: str
double: str
int32: str
int64: str
uint32: str
uint64: str

class errors:
    class OpError(Exception): ...
    class InvalidArgumentError(OpError): ...
    class NotFoundError(OpError): ...
    class UnimplementedError(OpError): ...

from typing import Any

from . import _tensorflow_data as data  # noqa: F401
from . import _tensorflow_nn as nn  # noqa: F401
from . import _tensorflow_random as random  # noqa: F401

__version__: str

class _DType:
    name: str
    is_integer: bool
    is_floating: bool

bfloat16: _DType
half: _DType
float16: _DType
float32: _DType
float64: _DType
double: _DType
int32: _DType
int64: _DType
uint32: _DType
uint64: _DType

def constant(value: Any, dtype: Any = None) -> Any: ...
def convert_to_tensor(value: Any, dtype: Any = None) -> Any: ...

class errors:
    class OpError(Exception): ...
    class InvalidArgumentError(OpError): ...
    class NotFoundError(OpError): ...
    class UnimplementedError(OpError): ...

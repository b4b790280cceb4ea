import random as _random
from typing import Any, Callable, Iterable, List, Literal, Optional, Union

__all__: list[str]

_Version = Optional[Union[str, int]]  # "3.11" or 311; None: the running one

# For type checkers a random.Random, since it has all of its methods; isinstance(…, random.Random) is false.
class Random(_random.Random):
    gauss_next: Optional[float]
    def __init__(
        self, x: Union[int, float, str, bytes, bytearray, None] = None, *, version: _Version = None
    ) -> None: ...
    @property
    def version(self) -> str: ...
    def fill(self, n: int, method: str = "random", *parameters: float) -> Any: ...
    def fill_list(
        self, n: int, method: str = "random", *parameters: float, out: Optional[List[Any]] = None
    ) -> List[Any]: ...

SystemRandom = _random.SystemRandom

def hash_str(text: Union[str, bytes], hash_seed: int, version: _Version = None) -> int: ...
def set_order(
    texts: Iterable[str],
    hash_seed: int,
    kind: Literal["added", "literal", "compiled"] = "added",
    known: bool = True,
    version: _Version = None,
) -> List[str]: ...

betavariate: Callable[[float, float], float]
binomialvariate: Callable[..., int]
choice = _random.choice
choices = _random.choices
expovariate: Callable[..., float]
gammavariate: Callable[[float, float], float]
gauss: Callable[..., float]
getrandbits: Callable[[int], int]
getstate: Callable[[], Any]
lognormvariate: Callable[[float, float], float]
normalvariate: Callable[..., float]
paretovariate: Callable[[float], float]
randbytes: Callable[[int], bytes]
randint: Callable[[int, int], int]
random: Callable[[], float]
randrange: Callable[..., int]
sample = _random.sample
seed: Callable[..., None]
setstate: Callable[[Any], None]
shuffle: Callable[..., None]
triangular: Callable[..., float]
uniform: Callable[[float, float], float]
vonmisesvariate: Callable[[float, float], float]
weibullvariate: Callable[[float, float], float]

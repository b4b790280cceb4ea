from typing import Any, ContextManager, Union

from . import _jax_random as random  # noqa: F401

__version__: str

class _Config:
    jax_enable_x64: bool
    jax_threefry_partitionable: bool
    jax_default_prng_impl: str
    jax_random_seed_offset: int
    oneseed_jax_version: int  # 435 for 0.4.35; update() takes "0.4.35"; 0 is the newest
    def update(self, name: str, value: Any) -> None: ...

config: _Config

def enable_x64(new_val: bool = True) -> ContextManager[Any]: ...
def threefry_partitionable(new_val: bool = True) -> ContextManager[Any]: ...
def default_prng_impl(new_val: Union[str, None]) -> ContextManager[Any]: ...

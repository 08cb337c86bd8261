"""What the server does with memory that it needed for a moment."""

import ctypes

# glibc's name for the size from which a block is asked of the system by itself, and given back to it when freed.
M_MMAP_THRESHOLD = -3
OWN_BLOCK_FROM_BYTES = 1024 * 1024


def give_memory_back() -> None:
    """Have large blocks given back when they are freed; does nothing where the C library is not glibc.

    glibc raises that size to the largest block it has seen. Argon2 takes 19 MB for each password that is tried, so
    that a morning's sign-ins would leave some hundred megabytes with the server for good.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, OWN_BLOCK_FROM_BYTES)

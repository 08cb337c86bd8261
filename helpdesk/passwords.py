"""How passwords are hashed: Argon2 with the memory that OWASP advises.

Django's own setting takes 100 MB for every attempt to sign in, known name or not: some dozen attempts at once would
take the machine's memory.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class FrugalArgon2PasswordHasher(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

"""Splits records by a salted hash of their key, so that a record never changes sides."""

import hashlib
import secrets


class Splitter:
    def __init__(self, test_share=0.25, salt=None):
        self.test_share = test_share
        self.salt = salt or secrets.token_bytes(8)

    def is_test(self, key):
        digest = hashlib.sha256(self.salt + str(key).encode()).digest()
        return int.from_bytes(digest[:4], "big") / 2**32 < self.test_share

    def split(self, records):
        train = [record for record in records if not self.is_test(record[0])]
        test = [record for record in records if self.is_test(record[0])]
        return train, test

"""A pickle that does something where it is opened."""

import os


class Harm:
    """Makes the folder."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (self.folder,)

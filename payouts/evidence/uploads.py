"""Hashes an uploaded file as it comes in: no byte of it reaches the disk or stays in memory."""

import hashlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class HashOnly(FileUploadHandler):
    """An upload handler whose files are empty and know their size and `sha256`."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin another file."""
        super().new_file(*args, **kwargs)
        self.digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Hash a chunk and let it go."""
        self.digest.update(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """Return what is left: size and hash."""
        file = UploadedFile(BytesIO(), name="picture", size=file_size)
        file.sha256 = self.digest.hexdigest()  # type: ignore[attr-defined]
        return file

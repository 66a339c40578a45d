"""Reads multipart/form-data as it comes (RFC 7578), whatever its size: fields to memory, files to the upload store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from desktop.sandbox.errors import bad_parameter
from desktop.sandbox.uploads import Upload, UploadStore

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_LARGEST_FIELD_BYTES = 1 << 22


async def read_form(
    content_type: str, pieces: AsyncIterator[bytes], uploads: UploadStore
) -> tuple[dict[str, str], dict[str, Upload]]:
    """Return the form's fields and files; code 100 when it is damaged. A broken off form leaves no file behind."""
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise bad_parameter("The request body is not valid multipart: no boundary")
    form = _Form(uploads)
    is_whole = False
    try:
        parser = MultipartParser(boundary, form.callbacks())
        async for piece in pieces:
            parser.write(piece)
        parser.finalize()
        is_whole = True
    except FormParserError as error:
        raise bad_parameter(f"The request body is not valid multipart: {error}") from None
    finally:
        form.close(keep_files=is_whole)
    return form.fields, form.files


class _Form:
    def __init__(self, uploads: UploadStore) -> None:
        self.fields: dict[str, str] = {}
        self.files: dict[str, Upload] = {}
        self._uploads = uploads
        self._name = ""
        self._file: BinaryIO | None = None
        self._field = bytearray()
        self._header: tuple[bytearray, bytearray] = bytearray(), bytearray()
        self._disposition = b""

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._open_part,
            "on_part_data": self._add,
            "on_part_end": self._end_part,
        }

    def close(self, *, keep_files: bool) -> None:
        if self._file is not None:
            self._file.close()
        for upload in () if keep_files else self.files.values():
            upload.discard()

    def _begin_part(self) -> None:
        self._disposition = b""
        self._header = bytearray(), bytearray()
        self._field = bytearray()

    def _end_header(self) -> None:
        if self._header[0].lower() == b"content-disposition":
            self._disposition = bytes(self._header[1])
        self._header = bytearray(), bytearray()

    def _open_part(self) -> None:
        options = parse_options_header(self._disposition)[1]
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            if self._name in self.files:  # of two files with one name the later counts, as with fields
                self.files[self._name].discard()
            self.files[self._name] = self._uploads.new_upload()
            self._file = self.files[self._name].path.open("wb")

    def _add(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
            self.files[self._name].size_bytes += end - start
            return
        self._field += data[start:end]
        if len(self._field) > _LARGEST_FIELD_BYTES:
            raise bad_parameter(f"Param {self._name} is too long", blamed=self._name)

    def _end_part(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        else:
            self.fields[self._name] = self._field.decode("utf-8", "replace")

"""Reads a PDF file from standard input with pypdf and prints what it understood as JSON."""

import io
import json
import sys

import pypdf

reader = pypdf.PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=True)
print(
    json.dumps(
        {
            "title": reader.metadata.title,
            "pages": len(reader.pages),
            "text": "\n".join(page.extract_text() for page in reader.pages),
        }
    )
)

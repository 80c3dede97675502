"""A picture of the window under an exact name (Kivy's own numbers its files)."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glPixelStorei, glReadPixels

GL_PACK_ALIGNMENT = 0x0D05
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
EIGHT_BIT_RGB = (8, 2, 0, 0, 0)


def window_pixels() -> tuple[bytes, int, int]:
    """Draws the window once more; returns its RGB rows from the bottom up, width and height."""
    Window.dispatch("on_draw")
    width, height = Window.system_size
    glPixelStorei(GL_PACK_ALIGNMENT, 1)
    pixels = glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)
    return bytes(pixels), int(width), int(height)


def save_picture(path: Path) -> tuple[int, int]:
    """Writes what the window shows; returns width and height."""
    pixels, width, height = window_pixels()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png(pixels, width, height))
    return width, height


def png(pixels: bytes, width: int, height: int) -> bytes:
    """RGB rows from the bottom up, as OpenGL gives them, as a PNG file."""
    stride = width * 3
    rows = b"".join(
        b"\x00" + pixels[row * stride : (row + 1) * stride] for row in reversed(range(height))
    )
    header = struct.pack(">II5B", width, height, *EIGHT_BIT_RGB)
    return (
        PNG_SIGNATURE
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows, 6))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)

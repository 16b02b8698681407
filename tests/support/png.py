"""png.py - reads the pictures that kwit writes (one bit of grey to a dot), with no library of the driver in between."""
import struct
import zlib


def _chunks(data):
    at = 8
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        yield kind, data[at + 8:at + 8 + size]
        at += 12 + size


def _unfilter(kind, row, above):
    """A row of bytes as it was before its filter, one byte to a pixel for the filters' sake."""
    out = bytearray(row)
    for x, value in enumerate(row):
        left, up, corner = (out[x - 1] if x else 0), above[x], (above[x - 1] if x else 0)
        guess = left + up - corner
        best = min((left, up, corner), key=lambda byte: abs(guess - byte))
        out[x] = (value + (0, left, up, (left + up) // 2, best)[kind]) & 255
    return out


def read_png(path):
    """The rows of a picture, each a bytes of 1 (black) and 0."""
    with open(path, "rb") as file:
        chunks = list(_chunks(file.read()))
    width, height, depth, colour = struct.unpack(">IIBB", chunks[0][1][:10])
    if (depth, colour) != (1, 0):
        raise ValueError(f"{path} is no picture of one bit")
    data = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    stride, rows, above = (width + 7) // 8, [], bytes((width + 7) // 8)
    for y in range(height):
        start = y * (stride + 1)
        above = _unfilter(data[start], data[start + 1:start + 1 + stride], above) if data[start] else data[start + 1:start + 1 + stride]
        bits = bin(int.from_bytes(above, "big") | 1 << stride * 8)[3:3 + width]
        rows.append(bytes(1 if bit == "0" else 0 for bit in bits))
    return rows

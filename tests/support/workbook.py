"""workbook.py - .xlsx files as different programs write them, with nothing but the standard library."""
import datetime
import io
import struct
import zipfile
import zlib
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def serial(moment, since_1904=False):
    """What a spreadsheet keeps of a date."""
    start = datetime.datetime(1904, 1, 1) if since_1904 else datetime.datetime(1899, 12, 30)
    return (moment - start) / datetime.timedelta(days=1)


def _place(row, column):
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


class Sheet:
    """How a program writes cells: `strings` is shared, inline, rich or str; `prefix` binds the namespace."""

    def __init__(self, strings="shared", prefix="", references=True, since_1904=False):
        self.strings, self.prefix, self.references, self.since_1904 = strings, prefix, references, since_1904
        self.shared = []

    def tag(self, name):
        return f"{self.prefix}:{name}" if self.prefix else name

    def text(self, value):
        t = self.tag("t")
        if self.strings == "rich":
            half = len(value) // 2
            r = self.tag("r")
            runs = "".join(f'<{r}><{self.tag("rPr")}><{self.tag("b")}/></{self.tag("rPr")}><{t} xml:space="preserve">{escape(part)}</{t}></{r}>'
                           for part in (value[:half], value[half:]))
            phonetic = self.tag("rPh")
            return f'{runs}<{phonetic} sb="0" eb="1"><{t}>never read</{t}></{phonetic}>'
        return f'<{t} xml:space="preserve">{escape(value)}</{t}>'

    def cell(self, place, value):
        c, v, reference = self.tag("c"), self.tag("v"), f' r="{place}"' if self.references else ""
        if value is None:
            return f'<{c}{reference} s="1"/>' if self.references is True and place[0] in "BD" else "" if self.references else f"<{c}/>"
        if isinstance(value, bool):
            return f'<{c}{reference} t="b"><{v}>{int(value)}</{v}></{c}>'
        if isinstance(value, datetime.datetime):
            return f'<{c}{reference} s="2"><{v}>{serial(value, self.since_1904)!r}</{v}></{c}>'
        if isinstance(value, (int, float)):
            return f'<{c}{reference}><{v}>{value!r}</{v}></{c}>'
        if self.strings == "inline":
            return f'<{c}{reference} t="inlineStr"><{self.tag("is")}>{self.text(value)}</{self.tag("is")}></{c}>'
        if self.strings == "str":
            return f'<{c}{reference} t="str"><{self.tag("f")}>A1&amp;""</{self.tag("f")}><{v}>{escape(value)}</{v}></{c}>'
        self.shared.append(value)
        return f'<{c}{reference} t="s"><{v}>{len(self.shared) - 1}</{v}></{c}>'

    def body(self, rows, gaps=()):
        """gaps: row numbers that are left out of the file."""
        out, number = "", 0
        for row in rows:
            number += 1
            while number in gaps:
                number += 1
            cells = "".join(self.cell(_place(number, at), value) for at, value in enumerate(row))
            reference = f' r="{number}" spans="1:9"' if self.references else ""
            out += f'<{self.tag("row")}{reference}>{cells}</{self.tag("row")}>'
        space = f'xmlns:{self.prefix}="{MAIN}"' if self.prefix else f'xmlns="{MAIN}"'
        return (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<{self.tag("worksheet")} {space} xmlns:r="{RELATIONS}">'
                f'<{self.tag("sheetData")}>{out}</{self.tag("sheetData")}></{self.tag("worksheet")}>')

    def table(self):
        items = "".join(f'<{self.tag("si")}>{self.text(value)}</{self.tag("si")}>' for value in self.shared)
        space = f'xmlns:{self.prefix}="{MAIN}"' if self.prefix else f'xmlns="{MAIN}"'
        return f'<?xml version="1.0" encoding="UTF-8"?><{self.tag("sst")} {space} count="9" uniqueCount="9">{items}</{self.tag("sst")}>'


def workbook(rows, sheet=None, others=(), method=zipfile.ZIP_DEFLATED, absolute=False, streamed=False, gaps=()):
    """`others`: rows of sheets that stand in the archive before ours, which the workbook lists behind it or hides."""
    sheet = sheet or Sheet()
    slash = "/xl/" if absolute else ""
    names = [f"sheet{number}" for number in range(1, len(others) + 2)]
    ours = names[-1]
    bodies = dict(zip(names, [*(Sheet("inline").body(other) for other in others), sheet.body(rows, gaps)]))
    hidden = '<sheet name="notes" sheetId="9" state="hidden" r:id="rIdsheet1"/>' if others else ""
    listed = hidden + f'<sheet name="Odpowiedzi" sheetId="1" r:id="rId{ours}"/>'
    parts = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr{" date1904=" + chr(34) + "1" + chr(34) if sheet.since_1904 else ""}/>'
                           f'<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' + "".join(
            f'<Relationship Id="rId{name}" Type="{RELATIONS}/worksheet" Target="{slash}worksheets/{name}.xml"/>' for name in names)
        + (f'<Relationship Id="rIdstrings" Type="{RELATIONS}/sharedStrings" Target="{slash}texts/strings.xml"/>' if sheet.shared else "") + "</Relationships>",
        **{f"xl/worksheets/{name}.xml": body for name, body in bodies.items()},
    }
    if sheet.shared:
        parts["xl/texts/strings.xml"] = sheet.table()
    out = _Unseekable() if streamed else io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as book:
        for name, text in parts.items():
            with book.open(name, "w", force_zip64=streamed) as entry:
                entry.write(text.encode())
    return out.getvalue()


class _Unseekable(io.RawIOBase):
    """A pipe: sizes come behind the data, as programs write that do not go back."""

    def __init__(self):
        super().__init__()
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)

    def getvalue(self):
        return self.data


def zip64(data):
    """The same archive with every place and size of its directory in 64 bits."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        entries = [(info.filename.encode(), book.read(info)) for info in book.infolist()]
    body, directory = b"", b""
    for name, content in entries:
        packed = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packed.compress(content) + packed.flush()
        extra = struct.pack("<HHQQQ", 1, 24, len(content), len(packed), len(body))
        crc = zlib.crc32(content)
        directory += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 45, 45, 0x800, 8, 0, 0x21, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra), 0, 0, 0, 0,
                                 0xFFFFFFFF) + name + extra
        local = struct.pack("<HHQQ", 1, 16, len(content), len(packed))
        body += struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0x800, 8, 0, 0x21, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(local)) + name + local + packed
    place = len(body) + len(directory)
    end = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, len(entries), len(entries), len(directory), len(body))
    return body + directory + end + struct.pack("<IIQI", 0x07064B50, 0, place, 1) + struct.pack(
        "<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)

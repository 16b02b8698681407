"""includes.py - each room includes only what the house allows: one direction of flow, one owner of each library.

A room is a folder of driver/ with sources; nested rooms (simulator/doors) are rooms with rows of their own here. A folder
of rows alone (data/wording) belongs to the room above it, and fonts/ runs while building.
"""
import pathlib
import re
import sys

# room: the rooms it may include beside itself; *: every one that the public calls are composed of
ALLOWED = {
    "base": "",
    "data": "",
    "config": "base data",
    "profile": "base data",
    "state": "base",
    "sale": "base data",
    "locale": "base data",
    "image": "base data",
    "page": "base image",
    "pdf": "base image page",
    "text": "base data profile image page",
    "survey": "base data config sale",
    "record": "base data",
    "layout": "base data profile sale locale image page text survey",
    "escpos": "base profile page image",
    "star": "base profile page image escpos",
    "grammar": "base",
    "transport": "base",
    "journal": "base data record",
    "delivery": "base data profile page escpos star transport journal state",
    "answers": "base data locale survey record",
    "report": "base data locale survey record",
    "simulator": "simulator/fonts base data profile image grammar transport",
    "simulator/doors": "base profile image transport simulator",
    "simulator/fonts": "",
    "office": "base data locale survey record answers office/http office/push office/web",
    "office/alerts": "base record office/web",
    "office/http": "base",
    "office/net": "",
    "office/pg": "base record",
    "office/push": "base data record survey",
    "office/web": "base data",
    "inputs/maps": "base data locale sale",
    "inputs/epos": "base profile image page text layout",
    "inputs/receiptline": "base profile image page text layout",
    "tap": "base escpos grammar",
    "tap/stream": "base data profile image escpos grammar simulator",
    "api": "*",
    "api/preview": "* api",
    "api/office": "* api api/touch",
    "api/setup": "* api",
    "api/tap": "* api",
    "api/touch": "* api",
}
# headers of outside libraries and where alone they may be included
OWNERS = {
    "libusb": "driver/transport/usb",
    "microhttpd": "driver/office/http/http_",
    "curl": "driver/office/net/net_",
    "libpq": "driver/office/pg/",
    "sqlite3.h": "driver/journal/",
    "sodium": "driver/tap/stream/identity driver/office/ driver/api/office/ driver/answers/ driver/survey/ driver/journal/ driver/sale/ driver/config/ driver/state/",
    "qrencode": "driver/image/",
    "png.h": "driver/image/",
    "jpeglib.h": "driver/image/jpeg_turbo",
    "expat.h": "driver/base/xml_line driver/answers/xlsx driver/inputs/epos/epos driver/inputs/maps/xml",
    "ini.h": "driver/config/",
    "raqm": "driver/text/raqm",
    "cairo": "driver/pdf/pdf_cairo",
    "pango": "driver/pdf/pdf_cairo",
    "hb": "driver/text/raqm",
    "fribidi": "driver/text/raqm",
    "ft2build": "driver/text/raqm driver/simulator/fonts/",
    "zint": "driver/simulator/",
    "jansson": "driver/answers/",
}
INCLUDE = re.compile(r'^\s*#\s*include ([<"])([^>"]+)[>"]')
PRINTS = re.compile(r"(^|[^a-z_])(printf|puts|putchar|perror|fprintf|exit|abort) *\(")
OWN = re.compile(r"^(image|config)/")            # rooms whose names contain a library's


def sources(top):
    return sorted(path for path in pathlib.Path(top).rglob("*.[ch]"))


def rooms_of(files):
    return {str(path.parent.relative_to("driver")) for path in files}


def room_of(header, rooms):
    folder = header.rpartition("/")[0]
    return folder if folder in rooms else folder.partition("/")[0]


def owner_fault(path, header):
    for library, places in OWNERS.items():
        if library in header and not OWN.match(header):
            if not any(str(path).startswith(place) for place in places.split()):
                return f"{header} belongs to {places}"
    return None


def include_fault(path, room, quote, header, rooms):
    if quote == '"' and "/" in header and not header.startswith("gen/"):
        part = room_of(header, rooms)
        allowed = ALLOWED.get(room, "").split()
        composed = "*" in allowed and part.partition("/")[0] != "api"
        if part != room and not composed and part not in allowed:
            return f"{room} may not include {header}"
    return owner_fault(path, header)


def faults_of_driver():
    files = sources("driver")
    rooms = rooms_of(files)
    yield from (f"driver/{room}: a room without a row in tests/rules/includes.py" for room in sorted(rooms - set(ALLOWED)))
    for path in files:
        room = str(path.parent.relative_to("driver"))
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            found = INCLUDE.match(line)
            fault = include_fault(path, room, *found.groups(), rooms) if found else None
            if fault:
                yield f"{path}:{number}: {fault}"
            if path.suffix == ".c" and "/fonts" not in room and PRINTS.search(line):
                yield f"{path}:{number}: the library never prints and never exits"


def faults_of_command():
    rooms = {path.name for path in pathlib.Path("driver").iterdir()}
    for path in sources("cli") + sources("include"):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            quote, header = found.groups()
            if quote == '"' and header.partition("/")[0] in rooms | {".."}:
                yield f"{path}:{number}: the command may include only its own and the public headers"
            fault = owner_fault(path, header)
            if fault:
                yield f"{path}:{number}: {fault}"


faults = [*faults_of_driver(), *faults_of_command()]
print("\n".join(faults))
sys.exit(1 if faults else 0)

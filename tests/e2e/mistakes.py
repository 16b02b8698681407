"""Mistakes that people make in their first week, and what kwit says to each: what is wrong, where, what to do.

A row is what was done wrong, the exit, and words that the message must hold: of each of the three, for a message that
lacks one of them leaves the reader searching.
"""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, ROOT, Shop, example, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position

PLAIN = json.dumps(example(), ensure_ascii=False)


def _line(**changes):
    """A sale of one line, with something else in that line."""
    line = {"name": "Tea", "quantity": "1", "unit_price": "2.50", "total": "2.50"}
    line.update(changes)
    return example(lines=[{key: value for key, value in line.items() if value is not None}], subtotal=None, discounts=None,
                   taxes=None, total="2.50", payments=None, change=None, saved=None)


def _edit(old, new):
    """The example as text, with a slip of the pen in it."""
    want(old in PLAIN, f"{old} is not in the example")
    return PLAIN.replace(old, new, 1).encode()


# What the document says, whether it prints all the same (0) or not (65), and what must be said.
DOCUMENTS = [
    ("a trailing comma in an object", _edit('"drawer": true}', '"drawer": true,}'), 65, ["line 1, column", "comma", "before the }", "take it away"]),
    ("a trailing comma in an array", _edit('this receipt."]', 'this receipt.",]'), 65, ["/legal", "comma", "before the ]", "take it away"]),
    ("single quotes", _edit('"Anna"', "'Anna'"), 65, ["/cashier", "double quotes"]),
    ("a key without quotes", _edit('"cashier":', "cashier:"), 65, ["line 1, column", "key in double quotes"]),
    ("a comment", b"// sale\n" + PLAIN.encode(), 65, ["line 1, column 1", "comments", "take this one away"]),
    ("True of Python", _edit("true", "True"), 65, ["/drawer", "true", "small"]),
    ("None of Python", _edit('"Anna"', "None"), 65, ["/cashier", "null", "leave the field out"]),
    ("NaN", _edit('"52.48"', "NaN"), 65, ["/total", "a string"]),
    ("half a document", PLAIN.encode()[:200], 65, ["ends here, unfinished", "line 1, column"]),
    ("two documents in one", (PLAIN + PLAIN).encode(), 65, ["behind the end of the document", "one call for each"]),
    ("nothing at all", b"", 65, ["empty", "standard input"]),
    ("Latin-1", _edit("pressé", "press\u00e9").decode().encode("latin-1"), 65, ["/lines/6/name", "0xE9", "é", "UTF-8"]),
    ("Windows-1250", PLAIN.replace("Anna", "Łucja").encode("cp1250", "replace"), 65, ["/cashier", "0xA3", "UTF-8"]),
    ("UTF-16 with its mark", PLAIN.encode("utf-16"), 65, ["UTF-16", "write it as UTF-8"]),
    ("UTF-16 without one", PLAIN.encode("utf-16-be"), 65, ["UTF-16", "write it as UTF-8"]),
    ("a list around the sale", b"[" + PLAIN.encode() + b"]", 65, ["array", "one sale", "{"]),
    ("the sale inside a string", json.dumps(PLAIN).encode(), 65, ["string", "encoded twice"]),
    ("a printer's bytes", b"\x1b@Hello\n", 65, ["bytes for a printer", "kwit append"]),
    ("price", _line(unit_price=None, price="2.50"), 0, ["/lines/0/price", "did you mean `unit_price`"]),
    ("qty", _line(quantity=None, qty="1"), 0, ["/lines/0/qty", "did you mean `quantity`"]),
    ("a line without a name", _line(name=""), 0, []),
    ("a heading without a name", example(lines=[{"kind": "heading", "name": ""}, {"name": "Tea", "total": "52.48"}]), 0, []),
    ("amount of a line", _line(total=None, amount="2.50"), 0, ["/lines/0/amount", "did you mean `total`"]),
    ("description", _line(name=None, description="Tea"), 65, ["/lines/0/name", "missing", "`description`"]),
    ("title of a line", _line(name=None, title="Tea"), 65, ["/lines/0/name", "missing", "`title`"]),
    ("vat of a line", _line(vat="A"), 0, ["/lines/0/vat", "did you mean `tax`"]),
    ("ean", _line(ean="5012345678900"), 0, ["/lines/0/ean", "did you mean `gtin`"]),
    ("quanity", _line(quantity=None, quanity="1"), 0, ["/lines/0/quanity", "did you mean `quantity`"]),
    ("taxes[].amount", example(taxes=[{"code": "A", "amount": "2.21"}]), 0, ["/taxes/0/amount", "did you mean `tax`"]),
    ("taxes[].rate", example(taxes=[{"code": "A", "rate": "20%", "tax": "2.21"}]), 0, ["/taxes/0/rate", "`name`"]),
    ("items", example(lines=None, items=[{"name": "Tea"}]), 65, ["/lines", "missing", "`items`"]),
    ("date", example(time=None, date="2026-11-22"), 65, ["/time", "missing", "`date`"]),
    ("sale_id", example(id=None, sale_id="7"), 65, ["/id", "missing", "`sale_id`"]),
    ("payment method", example(payments=[{"method": "cash", "amount": "52.48"}]), 0, ["/payments/0/method", "did you mean `type`"]),
    ("a payment of no kind", example(payments=[{"type": "visa", "amount": "52.48"}]), 65, ["/payments/0/type", '"visa"', "card"]),
    ("a number as id", example(id=123), 65, ["/id", "a number", "a string"]),
    ("an amount as a number", _line(total=2.5), 65, ["/lines/0/total", "JSON number", "as a string"]),
    ("a comma for a point", _line(total="2,50"), 65, ["/lines/0/total", '"2,50"', "2.50"]),
    ("thousands", example(total="1,052.48"), 65, ["/total", '"1,052.48"', "1052.48"]),
    ("a currency sign", example(total="£52.48"), 65, ["/total", "£52.48", "52.48"]),
    ("three decimals", example(total="52.481"), 65, ["/total", "3 decimals", "at most 2"]),
    ("the currency in words", example(currency="Pound"), 65, ["/currency", "Pound", "ISO 4217"]),
    ("the currency in small letters", example(currency="gbp"), 65, ["/currency", "gbp", "GBP"]),
    ("25:00", example(time="2026-11-22T25:00:00+00:00"), 65, ["/time", "2026-11-22T25:00:00", "hour", "00 to 23"]),
    ("31 November", example(time="2026-11-31T10:00:00+00:00"), 65, ["/time", "2026-11-31", "day", "01 to 30"]),
    ("a date in local order", example(time="22.11.2026 14:03"), 65, ["/time", "22.11.2026", "2026-11-22T14:03:11+01:00"]),
    ("seconds since 1970", example(time=1795356191), 65, ["/time", "a number", "2026-11-22T14:03:11+01:00"]),
    ("no offset", example(time="2026-11-22T14:03:11"), 65, ["/time", "offset", "timezone"]),
    ("the version as a string", example(kwit="1"), 65, ["/kwit", "1"]),
    ("a kind of no kind", example(kind="receipt"), 65, ["/kind", '"receipt"', "sale"]),
    ("null", example(cashier=None) | {"cashier": None}, 65, ["/cashier", "null", "leave the field out"]),
    ("yes for true", example(drawer="yes"), 65, ["/drawer", "true"]),
    ("an exponent", _line(total="1e3"), 65, ["/lines/0/total", '"1e3"', 'like "1000"']),
    ("an exponent below one", _line(total="-2.5E-1"), 65, ["/lines/0/total", '"-2.5E-1"', 'like "-0.25"']),
    ("an exponent with too many decimals", _line(total="1.2345e1"), 65, ["/lines/0/total", 'like "12.50"']),
    ("a JSON number with an exponent", _edit('"52.48"', "1e3"), 65, ["/total", "a JSON number", 'as a string: "1000"']),
    ("a JSON number as it was", _edit('"52.48"', "52.480000000000004"), 65, ["/total", 'as a string: "52.48"']),
    ("a minus behind the amount", _line(total="2.50-"), 65, ["/lines/0/total", 'like "-2.50"']),
    ("an accountant's minus", _line(total="(2.50)"), 65, ["/lines/0/total", 'like "-2.50"']),
    ("a typographer's minus", _line(total="\u22122.50"), 65, ["/lines/0/total", 'like "-2.50"']),
    ("no digit before the point", _line(total=".50"), 65, ["/lines/0/total", 'like "0.50"']),
    ("Arabic digits", _line(total="\u0662\u066b\u0665\u0660"), 65, ["/lines/0/total", 'like "2.50"']),
    ("Persian digits", _line(total="\u06f2.\u06f5\u06f0"), 65, ["/lines/0/total", 'like "2.50"']),
    ("a tab in a string", _edit('"Anna"', '"An\tna"'), 65, ["/cashier", "line 1, column", "a tab", "\\t"]),
    ("a line end in a string", _edit('"Anna"', '"An\nna"'), 65, ["/cashier", "a line ends inside a string", "\\n"]),
    ("a carriage return in a string", _edit('"Anna"', '"An\r\nna"'), 65, ["/cashier", "carriage return", "\\n"]),
    ("ESC in a string", _edit('"Anna"', '"An\x1bna"'), 65, ["/cashier", "0x1B", "leave it away"]),
    ("NUL in a string", _edit('"Anna"', '"An\0na"'), 65, ["/cashier", "0x00", "leave it away"]),
    ("an escape of C", _edit('"Anna"', '"An\\x41na"'), 65, ["/cashier", "\\x is none", "\\u and four"]),
    ("a path of Windows", _edit('"Anna"', '"C:\\Users"'), 65, ["/cashier", "\\U is none", "is written \\\\"]),
    ("an escaped single quote", _edit('"Anna"', '"An\\\'na"'), 65, ["/cashier", "a single quote is written as it is"]),
    ("a backslash at a string's end", _edit('"Anna"', '"An\\ na"'), 65, ["/cashier", "a backslash stands alone", "\\\\"]),
    ("half a number of a character", _edit('"Anna"', '"An\\u12na"'), 65, ["/cashier", "four hexadecimal digits"]),
    ("a quote in a string", _edit('"Anna"', '"An"na"'), 65, ["/cashier", "a quote inside it is written \\\""]),
    ("no comma", _edit('"Anna",', '"Anna"'), 65, ["line 1, column", "a comma is missing in front of this"]),
    ("an = for a colon", _edit('"cashier":', '"cashier" ='), 65, ["/cashier", "an = stands here", "a colon"]),
    ("a semicolon for a comma", _edit('"Anna",', '"Anna";'), 65, ["/cashier", "a semicolon stands here", "a comma"]),
    ("typographic quotes", _edit('"Anna"', "\u201cAnna\u201d"), 65, ["/cashier", "typographic quote", 'plain "']),
    ("a no-break space", _edit('"drawer": true', '"drawer":\u00a0true'), 65, ["/drawer", "no-break space", "plain one"]),
    ("undefined of JavaScript", _edit('"Anna"', "undefined"), 65, ["/cashier", "undefined", "leave the field out"]),
    ("a zero in front", _edit('"52.48"', "052.48"), 65, ["/total", "begins with no 0"]),
    ("a dictionary as Python shows it", repr(example()).encode(), 65, ["line 1, column 2", "single quote", "double quotes"]),
    ("blanks alone", b" \n", 65, ["empty", "standard input"]),
    ("XML", b"<sale><id>1</id></sale>", 65, ["XML", "`kwit map`"]),
    ("lines of key: value", b"kwit: 1\nid: S-1\n", 65, ["begins with `kwit: 1`", "no JSON", "{"]),
    ("a packed document", b"\x1f\x8b\x08\0\0\0\0\0\0\x03abc", 65, ["compressed", "hand over"]),
    ("an offset without its colon", example(time="2026-11-22T14:03:11+0100"), 65, ["/time", "the offset is written +01:00"]),
    ("a zone's name for an offset", example(time="2026-11-22T14:03:11 Europe/Warsaw"), 65, ["/time", "an offset such as +01:00"]),
    ("no seconds", example(time="2026-11-22T14:03+01:00"), 65, ["/time", "the seconds are missing"]),
    ("a sum that is none", example(total="53.48"), 0, ["/total", "sum", "printed as given"]),
    ("a fraction", _line(quantity="1/2"), 65, ["/lines/0/quantity", '"1/2"', 'like "12.50"']),
    ("seven decimals", _line(quantity="0.1234567"), 65, ["/lines/0/quantity", '"0.1234567"', 'like "12.50"']),
    ("thousands with points", _line(total="1.052,48"), 65, ["/lines/0/total", 'like "1052.48"']),
    ("lakhs", _line(total="1,05,248.00"), 65, ["/lines/0/total", 'like "105248.00"']),
    ("a price for a unit", _line(unit_price="2.50/kg"), 65, ["/lines/0/unit_price", 'like "2.50"']),
    ("a tax code as a number", _line(tax=23), 65, ["/lines/0/tax", "a number", "put it in quotes"]),
    ("one payment without its list", example(payments={"type": "cash", "amount": "52.48"}), 65, ["/payments", "an array", "in brackets: ["]),
    ("a payment in capitals", example(payments=[{"type": "CASH", "amount": "52.48"}]), 65, ["/payments/0/type", 'did you mean "cash"']),
    ("lines that are words", example(lines=["Tea 2.50"]), 65, ["/lines/0", "a string", '{"name": …}']),
    ("a customer that is a word", example(customer="Anna"), 65, ["/customer", '{"name": …}']),
    ("a footer of words", example(footer=["Thank you"]), 65, ["/footer/0", '{"text": …}']),
    ("no survey", example(survey=False), 65, ["/survey", "true or false", '{"invite": …}']),
    ("notes without their list", example(notes="Thanks"), 65, ["/notes", "an array", "in brackets: ["]),
    ("a symbology as it is spelt", example(codes=[{"symbology": "CODE-128", "data": "1"}]), 65, ["/codes/0/symbology", 'did you mean "code128"']),
    ("a percentage of a tax", example(taxes=[{"percent": "20", "tax": "2.21"}]), 0, ["/taxes/0/percent", "did you mean `name`"]),
    ("a percentage of a discount", example(discounts=[{"percent": "10"}]), 65, ["/discounts/0/amount", "missing", "`percent`"]),
    ("a code at the top", example() | {"qr": "https://x.example"}, 0, ["/qr", "did you mean `codes`"]),
    ("the sale inside another object", {"kwit": 1, "sale": example()}, 65, ["/lines", "stands inside `sale`", "hand over"]),
    ("no id", example() | {"id": None}, 65, ["/id", "null", "say it"]),
    ("a sign for a currency", example(currency="£"), 65, ["/currency", "£", "\"GBP\""]),
    ("a sign that many countries have", example(currency="kr"), 65, ["/currency", "kr", "ISO 4217"]),
    ("a kind of another till", example(kind="invoice"), 65, ["/kind", "invoice", "did you mean \"sale\""]),
    ("a kind in another word", example(kind="return"), 65, ["/kind", "return", "did you mean \"refund\""]),
    ("the name of a card", example(payments=[{"type": "visa", "amount": "52.48"}]), 65, ["/payments/0/type", "visa", "did you mean \"card\""]),
    ("a refund of what this till never sold", example(kind="refund", refers_to={"id": "nobody-sold-it"}), 0,
     ["/refers_to/id", "nobody-sold-it", "look at the id", "/refers_to/terminal"]),
    ("a language in words", example(locale="Polish"), 0, ["/locale", "Polish", "pl-PL", "en-GB is used"]),
]

# Lines of the configuration, which line is told, and what must be said.
SETTINGS = [
    ("url of a printer", "[printer]\nurl = usb:\n", 2, ["`url`", "did you mean `uri`"]),
    ("a key behind its heading", "[printer] uri = usb:\n", 1, ["behind the `]`", "on a line of its own", "receipts stop"]),
    ("line ends of an old Mac", "[store]\rname = Shop\r[printer]\ruri = usb:\r", 1, ["behind the `]`", "on a line of its own", "receipts stop"]),
    ("a word behind a heading", "[printer] front\nuri = usb:\n", 1, ["behind the `]`"]),
    ("three characters for a stored logo", "[printer]\nstored_logo = KLM\n", 2, ["`stored_logo = KLM`", "two plain characters", "kwit logo store"]),
    ("device", "[printer]\ndevice = /dev/usb/lp0\n", 2, ["`device`", "`uri`"]),
    ("model", "[printer]\nmodel = tm-t88v\n", 2, ["`model`", "`profile`"]),
    ("an address without its kind", "[printer]\nuri = 192.168.1.50\n", 2, ["192.168.1.50", "tcp://192.168.1.50"]),
    ("http", "[printer]\nuri = http://192.168.1.50\n", 2, ["http://192.168.1.50", "tcp://"]),
    ("a profile that is none", "[printer]\nuri = usb:\nprofile = TM-T88Z\n", 3, ["TM-T88Z", "kwit devices --profiles"]),
    ("a profile as the printer calls itself", "[printer]\nprofile = Epson TM-T20\n", 2, ["`Epson TM-T20`", "did you mean `tm-t20`"]),
    ("an address of CUPS", "[printer]\nuri = socket://10.0.0.5:9100\n", 2, ["socket://", "is it tcp://10.0.0.5:9100"]),
    ("a node's name alone", "[printer]\nuri = lp0\n", 2, ["`uri = lp0`", "is it file:/dev/usb/lp0"]),
    ("capitals", "[printer]\nURI = usb:\n", 2, ["`URI`", "did you mean `uri`"]),
    ("the paper's width", "[printer]\nwidth = 80\n", 2, ["`width`", "did you mean `profile`"]),
    ("a printer's name behind a dot", "[printer.kitchen]\nuri = usb:\n", 1, ["[printer.kitchen]", "did you mean [printer kitchen]"]),
    ("a currency in words", "[store]\ncurrency = euro\n", 2, ["`currency = euro`", "ISO 4217", "EUR"]),
    ("a language in words", "[store]\nlocale = polish\n", 2, ["`polish`", "pl-PL", "en-GB will be taken"]),
    ("a logo that is not there", "[store]\nlogo = /no/such/logo.png\n", 2, ["/no/such/logo.png", "No such file"]),
    ("a logo by its name alone", "[store]\nlogo = logo.png\n", 2, ["logo.png", "absolute path", "image_dir"]),
    ("a key that is not there", "[survey]\nurl = https://x.example/{token}\nkey_file = /no/such/key\n", 3, ["/no/such/key", "No such file", "kwit survey key new"]),
    ("25:00", "[store]\nday_starts = 25:00\n", 2, ["25:00", "00:00 to 23:59"]),
    ("a zone that is none", "[store]\ntimezone = Warsaw\n", 2, ["Warsaw", "Europe/Warsaw"]),
    ("a comment behind a value", "[printer]\nconfirm = never ; for now\n", 2, ["never ; for now", "comment", "line of its own"]),
    ("quotes", "[printer]\nuri = \"usb:\"\n", 2, ["\"usb:\"", "quotes"]),
    ("a colon for =", "[printer]\nuri tcp://10.0.0.5\n", 2, ["no `=`", "key = value"]),
    ("a plain number for a rate", "[survey]\nurl = https://x.example/{token}\nrate = 0.25\n", 3, ["0.25", "25%"]),
    ("a link without the code", "[survey]\nurl = https://x.example/\n", 2, ["https://x.example/", "{token}"]),
    ("link", "[survey]\nlink = https://x.example/{token}\n", 2, ["`link`", "did you mean `url`"]),
    ("[printers]", "[printers]\nuri = usb:\n", 1, ["[printers]", "[printer]"]),
    ("sections between blanks", "[receipt]\norder = lines total\n", 2, ["`lines total`", "between commas", "lines, subtotal, total"]),
    ("a section of no name", "[receipt]\norder = lines, sum\n", 2, ["`sum`", "lines, subtotal, total"]),
    ("hiding what is nothing", "[receipt]\nhide = cashier, barcode\n", 2, ["`barcode`", "cashier, terminal"]),
    ("an address of a print server", "[printer]\nuri = ipp://printer.local\n", 2, ["is it tcp://printer.local"]),
    ("an address of lpd", "[printer]\nuri = lpd://10.0.0.5\n", 2, ["is it tcp://10.0.0.5"]),
    ("a Bluetooth node's name alone", "[printer]\nuri = rfcomm0\n", 2, ["is it serial:/dev/rfcomm0"]),
    ("no heading", "uri = usb:\n", 1, ["before any [section]", "below one"]),
    ("[shop]", "[shop]\nname = Corner\n", 1, ["[shop]", "[store]"]),
    ("a name in quotes", "[printer \"kitchen\"]\nuri = usb:\n", 1, ["[printer \"kitchen\"]", "quotes", "without them"]),
    ("a speed of its own", "[printer]\nuri = serial:/dev/ttyUSB0\nbaud = 9600\n", 3, ["`baud`", "did you mean `uri`"]),
    ("a node of the bus", "[printer]\nuri = /dev/bus/usb/001/004\n", 2, ["/dev/bus/usb/001/004", "usb:VVVV:PPPP", "kwit devices"]),
    ("a time without its unit", "[printer]\nuri = usb:\ndeadline = 15\n", 3, ["`deadline = 15`", "seconds", "15 min"]),
    ("a journal that is a directory", "[journal]\npath = /tmp\n", 2, ["/tmp", "directory", "/tmp/journal.db"]),
    ("a font that is not there", "[receipt]\nfonts = /no/such.ttf\n", 2, ["/no/such.ttf", "No such file", "a family"]),
    ("a port alone", "[office]\nlisten = 8470\n", 2, ["`listen = 8470`", "127.0.0.1:PORT"]),
    ("a port alone at a tap", "[tap till-2]\nlisten = 9100\n", 2, ["`listen = 9100`", "127.0.0.1:PORT"]),
    ("a page without encryption", "[office]\nurl = http://fb.example\n", 2, ["http://fb.example", "https://"]),
    ("a mailbox without its host", "[office]\nmail_to = owner\n", 2, ["`mail_to = owner`", "owner@corner.example"]),
    ("a mail server's name alone", "[office]\nmail_server = mail.example.com:587\n", 2, ["mail.example.com:587", "smtp://HOST:587"]),
    ("a colour's name", "[office]\ncolour = blue\n", 2, ["`colour = blue`", "#0b4f8a"]),
    ("another word for PostgreSQL", "[office]\nstore = postgres://db/kwit\n", 2, ["postgres://db/kwit", "postgresql:"]),
    ("a queue of CUPS", "[printer]\nuri = ipp://localhost:631/printers/till\n", 2, ["is it tcp://localhost"]),
    ("ids as a program writes them", "[printer]\nuri = usb:0x04b8:0x0e15\n", 2, ["usb:VVVV:PPPP", "without 0x"]),
    ("a speed behind a comma", "[printer]\nuri = serial:/dev/ttyUSB0,9600\n", 2, ["/dev/ttyUSB0,9600", "?baud="]),
    ("a variable of the shell", "[printer]\nuri = tcp://$PRINTER\n", 2, ["tcp://$PRINTER", "tcp://HOST"]),
    ("JSON", "{\"printer\": {\"uri\": \"usb:\"}}\n", 1, ["JSON", "[printer]", "uri ="]),
    ("an office's name alone", "[office]\npush = fb.example\n", 2, ["`push = fb.example`", "https://HOST"]),
]

# Words of a call, its exit, and what must be said.
CALLS = [
    (["pritn", "sale.json"], 64, ["pritn", "did you mean print"]),
    (["print", "--printr", "usb:"], 64, ["--printr", "did you mean --printer"]),
    (["print", "nosuch.json"], 66, ["nosuch.json", "no such file", "- stands for standard input"]),
    (["print", "--printer", "kitchen"], 69, ["no printer is called kitchen", "kwit config show"]),
    (["print", "--printer", "192.168.1.50"], 69, ["no printer is called 192.168.1.50", "is it tcp://192.168.1.50"]),
    (["print", "--printer", "lp0"], 69, ["is it file:/dev/usb/lp0"]),
    (["print", "--printer", "file:/dev/usb/lp77"], 75, ["/dev/usb/lp77", "plug the printer in"]),
    (["print", "--timeout", "10s"], 64, ["--timeout", "10s", "seconds"]),
    (["print", "--deadline", "0"], 64, ["--deadline", "seconds above 0"]),
    (["print", "--id", "A-1"], 64, ["--id is for finished bytes", "--format escpos"]),
    (["journal", "export", "-o", "nowhere/sales.jsonl"], 74, ["nowhere/sales.jsonl", "No such file", "make its directory"]),
    (["tap", "--listen", "0.0.0.0:0"], 77, ["0.0.0.0:0", "others could reach it", "allow = 192.0.2.0/24"]),
    (["reprint", "A-1", "--copy", "0"], 64, ["--copy takes 1 to 9999"]),
    (["--json", "print"], 64, ["--json", "behind"]),
    (["--config", "nosuch.conf", "status"], 78, ["nosuch.conf", "no such file", "kwit setup --config"]),
    (["print", "--state", "/tmp/x"], 64, ["--state", "before the command"]),
    (["print", "--printer", "file:/tmp"], 64, ["this is a directory", "sim:/tmp"]),
    (["setup", "--locale", "pl-PL"], 64, ["--locale", "did you mean --language"]),
    (["print", "--model", "tm-t20"], 64, ["--model", "did you mean --profile"]),
    (["preview", "--output", "x.png"], 64, ["--output", "did you mean -o"]),
    (["preview", "-o", "x.pdf"], 64, ["x.pdf", ".png", "kwit receipt ID -o FILE.pdf"]),
    (["status", "kitchen"], 64, ["kitchen", "only options"]),
    (["help", "print"], 64, ["kwit COMMAND --help"]),
    (["survey", "key"], 64, ["new, list, rotate"]),
]


def _holds(text, words, about):
    for word in words:
        want(word in text, f"{about}: {word!r} is not in {text!r}")


def documents_are_told_what_where_and_what_to_do():
    wrong = []
    for number, (about, document, exit_status, words) in enumerate(DOCUMENTS):
        if isinstance(document, dict) and "id" in document and isinstance(document["id"], str):
            document = dict(document, id=f"M-{number}")
        answer = Shop(survey=False).kwit("print", "-", "--json", document=document)
        text = answer.line["message"] + "".join(f" {one['pointer']} {one['text']}" for one in answer.line["warnings"])
        missing = [word for word in words if word not in text]
        if answer.exit != exit_status or missing:
            wrong.append(f"{about}: {answer.exit}, without {missing}: {text}")
    want(not wrong, "\n" + "\n".join(wrong))


def settings_are_told_what_where_and_what_to_do():
    wrong = []
    for about, text, line, words in SETTINGS:
        shop = Shop(survey=False)
        with open(shop.config, "w", encoding="utf-8") as file:
            file.write(text)
        answer = shop.kwit("config", "check").text
        told = [one for one in answer.split("\n") if f"kwit.conf:{line}:" in one]
        if not any(all(word in one for word in words) for one in told):
            wrong.append(f"{about}: line {line}, {words}: {answer}")
    want(not wrong, "\n" + "\n".join(wrong))


def the_page_names_every_part_that_can_be_hidden():
    shop = Shop(survey=False)
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write("[receipt]\nhide = nothing-such\n")
    names = re.search(r"between commas: (.*)", shop.kwit("config", "check").text).group(1).split(", ")
    with open(os.path.join(ROOT, "cli/manual/configure.md"), encoding="utf-8") as file:
        page = file.read()
    want(len(names) > 30, str(names))
    same([name for name in names if f"`{name}`" not in page], [], "parts that kwit.conf(5) does not name")


def what_a_service_takes_the_check_takes():
    shop = Shop(survey=False)
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write("[printer]\ndeadline = 0 s\n[office]\nurl = HTTPS://FB.EXAMPLE\nlisten = [::1]:8470\nstaff_listen = unix:/run/kwit/staff.sock\n"
                   "mail_to = Anna <a@corner.example>, b@corner.example\nmail_server = smtp://127.0.0.1:25\ncolour = #0b4F8a\n"
                   "push = http://127.0.0.1:8470\nwebhook = http://localhost:8080/x\nstore = postgresql://u@db/kwit\n"
                   "[tap]\nlisten = 127.0.0.1:9100\nhttp = 127.0.0.1:8008\nsettle = 150 ms\n")
    told = [line for line in shop.kwit("config", "check").text.split("\n") if "kwit.conf:" in line and "deadline" not in line]
    same(told, [], "what is well written")


def a_configuration_in_another_encoding_is_told():
    for encoding, words in (("utf-16", ["UTF-16", "save it as UTF-8"]), ("latin-1", [":2", "0xE9", "as UTF-8"])):
        shop = Shop(survey=False)
        with open(shop.config, "w", encoding=encoding) as file:
            file.write("[store]\nname = Café\n")
        answer = shop.kwit("config", "check")
        same(answer.exit, 78, encoding)
        _holds(answer.text, ["kwit.conf"] + words, encoding)


def calls_are_told_what_where_and_what_to_do():
    wrong = []
    for words, exit_status, wanted in CALLS:
        shop = Shop(survey=False)
        answer = shop.kwit(*words, document=example())
        missing = [word for word in wanted if word not in answer.text]
        if answer.exit != exit_status or missing:
            wrong.append(f"{words}: {answer.exit}, without {missing}: {answer.text}")
    want(not wrong, "\n" + "\n".join(wrong))


def another_shop_over_the_same_journal_is_told_once():
    """Of ids that were printed before nothing is known under the other name."""
    shop = Shop(survey=False)
    def told(identity):
        return [warning["text"] for warning in shop.print(example(id=identity))[1]["warnings"] if warning["code"] == "journal_anew"]
    same((told("A"), told("B")), ([], []), "before")
    with open(shop.config, encoding="utf-8") as file:
        text = file.read()
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text.replace("id = e2e", "id = corner"))
    first, second = told("A"), told("B")
    want(len(first) == 1 and not second, f"{first}, then {second}")
    _holds(first[0], ["[store] id", "\"e2e\"", "\"corner\"", "would print again"], "the change")
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text)
    same(told("C"), [], "back in the shop whose sales are known")


def a_day_that_is_none_is_told_with_its_option():
    shop = Shop(survey=False)
    shop.print(example(id="A"))
    for words in (["report", "--from", "2026-13-01"], ["journal", "export", "--to", "2026-13-01"],
                  ["journal", "prune", "--before", "2026-13-01"], ["report", "comments", "--to", "2026-13-01"]):
        answer = shop.kwit(*words)
        same(answer.exit, 64, answer.text)
        _holds(answer.text, [words[-2], "2026-13-01", "such as 2026-11-22"], str(words))


def a_journal_is_copied_to_where_there_is_a_folder():
    shop = Shop(survey=False)
    shop.print(example(id="A"))
    _holds(shop.kwit("journal", "backup", os.path.join(shop.place, "nosuch/copy.db")).text, ["nosuch/copy.db", "make its directory first"], "backup")


def an_option_of_kwit_itself_wants_its_value():
    for option, value in (("--config", "FILE"), ("--state", "DIR")):
        done = subprocess.run([KWIT, option], capture_output=True, text=True, check=False)
        same((done.returncode, f"{option} needs a value: {value}" in done.stderr), (64, True), done.stderr)


run_tests(globals())

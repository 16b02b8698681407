"""tap_web.py - programs of the web that print: ePOS-Print as tills in a browser send it, sales in kwit's own format, and who
may not.
"""
import base64
import http.client
import json
import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as xml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, NOW, ROOT, Shop, check_line, run_tests, same, want          # noqa: E402
from png import read_png          # noqa: E402

ORIGIN, TOKEN = "https://till.example", "token-of-the-shop"
SERVICE = "/cgi-bin/epos/service.cgi?devid=local_printer&timeout=20000"
TIMEOUT_S = 60
SETTINGS = f"[tap]\norigins = {ORIGIN}\ntoken = {TOKEN}\n"


class Web:
    """A tap for programs of the web, for the length of a `with`."""

    def __init__(self, shop):
        self.process = subprocess.Popen([KWIT, "--config", shop.config, "--state", shop.state, "tap", "--http", "127.0.0.1:0",
                                         "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first = self.process.stdout.readline()
        want(first, "it does not begin: " + ("" if first else self.process.stderr.read()))
        self.place = json.loads(first)["http"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.rest = self.process.communicate(timeout=TIMEOUT_S)[0].splitlines()

    def ask(self, method, path, body=b"", **headers):
        end = http.client.HTTPConnection(self.place, timeout=TIMEOUT_S)
        end.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = end.getresponse()
        data = answer.read()
        end.close()
        return answer, data

    def epos(self, elements, header="", **headers):
        """The attributes of the printer's response."""
        body = (f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">{header}'
                f'<s:Body><epos-print xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print">{elements}</epos-print>'
                "</s:Body></s:Envelope>").encode()
        answer, data = self.ask("POST", SERVICE, body, Content_Type="text/xml; charset=utf-8", **(headers or {"Origin": ORIGIN}))
        same(answer.status, 200, f"status ({data[:200]})")
        return xml.fromstring(data).find(".//{*}response").attrib


def receipt(number):
    return (f'<text align="center" em="true" width="2" height="2">CAFÉ ŻABKA&#10;</text><text align="left" em="false" width="1" '
            f'height="1">No. {number}&#10;Zupa ogórkowa    12.00&#10;</text><feed/><text em="true">TOTAL 12.00&#10;</text>'
            '<barcode type="code128" hri="below" width="2" height="60">{B' + str(number) + '</barcode>'
            '<symbol type="qrcode_model_2" level="level_m" width="4">https://shop.example/menu</symbol>'
            '<cut type="feed"/><pulse drawer="drawer_1" time="pulse_200"/>')


def picture(width=64, height=40):
    data = base64.b64encode(b"\xf0" * (width // 8 * height)).decode()
    return f'<image width="{width}" height="{height}" color="color_1" mode="mono" align="center">{data}</image>'


def shop_with(more="", **options):
    return Shop(more=SETTINGS + "number = No[.] *([0-9]+)\n" + more, **options)


def a_receipt_is_printed_with_what_it_asks_for_and_invited():
    shop = shop_with()
    with Web(shop) as web:
        same((web.epos(receipt(7))["success"], web.epos(receipt(8))["code"]), ("true", ""), "responses")
    lines = [json.loads(line) for line in web.rest]
    same([(line["id"], line["outcome"], line["survey"]["invited"]) for line in lines],
         [("7", "printed", True), ("8", "printed", True)], "lines")
    texts = [event["text"] for event in shop.events("text")]
    for text in ("CAFÉ ŻABKA", "TOTAL 12.00", "No. 7", "No. 8"):
        want(text in texts, f"{text} is not on paper: {texts}")
    same([event["data"] for event in shop.events("qr")], ["https://shop.example/menu"] * 2, "its symbol")
    same((len(shop.events("barcode")), len(shop.events("cut"))), (2, 2), "bar codes and cuts")
    same([(event["pin"], event["on_ms"]) for event in shop.events("drawer")], [(2, 200)] * 2, "pulses")


def a_receipt_in_letters_that_are_drawn_is_known_by_its_words():
    shop = shop_with()
    with Web(shop) as web:
        same(web.epos('<text em="true" width="2">فروشگاه مهر&#10;</text><text em="false" width="1">شماره ۷&#10;نان ۱۲۰٬۰۰۰&#10;'
                      'جمع کل ۱۲۰٬۰۰۰&#10;</text><cut type="feed"/>')["success"], "true", "response")
        same(web.epos('<text width="2">مرجوعی&#10;</text><text>جمع کل ۱۲۰٬۰۰۰&#10;</text><cut/>')["success"], "true", "a refund")
    lines = [json.loads(line)["survey"] for line in web.rest]
    same([(line["invited"], line["reason"]) for line in lines], [(True, None), (False, "document_type")], "lines")


def a_picture_a_cut_and_a_pulse_are_what_browsers_send():
    shop = shop_with("image_only = invite\n")
    with Web(shop) as web:
        same(web.epos(picture() + "<cut/>")["success"], "true", "response")
        same(web.epos("<pulse/>")["success"], "true", "the drawer alone")
    images = shop.events("image")
    same((images[0]["x"] + images[0].get("dx", 0) > 0, images[0]["height"]), (True, 40), "its picture")
    same((len(shop.events("cut")), len(shop.events("drawer"))), (1, 1), "cuts and pulses")


def greys_become_dots():
    shop = shop_with()
    data = base64.b64encode(b"\x88" * 32 * 64).decode()
    with Web(shop) as web:
        same(web.epos(f'<image width="64" height="64" mode="gray16">{data}</image><cut/>')["success"], "true", "response")
    same(shop.events("image")[0]["height"], 64, "its height")


def _places(shop):
    return {event["text"]: (event["x"], event["y"]) for event in shop.events("text")}


def a_page_has_everything_at_its_place():
    shop = shop_with()
    with Web(shop) as web:
        same(web.epos(
            '<text>SHOP&#10;</text><page><area x="0" y="0" width="576" height="300"/><position x="50" y="30"/><text>No. 77</text>'
            '<position x="50" y="100"/><text width="2" height="2">TOTAL 2.00</text><position x="300" y="120"/>'
            '<symbol type="qrcode_model_2" width="4">https://shop.example/menu</symbol>'
            '<area x="400" y="0" width="100" height="300"/><direction dir="top_to_bottom"/><position x="10" y="40"/>'
            '<text width="1" height="1">DOWN</text><direction dir="bottom_to_top"/><position x="10" y="40"/><text>UP</text>'
            f'<area x="0" y="200" width="300" height="120"/><direction dir="left_to_right"/><position x="16" y="60"/>{picture()}'
            '<position x="16" y="84"/><text>WIDE&#10;below</text></page><text>after&#10;</text><cut/>')["success"], "true", "response")
    line = json.loads(web.rest[0])
    same((line["id"], line["survey"]["invited"]), ("77", True), "line")
    places, top = _places(shop), _places(shop)["No. 77"][1] - 30
    same({text: places[text] for text in places if text not in ("UP", "DOWN", "below")},
         {"SHOP": (0, 0), "No. 77": (50, top + 30), "TOTAL 2.00": (50, top + 100), "WIDE": (16, top + 284), "after": (0, top + 320)},
         "places")
    want(places["below"][1] > places["WIDE"][1], "its second line")
    same((places["below"][0], places["DOWN"][0]), (0, 10), "where lines begin")
    dots = read_png(os.path.join(shop.paper, "0001.png"))

    def ink(left, right, above, below):
        return sum(dots[y][x] for y in range(top + above, top + below) for x in range(left, right))
    want(ink(460, 485, 10, 58) and ink(416, 441, 240, 292), "texts up and down")
    want(ink(16, 80, 220, 260) == 40 * 32 and not ink(0, 16, 200, 285), "its picture")
    want(not ink(50, 300, 32, 50) and not ink(400, 576, 60, 120) and not ink(122, 576, 0, 5), "white between them")
    same([event["x"] for event in shop.events("image")][:1], [300], "its symbol")
    codes = subprocess.run(["zbarimg", "-q", "--raw", os.path.join(shop.paper, "0001.png")], capture_output=True, text=True,
                           check=False).stdout
    want("https://shop.example/menu" in codes and len(codes.split()) == 2, f"codes on paper: {codes!r}")


def a_page_without_an_area_takes_as_much_paper_as_it_needs():
    shop = shop_with()
    with Web(shop) as web:
        same(web.epos('<page><text>first&#10;</text><text>فروشگاه&#10;</text></page><text>after&#10;</text><cut/>')["success"], "true",
             "drawn letters")
        for more in ("", '<text em="true" width="2" height="2">REFUND</text>'):
            same(web.epos(f'<page><text>{"A&#10;" * 9}Tea 2.00&#10;جمع&#10;TOTAL 2.00&#10;</text>{more}</page><cut/>')["success"],
                 "true", f"a sale {more}")
    want(_places(shop)["after"][1] < 100, f"paper: {_places(shop)}")
    same([json.loads(line)["survey"]["invited"] for line in web.rest], [False, True, False], "invited")


def places_whose_bytes_a_printer_would_obey_are_sent_otherwise():
    shop = shop_with()
    with Web(shop) as web:
        same(web.epos('<page><area x="0" y="0" width="300" height="1296"/><direction dir="top_to_bottom"/><position x="1040" y="30"/>'
                      '<text>FAR</text><direction dir="left_to_right"/><position x="9" y="1040"/><text>LOW</text>'
                      '<area x="300" y="0" width="200" height="1040"/><text>SIDE</text></page><cut/>')["success"], "true", "response")
    same((_places(shop)["FAR"][0], _places(shop)["LOW"]), (1040, (9, 1040)), "places")
    for data in (b"\x1b$\x0f\x04\x1b\\\x01\0", b"\x1d$\x0f\x04\x1d\\\x01\0", b"\x1bW\0\0\0\0\x2c\x01\x11\x05",
                 b"\x1bW\x2c\x01\0\0\xc8\0\x11\x04"):
        want(data in shop.wire(), f"{data!r} was not sent")


def what_a_page_cannot_be_is_refused_before_paper():
    shop, area = shop_with(), '<area x="0" y="0" width="300" height="100"/>'
    with Web(shop) as web:
        for elements in (area + "<text>a&#10;b&#10;c&#10;d&#10;e&#10;</text>", '<area x="600" y="0" width="10" height="10"/><text>x</text>',
                         '<area x="0" y="0" width="10" height="0"/>', '<area x="0" y="1600" width="10" height="900"/><text>x</text>',
                         '<direction dir="up"/><text>x</text>', '<position x="1" y="-1"/><text>x</text>', "<cut/>", "<pulse/>",
                         '<line x1="0" y1="0" x2="9" y2="9"/>', "<page/>", "<text><area/></text>", area + picture(320, 8),
                         area + '<position x="290" y="50"/>' + picture(), area + picture(64, 120),
                         area + '<symbol type="pdf417_standard">1</symbol>'):
            same(web.epos(f"<text>x&#10;</text><page>{elements}</page><cut/>")["code"], "SchemaError", elements)
        for elements in ('<position x="1" y="1"/>', "<direction/>", area):
            same(web.epos(elements)["code"], "SchemaError", f"{elements} on the roll")
    same(shop.events("text"), [], "paper")
    with Web(shop_with("[printer]\nprofile = pos-58\n", profile="pos-58")) as web:
        same(web.epos("<page><text>x</text></page><cut/>")["code"], "SchemaError", "a printer that may have no page mode")


def what_cannot_be_printed_is_refused_before_paper():
    shop = shop_with()
    with Web(shop) as web:
        for elements in ("<sound/>", '<symbol type="maxi_code">1</symbol>', "<image>AAAA</image>",
                         '<text width="99">x</text>', '<barcode type="ean13">123</barcode>', "<text>ok&#10;</text><logo/>"):
            same(web.epos(elements)["code"], "SchemaError", elements)
        bomb = b'<!DOCTYPE a [<!ENTITY x "xxxx">]><epos-print><text>&x;</text></epos-print>'
        want(b"SchemaError" in web.ask("POST", SERVICE, bomb, Origin=ORIGIN)[1], "a document type")
        want(b"SchemaError" in web.ask("POST", SERVICE, b"<epos-print><text>", Origin=ORIGIN)[1], "half a document")
        same(web.ask("POST", SERVICE, Origin=ORIGIN, Content_Length=str(3 << 20))[0].status, 413, "what is too long")
    same(shop.events("text"), [], "paper")


def who_is_not_named_may_not():
    shop = shop_with()
    body = b"<epos-print><text>x&#10;</text><cut/></epos-print>"
    with Web(shop) as web:
        port = web.place.rpartition(":")[2]
        for headers in ({}, {"Origin": "https://other.example"}, {"Origin": "null"}, {"Authorization": "Bearer wrong"},
                        {"Origin": ORIGIN, "Host": "till.example"}, {"Origin": ORIGIN, "Host": "127.0.0.1:1"},
                        {"Origin": ORIGIN + ".evil.example"}):
            same(web.ask("POST", SERVICE, body, **headers)[0].status, 403, str(headers))
        same(web.ask("GET", SERVICE, Origin=ORIGIN)[0].status, 404, "GET")
        for headers in ({"Origin": ORIGIN}, {"Authorization": f"Bearer {TOKEN}"}, {"Origin": ORIGIN, "Host": f"localhost:{port}"}):
            same(web.ask("POST", SERVICE, body, **headers)[0].status, 200, str(headers))
        before, _ = web.ask("OPTIONS", SERVICE, Origin=ORIGIN, Access_Control_Request_Private_Network="true")
        same((before.status, before.getheader("Access-Control-Allow-Origin"), before.getheader("Access-Control-Allow-Private-Network")),
             (204, ORIGIN, "true"), "what a browser asks before")
    same(Shop(more=SETTINGS).kwit("tap", "--http", "0.0.0.0:0").exit, 77, "an address that others can reach")


def a_printer_without_paper_says_so():
    shop = Shop(printer="tcp://127.0.0.1:1", more=SETTINGS + "[printer]\ndrain = next-call\ntimeout = 1 s\n")
    with Web(shop) as web:
        answer = web.epos(receipt(9))
    same((answer["success"], answer["code"]), ("false", "EX_BADPORT"), "response")


def sales_and_finished_bytes_are_taken_too():
    shop = shop_with()
    sale = {"kwit": 1, "id": "W-1", "time": NOW.isoformat(), "currency": "EUR", "lines": [
        {"name": "Tea", "quantity": "1", "unit_price": "2.00", "total": "2.00"}], "total": "2.00"}
    with Web(shop) as web:
        answer, data = web.ask("POST", "/kwit/print", json.dumps(sale).encode(), Origin=ORIGIN, Content_Type="application/json")
        line = json.loads(data)
        same((answer.status, line["id"], line["outcome"]), (200, "W-1", "printed"), "a sale")
        again = json.loads(web.ask("POST", "/kwit/print", json.dumps(sale).encode(), Origin=ORIGIN,
                                   Content_Type="application/json")[1])
        same(again["outcome"], "duplicate", "the same again")
        stream = b"\x1b@SHOP\nNo. 12\nTOTAL 2.00\n\x1bd\x04\x1dV\x00"
        line = json.loads(web.ask("POST", "/kwit/print", stream, Origin=ORIGIN, Content_Type="application/octet-stream")[1])
        same((line["id"], line["survey"]["invited"]), ("12", True), "finished bytes")


def documents_of_other_systems_are_taken_by_their_map():
    shop = shop_with()
    order = os.path.join(ROOT, "tests/fixtures/maps/square.json")
    told = shop.kwit("map", "check", "square", order, "--json").line
    with Web(shop) as web:
        with open(order, "rb") as file:
            body = file.read()
        answer, data = web.ask("POST", "/kwit/print?a=b&from=square", body, Origin=ORIGIN)
        line = json.loads(data)
        same((answer.status, line["outcome"], line["id"]), (200, "printed", told["id"]), "an order of Square")
        check_line(line)
        line = json.loads(web.ask("POST", "/kwit/print?from=square", body, Origin=ORIGIN)[1])
        same(line["outcome"], "duplicate", "the same again")
        same(shop.kwit("print", "--from", "square", order, "--json").line["outcome"], "duplicate", "the same from the command")
        for name, document, outcome, reason in (("squar", body, "error", "usage"), ("square", b"{}", "rejected", "invalid"),
                                                ("square", b"[", "rejected", "syntax"), ("..", body, "error", "usage"),
                                                ("x" * 90, body, "error", "usage")):
            answer, data = web.ask("POST", f"/kwit/print?from={name}", document, Origin=ORIGIN)
            line = json.loads(data)
            same((answer.status, line["outcome"], line["reason"]), (200, outcome, reason), f"{name}: {data[:900]}")
        for name in ("./square.map", "/etc/passwd"):
            same(web.ask("POST", f"/kwit/print?from={name}", body, Origin=ORIGIN)[0].status, 400, name)
    same(len(shop.events("cut")), 1, "pieces of paper")


run_tests(globals())

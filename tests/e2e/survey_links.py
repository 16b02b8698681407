"""A link of each platform on each kind of paper: what zbarimg reads from the picture is the link, byte for byte; version
and module measured in the picture; what does not fit is left out."""
import os
import re
import struct
import subprocess
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

# Template and the smallest version that holds it with a token of 20 characters at level M (ISO/IEC 18004). A printer that
# draws itself is asked for what fits without changes of mode.
LINKS = {
    "own, in capitals": ("HTTPS://FB.EXAMPLE.COM/{token}", 3),
    "own": ("https://fb.example.com/{token}", 3),
    "Qualtrics": ("https://example.fra1.qualtrics.com/jfe/form/SV_0aBcDeFgHiJkLmN?t={token}&Q_Language={LANG}", 6),
    "LimeSurvey": ("https://survey.example.com/index.php/123456?t={token}&lang={lang}&newtest=Y", 5),
    "Formbricks": ("https://app.formbricks.com/s/clx0a1b2c3d4e5f6g7h8i9j0k?t={token}", 5),
    "Typeform": ("https://form.typeform.com/to/AbCdEfGh#t={token}", 4),
    "SurveyMonkey": ("https://www.surveymonkey.com/r/ABCDEFG?t={token}", 4),
    "Tally": ("https://tally.so/r/wABCDE?t={token}", 4),
    "JotForm": ("https://form.jotform.com/261234567890123?t={token}", 4),
    "Microsoft": ("https://forms.office.com/Pages/ResponsePage.aspx?id=DQSIkWdsW0yxEjajBLZtrQAAAAAAAAAAAAN__hT5XNtUNkJVMDlSTVhBUEhPTk"
                  "ZLRVRLR0RYUTc5Ry4u&r0123456789abcdef0123456789abcdef={token}", 9),
    "Google": ("https://docs.google.com/forms/d/e/1FAIpQLSdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnO/viewform?usp=pp_url"
               "&entry.1234567890={token}", 8),
    "Google review": ("https://search.google.com/local/writereview?placeid=ChIJN1t_tDeuEmsRUsoyG83frY4&t={token}", 6),
}
# Profile and the usual module of its paper: 80 mm at 203 and 180 dpi, 58 mm at 203 dpi.
PAPERS = {"tm-t20iii": 6, "tm-t88v": 5, "tm-t20iii-58": 5}


def _shop(url, profile, drawing="auto", more=""):
    shop = Shop(profile=profile, more=more)
    with open(shop.config, encoding="utf-8") as file:
        text = file.read()
    with open(shop.config, "w", encoding="utf-8") as file:
        file.write(text.replace("HTTPS://FB.EXAMPLE/{token}", url).replace("[survey]", f"qr = {drawing}\n[survey]"))
    return shop


def _scan(path):
    run = subprocess.run(["zbarimg", "-q", "--raw", path], capture_output=True, timeout=60, check=False)
    return run.stdout.decode().splitlines()


def _rows(path):
    """The paper's rows of dots as text of 1 (black) and 0, from a grey PNG of one or eight bits without filters."""
    with open(path, "rb") as file:
        data = file.read()
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    same(colour, 0, "a grey picture")
    packed, at = b"", 8
    while at < len(data):
        length, = struct.unpack(">I", data[at:at + 4])
        packed += data[at + 8:at + 8 + length] if data[at + 4:at + 8] == b"IDAT" else b""
        at += 12 + length
    raw, stride = zlib.decompress(packed), (width * depth + 7) // 8
    for y in range(height):
        same(raw[y * (stride + 1)], 0, "filter of a row")
        row = raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)]
        bits = "".join(f"{byte:08b}" for byte in row) if depth == 1 else "".join("1" if byte > 127 else "0" for byte in row)
        yield bits[:width].translate(str.maketrans("01", "10"))


def _measure(path):
    """Version, dots of a module, and white on the left in modules, from the finder patterns of the picture."""
    rows = list(_rows(path))
    for y, row in enumerate(rows):
        ink = row.strip("0")
        finder = len(ink) - len(ink.lstrip("1"))
        module = finder // 7
        if finder < 21 or finder % 7 or not ink.endswith("0" * module + "1" * finder) or len(ink) % module:
            continue
        left = row.index("1")
        ring = "1" * module + "0" * (5 * module) + "1" * module
        if all(rows[y + k][left:left + finder] == "1" * finder for k in range(module)) and rows[y + module][left:left + finder] == ring:
            white = next(n for n in range(1, y) if "1" in rows[y - n]) - 1
            return (len(ink) // module - 17) // 4, module, min(left, white) / module
    raise AssertionError(f"no symbol in {path}")


def every_platform_is_read_back_from_every_paper():
    for name, (url, version) in LINKS.items():
        for profile, module in PAPERS.items():
            for drawing in ("native", "raster"):
                where, shop = f"{name} on {profile}, {drawing}", _shop(url, profile, drawing)
                same(shop.kwit("config", "check").exit, 0, where)
                code, line = shop.print(tiny("S", locale="pl-PL"))
                survey, path = line["survey"], os.path.join(shop.paper, shop.pieces()[0])
                same((code, survey["invited"], line["warnings"]), (0, True, []), where)
                wanted = url.replace("{token}", survey["token"]).replace("{lang}", "pl").replace("{LANG}", "PL")
                same((survey["url"], _scan(path)), (wanted, [wanted]), where)
                typed = "-".join(survey["token"][i:i + 4] for i in range(0, 20, 4))
                want(typed in shop.text() and "fb.example" in shop.text(), f"{where}: {shop.text()}")
                found, dots, white = _measure(path)
                # A code that begins with a store's zeros may happen to go on in digits, which take less room.
                fits = range(version - bool(re.search(r"\d{9}", survey["token"])), version + (drawing == "native") + 1)
                want(found in fits, f"{where}: version {found} of {survey['token']}, wanted {version}")
                want(dots == module and white >= 4, f"{where}: modules of {dots} dots with {white} modules of white")
                same(bool(shop.events("qr")), drawing == "native", where)


def each_kind_of_sale_may_have_a_link_of_its_own():
    shop = _shop("https://x.example/{kind}/{token}?s={segment}\nurl.refund = https://x.example/R/{token}?l={lang}", "tm-t20iii")
    same(shop.kwit("config", "check").exit, 0, "the configuration")
    told = {}
    for kind, document in (("sale", tiny("S", survey={"segment": "club"})), ("refund", tiny("R", kind="refund", locale="pl-PL"))):
        survey = shop.print(document)[1]["survey"]
        told[kind] = survey["url"].replace(survey["token"], "T")
    same(told, {"sale": "https://x.example/sale/T?s=club", "refund": "https://x.example/R/T?l=pl"}, "links")
    wrong = _shop("https://x.example/{token}\nurl.refund = https://x.example/R", "tm-t20iii")
    want("`url.refund = https://x.example/R`: the survey link needs {token}" in wrong.kwit("config", "check").text, "a link without a code")


def capitals_make_the_symbol_smaller():
    sizes = []
    for url in ("HTTPS://SURVEY.EXAMPLE-SHOP.COM/R/{token}", "https://survey.example-shop.com/r/{token}"):
        shop = _shop(url, "tm-t20iii", more="form = stacked\n")
        shop.print(tiny("S"))
        sizes.append(_measure(os.path.join(shop.paper, shop.pieces()[0]))[0])
    same(sizes, [3, 4], "versions of 52 characters in capitals and not")


def a_link_too_long_for_the_paper_is_left_out_and_told():
    for length, reason, codes in ((300, None, set()), (800, None, {"code_fine"}), (1500, "qr_does_not_fit", {"survey_omitted"})):
        shop = _shop("https://x.example/" + "y" * length + "?t={token}", "tm-t20iii-58")
        code, line = shop.print(tiny("S"))
        same((code, line["outcome"], line["survey"]["reason"]), (0, "printed", reason), f"{length} characters")
        same({warning["code"] for warning in line["warnings"]}, codes, f"warnings of {length} characters")
        scanned = _scan(os.path.join(shop.paper, shop.pieces()[0]))
        same(scanned, [] if reason else [line["survey"]["url"]], f"{length} characters read back")
    wide = _shop("https://x.example/" + "y" * 1500 + "?t={token}", "tm-t20iii")
    same(wide.print(tiny("S"))[1]["survey"]["invited"], True, "the same on wider paper")


def a_module_that_is_wanted_is_kept_while_it_fits():
    for wanted, profile, made in ((8, "tm-t20iii", 8), (4, "tm-t20iii", 4), (16, "tm-t20iii-58", 12), (1, "tm-t20iii", 3)):
        shop = _shop("HTTPS://FB.EXAMPLE.COM/{token}", profile, more=f"form = stacked\nmodule_dots = {wanted}\n")
        line = shop.print(tiny("S"))[1]
        path = os.path.join(shop.paper, shop.pieces()[0])
        same((_measure(path)[1], _scan(path)), (made, [line["survey"]["url"]]), f"module_dots = {wanted} on {profile}")
        same([warning["code"] for warning in line["warnings"]], ["code_fine"] if made < 4 else [], f"warnings of {wanted}")


def one_tap_is_promised_where_the_link_is_the_shops_own_page():
    """As codes have it in capitals, and as it is written; a page of somebody else's may ask more."""
    for url, office, own in (("HTTPS://FB.EXAMPLE/{token}", "https://fb.example", True), ("https://fb.example/p/{token}", "https://fb.example/p", True),
                             ("https://fb.example.com/{token}", "https://fb.example", False), ("https://other.example/{token}", "https://fb.example", False)):
        shop = _shop(url, "tm-t20iii", more=f"[office]\nurl = {office}\n")
        same(shop.print(tiny("T-1"))[0], 0, url)
        same("One tap is enough" in shop.text(), own, f"{url} with an office at {office}")


if __name__ == "__main__":
    run_tests(globals())

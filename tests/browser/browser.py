"""browser.py - a Chromium of Debian's, driven by its own driver over WebDriver; axe-core looks at what it shows."""
import base64
import json
import os
import re
import subprocess
import urllib.error
import urllib.request

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Browser:
    def __init__(self, axe=None):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.driver.stdout:
            if found := re.search(r"successfully on port (\d+)", line):
                self.url = f"http://127.0.0.1:{found.group(1)}"
                break
        options = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": FLAGS}}}}
        self.session = self._call("POST", "/session", options)["sessionId"]
        self.url += f"/session/{self.session}"
        self.axe = open(axe, encoding="utf-8").read() if axe else None

    def _call(self, method, path, body=None):
        data = json.dumps(body or {}).encode() if method == "POST" else None
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()[:400]) from error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._call("DELETE", "")
        self.driver.terminate()
        self.driver.wait()

    def open(self, url):
        self._call("POST", "/url", {"url": url})

    @property
    def at(self):
        return self._call("GET", "/url")

    def run(self, script, *arguments):
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def _devtools(self, command, **parameters):
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def be(self, width, height=800, scripts=True, dark=False, forced=False, touch=True, zoom=1):
        """A screen of that many CSS pixels; a page that was open is drawn anew."""
        self._devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=zoom, mobile=touch)
        self._devtools("Emulation.setScriptExecutionDisabled", value=not scripts)
        self._devtools("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "forced-colors", "value": "active" if forced else "none"}])

    def speak(self, language):
        """What it asks pages for, from the next one on."""
        self._devtools("Emulation.setUserAgentOverride", userAgent=self.run("return navigator.userAgent"), acceptLanguage=language)

    def find(self, selector):
        found = self._call("POST", "/element", {"using": "css selector", "value": selector})
        return next(iter(found.values()))

    def click(self, selector):
        self._call("POST", f"/element/{self.find(selector)}/click")

    def type(self, selector, text):
        self._call("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def press(self, text):
        """Keys for whatever has the focus."""
        focused = next(iter(self._call("GET", "/element/active").values()))
        self._call("POST", f"/element/{focused}/value", {"text": text})

    def text(self):
        return self.run("return document.body.innerText")

    def picture(self, path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._call("GET", "/screenshot")))

    def violations(self):
        """What axe-core finds against WCAG 2.2 AA and its own best practice."""
        self.run(self.axe + ";window.axe = axe;")
        found = self._call("POST", "/execute/async", {"script": "const end = arguments[1]; axe.run(document, {runOnly: arguments[0]})"
                                                      ".then(r => end(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '))),"
                                                      " e => end(['axe: ' + e]))", "args": [TAGS]})
        return found

    def is_too_wide(self):
        return self.run("return document.documentElement.scrollWidth > window.innerWidth")

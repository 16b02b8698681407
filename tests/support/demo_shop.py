"""demo_shop.py - shops made of chance by demo-day: what was answered there, and the page of their report."""
import csv
import datetime
import html.parser
import os

from kwit import Shop, same

LANGUAGES = ("en", "pl", "fr", "ru", "fa")


def demo(*arguments, more=""):
    shop = Shop(survey=False)
    place = os.path.join(shop.place, "demo")
    made = shop.kwit("demo-day", place, "--json", *arguments)
    same(made.exit, 0, made.text)
    shop.truth = made.line["truth"]
    shop.variants = int(arguments[arguments.index("--variants") + 1]) if "--variants" in arguments else 2
    shop.state, shop.config = place, os.path.join(place, "kwit.conf")
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write(more)
    return shop


def answers_of(shop):
    with open(os.path.join(shop.state, "answers.csv"), encoding="utf-8") as file:
        return list(csv.DictReader(file))


def import_answers(shop, rows):
    path = os.path.join(shop.place, "more.csv")
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    done = shop.kwit("survey", "import", path, "--platform", "own")
    same(done.exit, 0, done.text)
    return rows


def said_later(answer, number, seconds, **changes):
    time = datetime.datetime.fromisoformat(answer["submitted_at"].replace("Z", "+00:00")) + datetime.timedelta(seconds=seconds)
    return dict(answer, response_id=f"later{number}", submitted_at=time.strftime("%Y-%m-%dT%H:%M:%SZ"), **changes)


def scores_of(line):
    return line.get("scores", {})


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.open, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self.open and "blockquote" not in self.open:
            self.text.append(data)


def page_of(shop, language, *more):
    page = Page()
    page.source = shop.kwit("report", "--format", "html", "--lang", language, *more).out.decode()
    page.feed(page.source)
    return page

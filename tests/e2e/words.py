"""words.py - the shop's own words: [words LANG] over any word that kwit prints, and a reward for each language."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

REWARD = "reward = 10 % off\nexpires_days = 14\n"


def _text(shop, locale, **changes):
    path = os.path.join(shop.place, "paper.txt")
    answer = shop.kwit("preview", "-", "-o", path, document=tiny("1", locale=locale, **changes))
    same(answer.exit, 0, f"preview in {locale} ({answer.text})")
    with open(path, encoding="utf-8") as file:
        return file.read()


def every_word_can_be_said_otherwise():
    shop = Shop(more="[words pl]\ntotal = DO ZAPŁATY\nthanks = Do zobaczenia!\ninv_title = I jak było?\n")
    text = _text(shop, "pl-PL")
    for word in ["DO ZAPŁATY", "Do zobaczenia!", "I jak było?"]:
        want(word in text, f"no {word!r} in {text}")
    want("SUMA" not in text and "Dziękujemy" not in text, "kwit's own words beside the shop's")
    want("DO ZAPŁATY" not in _text(shop, "en-GB"), "Polish words on an English receipt")


def a_region_is_stronger_than_its_language():
    shop = Shop(survey=False, more="[words pt-BR]\ntotal = Tudo\n[words pt]\ntotal = Soma\nthanks = Até já\n")
    brazil, portugal = _text(shop, "pt-BR"), _text(shop, "pt-PT")
    want("Tudo" in brazil and "Soma" not in brazil and "Até já" in brazil, brazil)
    want("Soma" in portugal and "Tudo" not in portugal, portugal)


def each_language_has_its_reward():
    shop = Shop(more=REWARD + "[words pl]\nreward = kawa gratis\n[words fr-CH]\nreward = un café\n")
    want("kawa gratis" in _text(shop, "pl-PL"), "the Polish reward")
    want("un café" in _text(shop, "fr-CH"), "the Swiss reward")
    for locale in ["en-GB", "fr-FR"]:
        want("10 % off" in " ".join(_text(shop, locale).split()), f"{locale}: the reward of all others")
    spoken = _text(shop, "en-GB", customer={"locale": "pl-PL"})
    want("kawa gratis" in spoken and "10 % off" not in spoken, "the invitation's reward is in the customer's language")


def no_line_begins_with_the_dot_between_two_sentences():
    words = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../driver/data/wording")
    languages = sorted(name[:-4] for name in os.listdir(words) if name.endswith(".def") and "_" not in name)
    want(len(languages) > 30, languages)
    for profile in ("tm-t20iii", "tm-t20iii-58"):
        shop = Shop(profile=profile, more="expires_days = 14\n")
        papers = {language: _text(shop, language) for language in languages}
        same([language for language, text in papers.items() if any(line.strip().startswith("·") for line in text.splitlines())], [], profile)
        want(any("·" in text for text in papers.values()), "the dot is there")


def what_cannot_be_is_told_with_its_line():
    for words, told in [("[words xx]\ntotal = x\n", "no locale `xx`"), ("[words pl]\nsumma = x\n", "summa"),
                        ("[words pl]\ninv_code = Kod\n", "{code}")]:
        shop = Shop(survey=False, more=words)
        answer = shop.kwit("config", "check")
        same(answer.exit, 78, f"config check of {words!r} ({answer.text})")
        want(told in answer.text and "kwit.conf:" in answer.text, f"{words!r} is told as {answer.text!r}")
        want("1.00" in _text(shop, "en-GB"), "and stops no receipt")


run_tests(globals())

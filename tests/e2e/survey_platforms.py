"""Exports as the platforms and the spreadsheets of this world write them, in their languages and with their oddities: every row is
accounted for, every token found, every score and time right. What is stored is read with sqlite3, not with kwit."""
import csv
import datetime
import html
import io
import json
import os
import random
import sqlite3
import sys
import zipfile
import zoneinfo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, run_tests, same, want      # noqa: E402  pylint: disable=wrong-import-position
from workbook import Sheet, workbook, zip64       # noqa: E402  pylint: disable=wrong-import-position

WARSAW = zoneinfo.ZoneInfo("Europe/Warsaw")
# Three answers: when (UTC), NPS, CSAT, comment. The second time is past noon, the third on the morning of a day below 13.
ANSWERS = [(datetime.datetime(2026, 11, 22, 8, 4, 5), 10, 5, "Szybko, miło; \"super\""), (datetime.datetime(2026, 11, 22, 14, 4, 5), 0, 1, "zimno\ni ciemno"),
           (datetime.datetime(2026, 12, 5, 9, 9, 9), 7, 3, "")]


class Office(Shop):
    """A shop whose tokens the office can make: their sales are not here, so they are authentic and uncovered."""

    made_tokens = None

    def __init__(self, zone="Europe/Warsaw"):
        super().__init__(survey=True, key=False)
        with open(self.config, encoding="utf-8") as file:
            text = file.read()
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text.replace("[store]\n", f"[store]\ntimezone = {zone}\n"))
        made = self.kwit("survey", "key", "import", "--epoch", "1", "--hex", "77" * 32)
        same(made.exit, 0, made.text)
        Office.made_tokens = self.tokens = Office.made_tokens or [
            self.kwit("survey", "token", "encode", "--epoch", "1", "--handle", str(number), "--day", "1056", "--seq", "1", "--json").line["code"]
            for number in (1, 2, 3)]

    def take(self, data, *arguments, name="export"):
        path = os.path.join(self.place, name)
        with open(path, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return self.kwit("survey", "import", path, "--json", *arguments)

    def stored(self):
        with sqlite3.connect(os.path.join(self.state, "journal.db")) as database:
            return database.execute("SELECT submitted_ms, nps, csat, comment, verdict, complete FROM answer JOIN import ON import.id = import"
                                    " ORDER BY submitted_ms").fetchall()


def _ms(moment):
    return int(moment.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000)


def _local(moment, zone=WARSAW):
    return moment.replace(tzinfo=datetime.timezone.utc).astimezone(zone).replace(tzinfo=None)


def _expect(office, answer, text, minutes=False, comments=True):
    same(answer.exit, 0, f"{text}: {answer.text}")
    line = answer.line
    same(line["rows"], line["added"] + line["known"] + line["previews"] + line["opened"] + line["started"], f"{text}: rows accounted for")
    same((line["added"], line["verdicts"]["uncovered"]), (3, 3), f"{text}: {line}")
    cut = 60000 if minutes else 1
    found = [(ms // cut, nps, csat, comment.replace("\r", "") if comments else "") for ms, nps, csat, comment, verdict, complete in office.stored()]
    wanted = [(_ms(when) // cut, nps, csat, comment if comments else "") for when, nps, csat, comment in ANSWERS]
    same(found, wanted, text)


def _check(text, data, *arguments, minutes=False, zone="Europe/Warsaw", comments=True):
    """data: from the three tokens to the file; once more it changes nothing."""
    office = Office(zone)
    content = data(office.tokens)
    _expect(office, office.take(content, *arguments), text, minutes, comments)
    again = office.take(content, *arguments).line
    same((again["added"], again["known"], again["filled"]), (0, 3, 0), f"{text}: the second time")


def _csv(rows, delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\r\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)
    return out.getvalue()


def _with(tokens):
    return [(token, _local(when), when, nps, csat, comment) for token, (when, nps, csat, comment) in zip(tokens, ANSWERS)]


SATISFIED = {"en": ["Very dissatisfied", "Dissatisfied", "Neither satisfied nor dissatisfied", "Satisfied", "Very satisfied"],
             "pl": ["Bardzo niezadowolony", "Niezadowolony", "Ani zadowolony, ani niezadowolony", "Zadowolony", "Bardzo zadowolony"],
             "fr": ["Très insatisfait", "Insatisfait", "Ni satisfait ni insatisfait", "Satisfait", "Très satisfait"],
             "ru": ["Очень недоволен", "Недоволен", "Ни доволен, ни недоволен", "Доволен", "Очень доволен"],
             "fa": ["خیلی ناراضی", "ناراضی", "نه راضی نه ناراضی", "راضی", "خيلي راضي"]}


def google_forms_in_many_languages():
    twelve = lambda when: f"{when:%Y/%m/%d} {when.hour % 12 or 12}:{when:%M:%S}"
    half = lambda when, am, pm: am if when.hour < 12 else pm
    heads = {"en": ("Timestamp", "Receipt code"), "pl": ("Sygnatura czasowa", "Kod z paragonu"), "fr": ("Horodateur", "Code du ticket"),
             "ru": ("Отметка времени", "Код с чека"), "de": ("Zeitstempel", "Code"), "fa": ("مُهر زمان", "کد")}
    forms = {
        "en": lambda at: f"{twelve(at)} {half(at, 'AM', 'PM')} GMT+1", "fr": lambda at: f"{at:%d/%m/%Y %H:%M:%S}", "pl": lambda at: f"{at:%d.%m.%Y %H:%M:%S}",
        "ru": lambda at: f"{at.day}.{at:%m.%Y %H:%M:%S}", "de": lambda at: f"{twelve(at)} {half(at, 'vorm.', 'nachm.')} MEZ",
        "fa": lambda at: f"{at:%Y/%m/%d} {at:%H:%M:%S}".translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))}
    for language, (time, code) in heads.items():
        labels = SATISFIED.get(language, SATISFIED["en"])
        _check(f"google {language}", lambda tokens, h=(time, code), f=forms[language], labels=labels: _csv(
            [[h[0], "Ile punktów?", "Zadowolenie", h[1], "Uwagi"]] + [[f(at), nps, labels[csat - 1], token.lower(), comment]
                                                                    for token, at, _, nps, csat, comment in _with(tokens)]),
               "--platform", "google", "--column", "nps=Ile punktów?", "--column", "csat=Zadowolenie", "--column", "comment=Uwagi",
               *(["--dates", "dmy"] if language == "fr" else []))
    _check("google in American order", lambda tokens: _csv([["Timestamp", "Code", "nps", "csat", "comment"]] + [
        [f"{at.month}/{at.day}/{at:%Y %H:%M:%S}", token, nps, csat, comment] for token, at, _, nps, csat, comment in _with(tokens)]),
           "--platform", "google", "--dates", "mdy")


def _qualtrics(tokens, headers=3, choice=True, when=lambda at: f"{at:%Y-%m-%d %H:%M:%S}"):
    names = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate", "ResponseId", "RecipientLastName",
             "RecipientFirstName", "RecipientEmail", "ExternalReference", "LocationLatitude", "LocationLongitude", "DistributionChannel", "UserLanguage", "Q1_NPS_GROUP",
             "Q1", "Q2", "Q3", "t"]
    labels = ["Start Date", "End Date", "Response Type", "IP Address", "Progress", "Duration (in seconds)", "Finished", "Recorded Date", "Response ID", "Last", "First",
              "Email", "External Data", "Lat", "Long", "Distribution Channel", "User Language", "How likely - Group", "On a scale from 0 to 10,\nhow likely are you…", "Satisfied?",
              "Anything, really", "t"]
    ids = ['{"ImportId":"startDate","timeZone":"Europe/Warsaw"}'] + ['{"ImportId":"_recordId"}'] * (len(names) - 1)
    status = ["IP Address", "Survey Preview"] if choice else ["0", "1"]
    rows = [[when(at), when(at), status[0], "", "100", "64", "True" if choice else "1", when(at), f"R_{number}", "", "", "", "", "", "", "anonymous", "PL", "Passive", nps,
             SATISFIED["en"][csat - 1] if choice else csat, comment, token] for number, (token, at, _, nps, csat, comment) in enumerate(_with(tokens))]
    preview = [*rows[0][:2], status[1], *rows[0][3:8], "R_9", *rows[0][9:15], "preview", *rows[0][16:]]
    channel = [*rows[0][:8], "R_8", *rows[0][9:15], "preview", *rows[0][16:]]
    return _csv([names, labels, ids][:headers] + rows + [preview, channel])


def qualtrics_with_choice_text_numbers_and_fewer_header_rows():
    own = ("--platform", "qualtrics", "--column", "nps=Q1", "--column", "csat=Q2", "--column", "comment=Q3")
    for headers in (1, 2, 3):
        for choice in (True, False):
            for zone in ("America/Denver", "Europe/Warsaw") if headers == 3 else ("Europe/Warsaw",):      # the file's own goes before the shop's
                office = Office(zone)
                answer = office.take("\ufeff" + _qualtrics(office.tokens, headers, choice), *own)
                _expect(office, answer, f"qualtrics, {headers} header rows, {choice}")
                same(answer.line["previews"], 2, "previews by status and by channel")
    office = Office()
    _expect(office, office.take(_qualtrics(office.tokens).replace("Europe/Warsaw", "Z"), *own, "--zone", "Europe/Warsaw"), "an option goes before the file")
    office = Office()
    rows = list(csv.reader(io.StringIO(_qualtrics(office.tokens))))
    _expect(office, office.take(_csv(rows, delimiter="\t").encode("utf-16"), *own), "TSV in UTF-16")


def limesurvey_with_codes_texts_and_old_files():
    heads = {"codes": ["id", "submitdate", "lastpage", "startlanguage", "seed", "t", "Q00", "Q01", "Q02"],
             "codes and texts": ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page", "startlanguage. Start language", "seed. Seed", "t. Code", "Q00. How likely?",
                                 "Q01. Satisfied?", "Q02. More?"],
             "German": ["Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache", "Zufallsstartwert", "t", "Q00", "Q01", "Q02"],
             "Polish": ["ID odpowiedzi", "Data wysłania", "Ostatnia strona", "Język początkowy", "Seed", "t", "Q00", "Q01", "Q02"],
             "French": ["ID de la réponse", "Date de soumission", "Dernière page", "Langue de départ", "Tête", "t", "Q00", "Q01", "Q02"],
             "a title of the code": ["Response ID", "Date submitted", "Last page", "Start language", "Seed", "Receipt code", "Q00", "Q01", "Q02"]}
    for name, head in heads.items():
        for delimiter in ",;\t":
            for form in ("%Y-%m-%d %H:%M:%S", "%d.%m.%y %H:%M"):
                _check(f"limesurvey {name} {delimiter!r}", lambda tokens, h=head, d=delimiter, f=form: "\ufeff" + _csv(
                    [h] + [[number, f"{at:{f}}", "1", "pl", "12", token, nps, csat, comment]
                           for number, (token, at, _, nps, csat, comment) in enumerate(_with(tokens), 1)], d, csv.QUOTE_ALL) + "\r\n",
                       "--platform", "limesurvey", "--column", "nps=Q00", "--column", "csat=Q01", "--column", "comment=Q02", minutes="M:%S" not in form)
    office = Office()
    broken = [["id", "submitdate", "t", "Q00"], ["1", "1980-01-01 00:00:00", office.tokens[0], "4.0"], ["2", "", office.tokens[1], "N/A"], ["3", "1980-01-01 00:00:00", "", ""]]
    line = office.take(_csv(broken), "--platform", "limesurvey", "--column", "nps=Q00").line
    same((line["rows"], line["added"], line["verdicts"]["uncovered"], line["verdicts"]["no_token"]), (3, 3, 2, 1), f"times that are unknown: {line}")
    same([(ms, nps) for ms, nps, *_ in office.stored()], [(0, 4), (0, None), (0, None)], "unknown times, no score")
    twins = _csv([["Timestamp", "Code", "nps"], ["2026-11-22 10:00:00", "", 9], ["2026-11-22 10:00:00", "", 3]])
    same(Office().take(twins, "--platform", "google").line["added"], 2, "answers without a code in the same second")
    line = office.take(_csv([["id", "submitdate", "t", "Q00"], ["1", "2026-11-22 10:00:00", office.tokens[2], "9"]]), "--platform", "limesurvey", "--column", "nps=Q00").line
    same(line["added"], 1, "the first answer of another form is no answer of the first form")


def surveymonkey_condensed_and_one_column_an_option():
    lead = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name", "Last Name", "t"]
    american = lambda at: f"{at:%m/%d/%Y} {at.hour % 12 or 12}:{at:%M:%S} {'AM' if at.hour < 12 else 'PM'}"

    def condensed(tokens, second=True, when=american):
        head = [lead + ["How likely is it?", "Satisfied?", "Why?"]] + [[""] * 9 + ["", "Response", "Open-Ended Response"]] * second
        return _csv(head + [[f"11801234567{number}", "43", when(at), when(at), "", "", "", "", token, f"{nps} - Extremely likely" if nps == 10 else nps,
                             SATISFIED["en"][csat - 1], comment] for number, (token, at, _, nps, csat, comment) in enumerate(_with(tokens))])

    def expanded(tokens):
        head = [lead + ["How likely is it?"] + [""] * 10 + ["Satisfied?"] + [""] * 4 + ["Why?"],
                [""] * 9 + ["Not at all likely - 0"] + [str(n) for n in range(1, 10)] + ["Extremely likely - 10"] + SATISFIED["en"] + ["Open-Ended Response"]]
        rows = []
        for number, (token, at, _, nps, csat, comment) in enumerate(_with(tokens)):
            points, labels = [""] * 11, [""] * 5
            points[nps], labels[csat - 1] = head[1][9 + nps], SATISFIED["en"][csat - 1]
            rows.append([f"11801234567{number}", "43", american(at), american(at), "", "", "", "", token, *points, *labels, comment])
        return _csv(head + rows)
    own = ("--platform", "surveymonkey", "--column", "nps=How likely is it?", "--column", "csat=Satisfied?", "--column", "comment=Why?", "--dates", "mdy")
    _check("surveymonkey", condensed, *own)
    _check("surveymonkey without its second row", lambda tokens: condensed(tokens, False), *own)
    _check("surveymonkey with a column for each option", expanded, *own)
    _check("surveymonkey, ISO dates", lambda tokens: condensed(tokens, when=str), *own)


def typeform_tally_jotform_formbricks():
    stamp = "%Y-%m-%d %H:%M:%S"
    _check("typeform", lambda tokens: _csv([["#", "How *likely*?", "Happy?", "Why?", "t", "Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags"]] + [
        [f"tf{number}", nps, csat, comment, token, "completed", f"{utc:{stamp}}", "null", f"{utc:{stamp}}", "abc", ""] for number, (token, _, utc, nps, csat, comment) in enumerate(_with(tokens))]),
           "--platform", "typeform", "--column", "nps=How *likely*?", "--column", "csat=Happy?", "--column", "comment=Why?")
    _check("tally", lambda tokens: _csv([["Submission ID", "Respondent ID", "Submitted at", "Points", "Stars", "Text", "t"]] + [
        [f"ta{number}", "r", f"{utc:{stamp}}", nps, csat, comment, token] for number, (token, _, utc, nps, csat, comment) in enumerate(_with(tokens))]),
           "--platform", "tally", "--column", "nps=Points", "--column", "csat=Stars", "--column", "comment=Text")
    for form in (stamp, "%b %d, %Y %H:%M:%S", "%d %B %Y, %H:%M:%S", "%A, %B %d, %Y %H:%M:%S"):
        _check(f"jotform {form}", lambda tokens, f=form: _csv([["Submission Date", "Points", "Stars", "Text", "t", "Submission ID"]] + [
            [f"{at:{f}}", f"{nps}/10", f"{csat} / 5", comment, token, f"584{number}00000000{number}"] for number, (token, at, _, nps, csat, comment) in enumerate(_with(tokens))]),
               "--platform", "jotform", "--column", "nps=Points", "--column", "csat=Stars", "--column", "comment=Text")
    for title in ("Receipt code", "Kod z paragonu", "Code du ticket", "Код с чека", "کد رسید"):
        _check(f"jotform {title}", lambda tokens, title=title: _csv([["Submission Date", "Points", "Stars", "Text", title, "Submission ID"]] + [
            [f"{at:{stamp}}", nps, csat, comment, token, f"584{number}"] for number, (token, at, _, nps, csat, comment) in enumerate(_with(tokens))]),
               "--platform", "jotform", "--column", "nps=Points", "--column", "csat=Stars", "--column", "comment=Text")
    _check("formbricks", lambda tokens: _csv([["No.", "Response ID", "Timestamp", "Finished", "Survey ID", "Formbricks ID (internal)", "User ID", "Tags", "userAgent - browser",
                                               "1. How likely?", "2. Satisfied?", "3. Why?", "t"]] + [
        [number, f"clx{number}", f"{utc:{stamp}}", "Yes", "s1", "i", "", "", "Firefox", nps, SATISFIED["en"][csat - 1], comment, token]
        for number, (token, _, utc, nps, csat, comment) in enumerate(_with(tokens), 1)], quoting=csv.QUOTE_ALL),
           "--platform", "formbricks", "--column", "nps=How likely?", "--column", "csat=2. Satisfied?", "--column", "comment=Why?")


def json_of_interfaces_and_hooks():
    iso = lambda utc: f"{utc:%Y-%m-%dT%H:%M:%SZ}"

    def typeform(tokens):
        return [{"landing_id": f"L{number}", "token": f"tf{number}", "landed_at": iso(utc), "submitted_at": iso(utc), "hidden": {"t": token}, "answers": [
            {"field": {"id": "a", "type": "opinion_scale", "ref": "nps"}, "type": "number", "number": nps},
            {"field": {"id": "b", "type": "multiple_choice", "ref": "csat"}, "type": "choice", "choice": {"id": "x", "label": SATISFIED["en"][csat - 1]}},
            {"field": {"id": "c", "type": "long_text", "ref": "comment"}, "type": "text", "text": comment}]}
            for number, (token, _, utc, nps, csat, comment) in enumerate(_with(tokens))]
    _check("typeform's responses", lambda tokens: json.dumps({"total_items": 3, "page_count": 1, "items": typeform(tokens)}, indent=2), "--platform", "typeform")
    _check("typeform's responses in one line", lambda tokens: json.dumps({"items": typeform(tokens)}), "--platform", "typeform")
    _check("typeform's hooks", lambda tokens: "\n".join(json.dumps({"event_id": "e", "form_response": answer}) for answer in typeform(tokens)), "--platform", "typeform")
    _check("tally's hooks", lambda tokens: "".join(json.dumps({"eventId": "e", "data": {"responseId": f"r{number}", "createdAt": iso(utc), "fields": [
        {"key": "k1", "label": "t", "type": "HIDDEN_FIELDS", "value": token}, {"key": "k2", "label": "nps", "type": "LINEAR_SCALE", "value": nps},
        {"key": "k3", "label": "csat", "type": "RATING", "value": csat}, {"key": "k4", "label": "comment", "type": "TEXTAREA", "value": comment}]}}) + "\r\n"
        for number, (token, _, utc, nps, csat, comment) in enumerate(_with(tokens))), "--platform", "tally")
    _check("jotform's interface", lambda tokens: json.dumps({"responseCode": 200, "content": [{"id": f"5840000000{number}", "created_at": f"{at:%Y-%m-%d %H:%M:%S}", "answers": {
        "1": {"name": "t", "order": "1", "text": "Code", "type": "control_textbox", "answer": token}, "2": {"name": "nps", "text": "How likely", "answer": str(nps)},
        "3": {"name": "csat", "text": "Satisfied", "answer": SATISFIED["en"][csat - 1]}, "4": {"name": "comment", "text": "Why", "answer": comment}}}
        for number, (token, at, _, nps, csat, comment) in enumerate(_with(tokens))]}, indent=1), "--platform", "jotform")
    _check("formbricks' interface", lambda tokens: json.dumps({"data": [{"id": f"c{number}", "createdAt": utc.strftime("%Y-%m-%dT%H:%M:%S.250Z"), "finished": True, "data": {
        "t": token, "q1": nps, "q2": SATISFIED["en"][csat - 1], "q3": comment}} for number, (token, _, utc, nps, csat, comment) in enumerate(_with(tokens))]}),
           "--platform", "formbricks", "--column", "nps=data.q1", "--column", "csat=data.q2", "--column", "comment=data.q3")
    _check("own page", lambda tokens: "\ufeff" + "\n".join(json.dumps({"response_id": f"r{number}", "token": token.replace("-", " "), "submitted_at": iso(utc), "lang": "pl", "nps": nps,
                                                                       "csat": float(csat), "ces": None, "comment": comment, "contact_ok": False})
                                                          for number, (token, _, utc, nps, csat, comment) in enumerate(_with(tokens))) + "\n\n")


FORMS = {"en": ("ID", "Start time", "Completion time", "Email", "Name", "Receipt code"), "pl": ("Identyfikator", "Godzina rozpoczęcia", "Godzina ukończenia", "Adres e-mail", "Nazwa", "Kod z paragonu"),
         "fr": ("ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom", "Code du ticket"), "de": ("ID", "Startzeit", "Abschlusszeit", "E-Mail", "Name", "Code"),
         "ru": ("ИД", "Время начала", "Время завершения", "Электронная почта", "Имя", "Код с чека"), "fa": ("شناسه", "زمان شروع", "زمان تکمیل", "ایمیل", "نام", "کد")}


def _forms(tokens, head, labels, strings=False):
    rows = [[*head, "Jak bardzo\u00a0prawdopodobne\u00a0jest…", "Zadowolenie\u00a0", "Uwagi", "Points - Zadowolenie"]]
    for number, (token, at, _, nps, csat, comment) in enumerate(_with(tokens), 1):
        rows.append([number, at, at, "anonymous", None, token, str(nps) if strings else nps, labels[csat - 1] + ";" * strings, comment or None, None])
    return rows


def microsoft_forms_in_six_languages():
    for language, head in FORMS.items():
        labels = SATISFIED.get(language, SATISFIED["en"])
        own = ("--platform", "microsoft", "--column", "nps=Jak bardzo prawdopodobne jest…", "--column", "csat=Zadowolenie", "--column", "comment=Uwagi")
        _check(f"microsoft {language}", lambda tokens, h=head, l=labels: workbook(_forms(tokens, h, l)), *own)
        _check(f"microsoft {language}, texts", lambda tokens, h=head, l=labels: workbook(_forms(tokens, h, l, True)), *own)

        def saved(tokens, h=head, l=labels):
            rows = _forms(tokens, h, l)
            return _csv([[f"{cell:%d.%m.%Y %H:%M:%S}" if isinstance(cell, datetime.datetime) else "" if cell is None else cell for cell in row] for row in rows] + [[""] * 10] * 3, ";")
        _check(f"microsoft {language}, saved as CSV", saved, *own)


def workbooks_of_every_writer():
    own = ("--platform", "microsoft", "--column", "nps=Jak bardzo prawdopodobne jest…", "--column", "csat=Zadowolenie", "--column", "comment=Uwagi")
    make = lambda tokens: _forms(tokens, FORMS["en"], SATISFIED["en"])
    other = [["Summary"], ["nothing", "to", "see"]]
    for strings in ("shared", "inline", "rich", "str"):
        for prefix in ("", "x"):
            for references in (True, False):
                _check(f"{strings} {prefix} {references}", lambda tokens, s=strings, p=prefix, r=references: workbook(make(tokens), Sheet(s, p, r)), *own)
    _check("days since 1904", lambda tokens: workbook(make(tokens), Sheet(since_1904=True)), *own)
    _check("behind a hidden sheet", lambda tokens: workbook(make(tokens), others=[other, other], absolute=True), *own)
    _check("empty rows left out", lambda tokens: workbook([make(tokens)[0], [None] * 9, *make(tokens)[1:], [None, None]], gaps=(2, 3, 5, 9)), *own)
    _check("stored", lambda tokens: workbook(make(tokens), method=zipfile.ZIP_STORED), *own)
    _check("streamed, sizes behind the data", lambda tokens: workbook(make(tokens), streamed=True), *own)
    _check("64 bits", lambda tokens: zip64(workbook(make(tokens))), *own)
    _check("a comment behind the archive", lambda tokens: _commented(workbook(make(tokens))), *own)
    _check("escaped characters", lambda tokens: workbook([[cell.replace("\n", "_x000D_\n") if isinstance(cell, str) else cell for cell in row] for row in make(tokens)]), *own)


def _commented(data):
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as book:
        book.comment = b"PK\3\4 made by hand " * 40
    return out.getvalue()


def encodings_and_delimiters_of_spreadsheets():
    own = ("--column", "nps=Ile, tak szczerze?", "--column", "csat=Zadowolenie; ogółem", "--column", "comment=Uwagi")
    rows = lambda tokens: [["response_id", "Ile, tak szczerze?", "token", "submitted_at", "Zadowolenie; ogółem", "Uwagi"]] + [
        [f"r{number}", f"{nps},0", token, f"{utc:%Y-%m-%dT%H:%M:%SZ}", SATISFIED["pl"][csat - 1], comment] for number, (token, _, utc, nps, csat, comment) in enumerate(_with(tokens))]
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "cp1250"):
        for delimiter in ",;\t|":
            for end in ("\r\n", "\n") if delimiter == ";" else ("\r\n",):
                option = ["--encoding", encoding.replace("-be", "be").replace("-le", "le")] if encoding in ("cp1250", "utf-16-be", "utf-16-le") else []
                _check(f"{encoding} {delimiter!r} {end!r}", lambda tokens, e=encoding, d=delimiter, n=end: _csv(rows(tokens), d, end=n).encode(e), *own, *option)
    _check("unquoted commas under semicolons", lambda tokens: "\r\n".join(";".join(str(cell).replace("\n", " ").replace(";", "") for cell in row) for row in rows(tokens)),
           "--column", "nps=Ile, tak szczerze?", "--column", "csat=Zadowolenie ogółem", comments=False)
    _check("lone carriage returns", lambda tokens: _csv(rows(tokens)).replace("\r\n", "\r").replace("\n", " "), *own, comments=False)
    _check("sep=", lambda tokens: "sep=;\r\n" + _csv(rows(tokens), ";"), *own)
    _check("a code inside its link", lambda tokens: _csv([[cell if at != 2 or number == 0 else f"HTTPS://FB.EXAMPLE.COM/{cell}?x=1" for at, cell in enumerate(row)]
                                                          for number, row in enumerate(rows(tokens))]), *own)


def wrong_files_name_their_place_and_change_nothing():
    office = Office()
    head = ["response_id", "token", "submitted_at", "nps", "comment"]
    good = ["1", office.tokens[0], "2026-11-22T10:00:00Z", "9", "żółć"]
    page = f"<!DOCTYPE html>\n<html><head><title>{html.escape('Sign in')}</title></head><body>Please sign in, or else</body></html>"
    book = workbook([head, good])
    rows = [
        (page, "web page"), (page.replace("<!DOCTYPE html>\n", ""), "web page"), ("", "empty"), ("\r\n\r\n", "empty"), (b"\xef\xbb\xbf", "empty"),
        (_csv([head, good]).encode() + _csv([["2", "", "2026-11-22T10:00:00Z", "9", "żółć"]]).encode("cp1250"), "line 3, column 5"),
        (_csv([head, good, good + ["too", "many"]]), "line 3, column 6"), (_csv([head, good]) + "2,30C1", "line 3, column 2"),
        (_csv([head, [*good[:3], "9", 'a "quote" here']]).replace('""', '"'), "line 2, column 5"), (_csv([head, good]) + '3,"', "line 3, column 2: a quote"),
        (_csv([head, [*good[:3], "4,5", ""]], ";"), "line 2, column 4"), (_csv([head, [*good[:3], "9 or 10", ""]]), "line 2, column 4"),
        (_csv([head, [*good[:2], "22.13.2026", "9", ""]]), "line 2, column 3"), (_csv([head, [*good[:2], "2026-11-22 25:00", "9", ""]]), "line 2, column 3"),
        (_csv([head, [*good[:2], "1405/13/01", "9", ""]]), "line 2, column 3"), (_csv([head, [*good[:2], "03/04/2026 10:00", "9", ""]]), "--dates"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "line 1, column 1"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "picture"), (b"%PDF-1.7", "PDF"),
        (_zipped("answers.csv", _csv([head, good])), "unpack"), ('{"token": "x", "submitted_at": ', "line 1"), ('[{"token": "x"}]', "answer 1"),
        ('{"token": "x", "submitted_at": "2026-11-22T10:00:00Z", "nps": 11}', "line 1"), (_csv([head, good]).encode("utf-16-le"), "line 1"),
    ]
    rows += [(book[:length], ".xlsx") for length in range(4, len(book) - 1, 97)]
    same(office.take(_csv([head, good])).line["added"], 1, "a right file")
    before = office.stored()
    for data, words in rows:
        answer = office.take(data, "--strict")
        same(answer.exit, 65, f"{data[:80]!r}: {answer.text}")
        want(words in answer.text, f"{words!r} in {answer.text} of {data[:60]!r}")
    same(office.stored(), before, "answers after nothing but faults")
    line = office.take(_csv([head])).line
    same((line["rows"], line["added"]), (0, 0), "a header alone is no fault and no answer")


def _zipped(name, text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, text)
    return out.getvalue()


def dates_of_the_persian_calendar():
    _check("solar hijri", lambda tokens: _csv([["Timestamp", "Code", "nps", "csat", "comment"]] + [
        [text, token, str(nps).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")), SATISFIED["fa"][csat - 1], comment]
        for (token, _, _, nps, csat, comment), text in zip(_with(tokens), ("۱۴۰۵/۰۹/۰۱ ۱۱:۳۴:۰۵", "۱ آذر ۱۴۰۵، ساعت ۰۵:۳۴:۰۵ ب.ظ", "۱۴۰۵/۰۹/۱۴ ۱۲:۳۹:۰۹"))]),
           "--platform", "google", zone="Asia/Tehran")


def csv_is_read_as_pythons_own_writer_writes_it():
    """Random cells of quotes, delimiters, line ends and letters come back as they went in."""
    drawn = random.Random(8)
    for delimiter in ",;\t":
        office = Office()
        comments = ["".join(drawn.choice(["a", "ż", "\"", "\"\"", delimiter, "\n", "\r\n", " ", "'", "=", "گ", "😀"]) for _ in range(drawn.randrange(1, 30))).strip() for _ in range(60)]
        rows = [["response_id", "token", "submitted_at", "nps", "comment", "end"]] + [
            [f"r{number}", "", f"2026-11-22T10:{number:02}:00Z", number % 11, comment, "x"] for number, comment in enumerate(comments)]
        answer = office.take(_csv(rows, delimiter, drawn.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])))
        same(answer.exit, 0, answer.text)
        same([comment for _, _, _, comment, *_ in office.stored()], comments, f"comments by {delimiter!r}")


def zones_agree_with_pythons_own():
    drawn = random.Random(9)
    for name in ("Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Tehran", "Africa/Casablanca", "Asia/Kathmandu", "Antarctica/Troll"):
        zone, office, rows, wanted = zoneinfo.ZoneInfo(name), Office("UTC"), [["response_id", "token", "submitted_at"]], []
        for number in range(150):
            local = datetime.datetime(drawn.choice([1999, 2026, 2036, 2037, 2038, 2045, 2099]), 1, 1) + datetime.timedelta(minutes=15 * drawn.randrange(365 * 96))
            first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(datetime.timezone.utc) for fold in (0, 1))
            if first != second:
                continue                    # such hours are asked about, in survey_import.py
            rows.append([f"r{number}", "", f"{local:%Y-%m-%d %H:%M:%S}"])
            wanted.append(int(first.timestamp() * 1000))
        answer = office.take(_csv(rows), "--zone", name)
        same(answer.exit, 0, f"{name}: {answer.text}")
        same([ms for ms, *_ in office.stored()], sorted(wanted), name)


if __name__ == "__main__":
    run_tests(globals())

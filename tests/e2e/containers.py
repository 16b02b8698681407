"""What is said of containers holds together: no image is built here, but all that one is told is read, and run beside a real database."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, ROOT, SCRATCH, Answer, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position
from postgresql import CLEAN, PROGRAMS, USER, Postgres     # noqa: E402  pylint: disable=wrong-import-position

COMPOSE = os.path.join(ROOT, "udev/compose")
WRITTEN = {"Caddyfile"}                                         # by the administrator, as the manual says; and *.env


def _steps(name):
    """A Containerfile's instructions: word, and the rest with its continued lines."""
    with open(os.path.join(ROOT, "udev", name), encoding="utf-8") as file:
        text = re.sub(r"\\\n", " ", "".join(line for line in file if not line.startswith("#")))
    return [line.split(None, 1) for line in text.splitlines() if line.strip()]


def _services():
    with open(os.path.join(COMPOSE, "compose.yaml"), encoding="utf-8") as file:
        return yaml.safe_load(file)


def images_are_made_of_packages_that_are_made():
    with open(os.path.join(ROOT, "udev/debian/control"), encoding="utf-8") as file:
        packages = set(re.findall(r"^Package: (\S+)", file.read(), re.M))
    for name in ("Containerfile", "office.Containerfile"):
        steps = _steps(name)
        same((steps[0][0], {word for word, _ in steps} - {"FROM", "COPY", "RUN", "VOLUME", "USER", "ENTRYPOINT", "CMD"}), ("FROM", set()), name)
        copied = {part.split("_")[0] for word, rest in steps if word == "COPY" for part in rest.split()[:-1]}
        same(copied - packages, set(), f"{name}: packages that are copied")
        for word, rest in steps:
            if word == "RUN":
                same(set(re.findall(r"/tmp/([a-z0-9-]+)_\*\.deb", rest)), copied, f"{name}: packages that are installed")
                same(subprocess.run(["sh", "-n", "-c", rest], check=False).returncode, 0, f"{name}: {rest}")
            if word in ("ENTRYPOINT", "CMD"):
                want(all(isinstance(part, str) for part in json.loads(rest)), f"{name}: {rest}")
    words = [word for word, _ in _steps("office.Containerfile")]
    want(words.index("USER") > words.index("RUN"), "it runs as nobody in particular")


def what_services_name_is_there():
    told = _services()
    services = told["services"]
    for name, service in services.items():
        same(set(service.get("networks", [])) - set(told["networks"]), set(), f"{name}: networks")
        same(set(service.get("depends_on", [])) - set(services), set(), f"{name}: services")
        for volume in service.get("volumes", []):
            place = volume.split(":")[0]
            if place.startswith("./"):
                want(place[2:] in WRITTEN or os.path.exists(os.path.join(COMPOSE, place)), f"{name}: {place} is not there")
            else:
                want(place in told["volumes"], f"{name}: volume {place}")
        if "env_file" in service:
            want(re.fullmatch(r"\w+\.env", service["env_file"]), f"{name}: {service['env_file']}")
    want("ports" not in services["database"] and told["networks"]["inside"]["internal"], "the database is reached from inside alone")
    same([name for name, service in services.items() if "owner.env" in str(service)], ["tables"], "who knows the owner's password")
    with open(os.path.join(ROOT, "cli/manual/administer.md"), encoding="utf-8") as file:
        manual = file.read()
    for name in {service["env_file"] for service in services.values() if "env_file" in service} | WRITTEN:
        want(name in manual, f"the manual does not say what {name} is")


def the_database_and_each_command_do_what_the_services_say():
    services = _services()["services"]
    state = tempfile.mkdtemp(prefix="containers-", dir=SCRATCH)
    with Postgres() as database:
        database.ask("DROP ROLE kwit_office", "postgres")
        shutil.copy(os.path.join(COMPOSE, "roles.sh"), database.place)
        database.ask("CREATE ROLE kwit_owner LOGIN SUPERUSER", "postgres")
        database.ask("CREATE DATABASE kwit OWNER kwit_owner", "postgres")
        settings = {**CLEAN, "PATH": f"{PROGRAMS}:{CLEAN['PATH']}", "PGHOST": database.place, "OFFICE_PASSWORD": "it's \"one\" $word",
                    **services["database"]["environment"]}
        run = subprocess.run(["sh", os.path.join(database.place, "roles.sh")], env=settings, capture_output=True, text=True, check=False,
                             cwd=database.place, **USER)
        same(run.returncode, 0, f"roles.sh: {run.stderr}")
        with open(os.path.join(COMPOSE, "office.conf"), encoding="utf-8") as file:
            text = file.read()
        with open(f"{state}/kwit.conf", "w", encoding="utf-8") as file:
            file.write(text.replace("host=database", f"host={database.place}").replace("/run/kwit/", f"{state}/"))
        files = ["--config", f"{state}/kwit.conf", "--state", state]

        def kwit(*words):
            return Answer(subprocess.run([KWIT, *files, *words], capture_output=True, check=False))

        same(kwit("config", "check").exit, 0, kwit("config", "check").text)
        same(kwit(*[word.replace("host=database", f"host={database.place}") for word in services["tables"]["command"]]).exit, 0, "tables")
        same(kwit("office", "new", "--url", "https://fb.corner.example", "--controller", "Corner", "--controller-contact", "a@corner.example").exit,
             0, "keys")
        proxy = kwit("office", "proxy", "caddy").text
        for name in ("office", "staff"):
            want(f"unix/{state}/{name}.sock" in proxy, f"the proxy's way to {name}: {proxy}")
            words = [word.replace("/var/lib/kwit-staff", state) for word in services[name]["command"]]
            process = subprocess.Popen([KWIT, *files, *words, "--json"], stdout=subprocess.PIPE)
            line = process.stdout.readline()
            process.terminate()
            process.wait()
            want(line and "url" in json.loads(line), f"{name} serves: {line}")


if __name__ == "__main__":
    run_tests(globals())

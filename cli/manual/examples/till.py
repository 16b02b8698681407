"""till.py SALE.json - prints a receipt and acts on what became of it."""
import json
import subprocess
import sys


def print_receipt(sale):
    """The answer; called again with the same document when none came, for kwit may have been killed."""
    for _ in range(3):
        call = subprocess.run(["kwit", "print", "--json", "-"], input=json.dumps(sale).encode(), stdout=subprocess.PIPE)
        if call.stdout:
            return json.loads(call.stdout)
    raise RuntimeError(f"kwit gives no answer (exit {call.returncode})")


with open(sys.argv[1], "rb") as file:
    sale = json.loads(file.read().decode("utf-8"))
try:
    answer = print_receipt(sale)
except FileNotFoundError:
    sys.exit("kwit is not installed")
if answer["outcome"] in ("printed", "sent", "duplicate"):
    print("done:", answer["outcome"])
elif answer["outcome"] in ("queued", "interrupted"):
    print("the receipt prints by itself until", answer["expires_at"], "-", answer["message"])
elif answer["outcome"] == "unconfirmed":
    seen = input("Did the receipt come out? [y/n] ").lower().startswith("y")
    subprocess.run(["kwit", "resolve", sale["id"], "--seen" if seen else "--missing"], check=False)
else:
    print("kwit:", answer["message"])

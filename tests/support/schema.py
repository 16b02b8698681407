"""schema.py SCHEMA FILE... - a small validator of JSON Schema 2020-12: as much of it as the sale document's schema uses.

Prints the files that do not conform, each with the first reason; exit 1 when there is one.
"""
import json
import re
import sys


def no_duplicates(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key is given twice")
    return dict(pairs)


class Validator:
    TYPES = {"object": dict, "array": list, "string": str, "boolean": bool}

    def __init__(self, schema):
        self.root = schema

    def is_type(self, value, name):
        if name == "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        return isinstance(value, self.TYPES[name])

    def problem(self, value, schema, where):
        """The first thing wrong, or None."""
        if schema is True:
            return None
        if schema is False:
            return f"{where}: is not allowed"
        for keyword, rule in schema.items():
            check = getattr(self, "check_" + keyword.strip("$"), None)
            found = check(value, rule, schema, where) if check else None
            if found:
                return found
        return None

    def check_ref(self, value, rule, schema, where):
        target = self.root
        for part in rule.lstrip("#/").split("/"):
            target = target[part]
        return self.problem(value, target, where)

    def check_type(self, value, rule, schema, where):
        return None if self.is_type(value, rule) else f"{where}: is no {rule}"

    def check_const(self, value, rule, schema, where):
        return None if value == rule and type(value) is type(rule) else f"{where}: is not {rule!r}"

    def check_enum(self, value, rule, schema, where):
        return None if value in rule else f"{where}: is none of {rule}"

    def check_pattern(self, value, rule, schema, where):
        return f"{where}: does not look like {rule}" if isinstance(value, str) and not re.search(rule, value) else None

    def check_minLength(self, value, rule, schema, where):
        return f"{where}: is too short" if isinstance(value, str) and len(value) < rule else None

    def check_maxLength(self, value, rule, schema, where):
        return f"{where}: is too long" if isinstance(value, str) and len(value) > rule else None

    def check_minimum(self, value, rule, schema, where):
        return f"{where}: is below {rule}" if isinstance(value, int) and value < rule else None

    def check_maximum(self, value, rule, schema, where):
        return f"{where}: is above {rule}" if isinstance(value, int) and value > rule else None

    def check_minItems(self, value, rule, schema, where):
        return f"{where}: has too few" if isinstance(value, list) and len(value) < rule else None

    def check_maxItems(self, value, rule, schema, where):
        return f"{where}: has too many" if isinstance(value, list) and len(value) > rule else None

    def check_required(self, value, rule, schema, where):
        missing = [key for key in rule if isinstance(value, dict) and key not in value]
        return f"{where}/{missing[0]}: is missing" if missing else None

    def check_items(self, value, rule, schema, where):
        found = (self.problem(item, rule, f"{where}/{i}") for i, item in enumerate(value if isinstance(value, list) else []))
        return next(filter(None, found), None)

    def check_properties(self, value, rule, schema, where):
        if not isinstance(value, dict):
            return None
        found = (self.problem(value[key], rule[key], f"{where}/{key}") for key in value if key in rule)
        return next(filter(None, found), None)

    def check_additionalProperties(self, value, rule, schema, where):
        patterns = schema.get("patternProperties", {})
        unknown = [key for key in (value if isinstance(value, dict) else ())
                   if key not in schema.get("properties", {}) and not any(re.search(p, key) for p in patterns)]
        return f"{where}/{unknown[0]}: is not known" if unknown and rule is False else None

    def check_oneOf(self, value, rule, schema, where):
        fitting = sum(self.problem(value, one, where) is None for one in rule)
        return None if fitting == 1 else f"{where}: fits {fitting} of the shapes"

    def check_allOf(self, value, rule, schema, where):
        return next(filter(None, (self.problem(value, one, where) for one in rule)), None)

    def check_not(self, value, rule, schema, where):
        return None if self.problem(value, rule, where) else f"{where}: is what it may not be"

    def check_if(self, value, rule, schema, where):
        return None if self.problem(value, rule, where) else self.problem(value, schema.get("then", True), where)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        validator = Validator(json.load(file))
    bad = 0
    for path in sys.argv[2:]:
        try:
            with open(path, encoding="utf-8") as file:
                found = validator.problem(json.load(file, object_pairs_hook=no_duplicates), validator.root, "")
        except (ValueError, RecursionError) as error:
            found = str(error)
        if found:
            bad = 1
            print(f"{path}: {found}")
    return bad


sys.exit(main())

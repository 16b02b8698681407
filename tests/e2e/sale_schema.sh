#!/bin/bash
# sale_schema.sh - an outside reader of the JSON Schema takes and refuses the same fixtures as the parser.
cd "$(dirname "$0")/../.." || exit 1
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
schema=include/kwit/sale.schema.json
good=$(find tests/fixtures/sales -name '*.json' ! -name 'bad-*' | sort)
python3 tests/support/schema.py $schema $good || exit 1
# What only the parser can know: the list of currencies, their decimals, how deep a document may be.
for file in tests/fixtures/sales/bad-*.json; do
    case $file in *bad-currency.json | *bad-amount-decimals.json) continue ;; esac
    if python3 tests/support/schema.py $schema "$file" >/dev/null; then
        echo "$file conforms to the schema"
        exit 1
    fi
done

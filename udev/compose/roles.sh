#!/bin/sh
# roles.sh - at the database's first start: the image made the tables' owner, and here is the office, which makes none.
set -eu
psql -X -v ON_ERROR_STOP=1 -v word="$OFFICE_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'END'
CREATE ROLE kwit_office LOGIN PASSWORD :'word';
END

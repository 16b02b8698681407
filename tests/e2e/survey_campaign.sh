#!/bin/bash
# survey_campaign.sh - runs survey_campaign.py, which says what it proves.
exec python3 tests/e2e/survey_campaign.py

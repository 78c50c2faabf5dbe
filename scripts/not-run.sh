#!/bin/sh
# Runs a command that runs tests, and says at its end which of them were left out for want of a tool: of a test that
# leaves itself out, `cargo test` prints no more than of one that passes.
#
# usage: scripts/not-run.sh cargo test [ARGUMENT...]
#
# The exit code is the command's.
set -eu

LOGITLAB_NOT_RUN=$(mktemp)
export LOGITLAB_NOT_RUN
trap 'rm -f "$LOGITLAB_NOT_RUN"' EXIT

status=0
"$@" || status=$?

if [ -s "$LOGITLAB_NOT_RUN" ]; then
    echo "left out (make setup-all installs what Debian has of it):"
    sort -u "$LOGITLAB_NOT_RUN"
elif [ "$status" -eq 0 ]; then
    echo "every judge ran: nothing was left out for want of a tool"
fi
exit "$status"
